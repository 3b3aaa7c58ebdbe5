"""`fairamp meter list`: all meters of the table."""

from fairamp import meters
from fairamp_desk.meters.table import entries
from tests.desk.commands.meter_command import fairamp


def test_the_list_has_all_meters():
    code, out, err = fairamp("list")
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert [line.split()[0] for line in lines[1:]] == list(meters.IDS)
    assert lines[0].split()[0] == "ID"
    (line,) = [line for line in lines if line.startswith("siemens_pac2200 ")]
    assert line.split("  ")[-1].strip() == "address 126, 19200 8N2; unit 1, port 502"
    assert all(entry.name and entry.phases and entry.reached for entry in entries())
