"""Registers for energy managers: on the serial line that no meter has, and over Modbus TCP."""

from fairamp.managers import load, server
from fairamp_box.features.registers.serial_server import SerialServer


def start(app):
    settings = app.settings
    line = app.line_for_managers(settings["ems.serial_baud"], settings["ems.serial_parity"])
    if line:
        registers = server(load(settings["ems.serial_map"]), app.box, settings, settings["ems.serial_unit"])
        app.start(SerialServer(registers, line).run, "serial")
    else:
        other = "; use Modbus TCP" if app.network else ""
        app.log("serial", "a meter is on the line called ems: no registers are served there" + other)
    if app.network:
        # Boards without a radio have nothing of this.
        from fairamp_box.features.registers.tcp_server import serve

        serve(app)
