"""A running `fairamp run` for tests, with its endpoints once it is ready."""

import json
import re
import subprocess
import sys
import time
import urllib.request

FAIRAMP = [sys.executable, "-m", "fairamp_desk.cli"]


class TwinProcess:
    """`ports`: Modbus TCP port by map name; `http`: address of the page."""

    def __init__(self, *args, maps=("teltocharge",)):
        options = [part for name in maps for part in ("--modbus-tcp", f"{name}=127.0.0.1:0")]
        self.process = subprocess.Popen(
            [*FAIRAMP, "run", "--quiet", "--http", "127.0.0.1:0", *options, *args],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        self.lines = []
        self.ports = {}
        for line in self.process.stdout:
            self.lines.append(line.strip())
            if found := re.fullmatch(r"modbus-tcp (\w+) 127.0.0.1:(\d+)\n", line):
                self.ports[found[1]] = int(found[2])
            elif found := re.fullmatch(r"http (http://127.0.0.1:\d+)\n", line):
                self.http = found[1]
            elif line == "ready\n":
                return
        raise AssertionError(self.process.stderr.read())

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()

    def status(self):
        with urllib.request.urlopen(self.http + "/api/status") as answer:
            return json.load(answer)

    def wait(self, condition, seconds=20):
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, self.status()
            time.sleep(0.05)
