"""What a chip runs after reset: `board` is the board file that was installed with the application."""

from board import connect

from fairamp_box.start import main

if __name__ == "__main__":
    main(connect())
