"""What a chip runs after reset: `board` is the board file that was installed with the application."""

try:
    import fairamp_pack
except ImportError:
    pass  # the application lies in flash as it is: files, a ROMFS, or frozen
else:
    fairamp_pack.mount()

from fairamp_box.start import main


def board():
    import board

    return board.connect(), board.DEFAULTS


if __name__ == "__main__":
    main(*board())
