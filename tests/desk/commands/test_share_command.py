"""`fairamp share`: problems in, answers out, one line each."""

import io
import json
import subprocess
import sys

import pytest

from fairamp_desk import cli, share_problem
from fairamp_desk.commands import share
from tests.desk.twin.twin_process import FAIRAMP

TWO = '{"budget": [20, 16, 16], "sockets": [{"id": 1}, {"id": 2, "mapping": [0]}]}'
TWO_ANSWER = {"offers": {"1": 10, "2": 10}, "load": [20, 10, 10], "waiting": []}


@pytest.fixture
def ask(monkeypatch, capsys):
    """Runs `fairamp share` in this process with this input: exit code and answers."""

    def run(content, *args):
        raw = content if isinstance(content, bytes) else content.encode()
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(raw)))
        code = cli.main(["share", *args])
        return code, [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    return run


def one(**keys):
    return json.dumps(keys)


def socket(**keys):
    return json.dumps({"sockets": [keys]})


def test_missing_keys_take_the_values_of_the_contract(ask):
    assert ask("{}\n") == (0, [{"offers": {"0": 20}, "load": [20, 20, 20], "waiting": []}])


@pytest.mark.parametrize("way", ["nothing", "-", "file"])
def test_where_problems_come_from(ask, tmp_path, way):
    file = tmp_path / "problems"
    file.write_text(TWO)
    args = {"nothing": [], "-": ["-"], "file": [str(file)]}[way]
    assert ask("{}" if way == "file" else TWO, *args) == (0, [TWO_ANSWER])


def test_answers_come_in_order_and_blank_lines_are_skipped(ask):
    code, answers = ask(f"\n{TWO}\r\n  \nnonsense\n\ufeff{{}}\n{TWO}")
    assert code == 2
    assert [next(iter(answer)) for answer in answers] == ["offers", "error", "offers", "offers"]
    assert answers[1]["error"].startswith("line 4: not JSON")
    assert answers[3] == TWO_ANSWER


def test_amps_are_as_people_write_them(ask, capsys):
    assert share.answer(one(step=0.1, budget=[36.9, 37, 38], sockets=[{"id": id} for id in range(3)]).encode()) == {
        "offers": {"0": 12.3, "1": 12.3, "2": 12.3},
        "load": [36.9, 36.9, 36.9],
        "waiting": [],
    }
    out = subprocess.run([*FAIRAMP, "share"], input=b"{}", capture_output=True, check=True).stdout
    assert out == b'{"offers": {"0": 20}, "load": [20, 20, 20], "waiting": []}\n'
    # Sums of decimals are a hair off; a budget is never rounded up by more than that.
    for budget, offer in ((0.1 * 3 + 11.7, 12), (19.999999999999996, 20), (19.9996, 19), (12.04, 12)):
        assert share.answer(one(budget=[budget] * 3).encode())["offers"]["0"] == offer


def test_every_key_counts():
    def offers(**keys):
        return share.answer(one(**keys).encode())["offers"]

    pair = [{"id": 1, "arrived": 2}, {"id": 2, "arrived": 1}]
    assert offers(sockets=pair) == {"1": 10, "2": 10}
    assert offers(sockets=pair, mode="fifo") == {"1": 6, "2": 14}
    assert offers(sockets=pair, mode="combined", budget=[30] * 3) == {"1": 7, "2": 23}
    assert offers(sockets=pair, mode="combined", budget=[30] * 3, fifo_percent=20) == {"1": 12, "2": 18}
    assert offers(sockets=pair, step=0.5, budget=[21] * 3) == {"1": 10.5, "2": 10.5}
    assert offers(sockets=pair, budget=[21] * 3, turn=1) == {"1": 10, "2": 11}
    assert offers(sockets=pair, reserved=[0, 5, 0]) == {"1": 8, "2": 7}
    assert offers(sockets=pair, budget=[11] * 3) == {"1": 0, "2": 11}
    assert offers(sockets=[{**pair[0], "vip": True}, pair[1]], budget=[11] * 3) == {"1": 11, "2": 0}
    assert offers(sockets=[{"mapping": [1]}], imbalance=7) == {"0": 7}
    assert offers(sockets=[{"mapping": [1]}], imbalance=7, background=[2, 0, 2]) == {"0": 9}
    assert offers(sockets=[{"max": 16}]) == {"0": 16}
    assert offers(sockets=[{"demand": 9.9}]) == {"0": 9}
    assert offers(sockets=[{"demand": 0}]) == {"0": 0}
    assert offers(sockets=[{"demand": 0.0001}]) == {"0": 6}
    assert offers(sockets=[{"min": 21}]) == {"0": 0}
    assert offers(sockets=[]) == {}


def test_who_waits_is_told():
    problem = one(budget=[12] * 3, sockets=[{"id": id, "demand": 0 if id == 9 else None} for id in (30, 9, 2, 11, 100)])
    assert share.answer(problem.encode())["waiting"] == [2, 11]
    assert share.answer(one(budget=[-3, 20, 20]).encode()) == {"offers": {"0": 0}, "load": [0, 0, 0], "waiting": [0]}


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("{", "not JSON"),
        (b"\xff\xfe", "not JSON: not UTF-8"),
        ("[" * 100_000, "nested too deeply"),
        ("9" * 5000, "not usable"),
        ("[]", "problem: [] is not an object"),
        ("null", "problem: null is not an object"),
        (one(modes="fifo"), 'unknown key "modes"; known: mode, budget'),
        (one(mode="fair"), 'mode: "fair" is not one of equal, fifo, combined'),
        (one(mode=["fifo"]), 'mode: ["fifo"] is not one of'),
        ('{"turn": 1, "turn": 2}', 'key "turn" stands there twice'),
        (one(budget=[1, 2]), "budget: [1, 2] is not a list of 3 numbers"),
        (one(budget=20), "budget: 20 is not a list of 3 numbers"),
        (one(budget=[1, "2", 3]), 'budget[1]: "2" is not a number'),
        (one(budget=[1, 2, True]), "budget[2]: true is not a number"),
        ('{"budget": [NaN, 1, 1]}', "budget[0]: NaN is not from"),
        ('{"budget": [1, 1e999, 1]}', "budget[1]: Infinity is not from"),
        (one(budget=[1, 1, 10**30]), "budget[2]: 1000000000000000000000000000000 is not from"),
        (one(reserved=[0, -1, 0]), "reserved[1]: -1 is not from 0"),
        (one(background=None), "background: null is not a list"),
        (one(step=0), "step: 0 is not from 0.1"),
        (one(step=-1), "step: -1 is not from"),
        (one(step=0.3333), "step: 0.3333 A is not a whole number of mA"),
        (one(imbalance=-1), "imbalance: -1 is not from 0"),
        (one(fifo_percent=101), "fifo_percent: 101 is not from 0 to 100"),
        (one(fifo_percent=49.5), "fifo_percent: 49.5 is not a whole number"),
        (one(turn=-1), "turn: -1 is not from 0"),
        (one(turn=1.5), "turn: 1.5 is not a whole number"),
        (one(sockets={}), "sockets: {} is not a list"),
        (one(sockets=[{}, 5]), "sockets[1]: 5 is not an object"),
        (one(sockets=[{"id": 3}, {"id": 4}, {"id": 3}]), "sockets[2].id: 3 is there twice"),
        (one(sockets=[{"id": 1}, {"identity": 2}]), 'sockets[1]: unknown key "identity"; known: id, mapping'),
        (socket(id="a"), 'sockets[0].id: "a" is not a whole number'),
        (socket(id=True), "sockets[0].id: true is not a whole number"),
        (socket(mapping=[]), "sockets[0].mapping: [] is not a list of 1 to 3 phases"),
        (socket(mapping=0), "sockets[0].mapping: 0 is not a list"),
        (socket(mapping=[0, 3]), "sockets[0].mapping[1]: 3 is not from 0 to 2"),
        (socket(mapping=[-1]), "sockets[0].mapping[0]: -1 is not from 0 to 2"),
        (socket(mapping=[1, 1]), "sockets[0].mapping: [1, 1] has a phase twice"),
        (socket(mapping=[0, 1, 2, 0]), "sockets[0].mapping"),
        (socket(min=16.5, max=16), "sockets[0].min: 16.5 A is above max, 16 A"),
        (socket(min=0), "sockets[0].min: 0 is not from"),
        (socket(max=1e9), "sockets[0].max: 1000000000.0 is not from"),
        (socket(demand=-1), "sockets[0].demand: -1 is not from 0"),
        (socket(demand="all of it, and then some more than that, please"), 'sockets[0].demand: "all of it'),
        (socket(arrived="noon"), 'sockets[0].arrived: "noon" is not a number'),
        (socket(arrived=float("nan")), "sockets[0].arrived: NaN is not from"),
        (socket(vip=1), "sockets[0].vip: 1 is not true or false"),
    ],
)
def test_what_cannot_be_used_is_named(ask, line, text):
    raw = line if isinstance(line, bytes) else line.encode()
    code, answers = ask(raw + b"\n{}\n")
    assert code == 2
    assert len(answers) == 2 and list(answers[0]) == ["error"]
    assert answers[0]["error"].startswith("line 1: ") and text in answers[0]["error"]
    assert len(answers[0]["error"]) < 200
    assert answers[1]["offers"] == {"0": 20}


def test_lines_without_end_take_no_memory(ask, monkeypatch):
    monkeypatch.setattr(share, "LONGEST", 100)
    monkeypatch.setattr(share_problem, "LONGEST", 100)
    for length in (101, 102, 150, 201, 202, 203, 1000):
        code, answers = ask(" " + "x" * (length - 1) + "\n{}\n")
        assert code == 2
        assert [answer.get("error") for answer in answers] == ["line 1: longer than 100 bytes", None]
    assert ask("{" + " " * 97 + "}\n{}")[0] == 0


def test_two_thousand_sockets(ask):
    sockets = [{"id": id, "mapping": [id % 3], "arrived": -id, "vip": id % 7 == 0} for id in range(2000)]
    for mode in ("equal", "fifo", "combined"):
        code, [answer] = ask(one(mode=mode, budget=[5000] * 3, sockets=sockets, imbalance=3))
        assert code == 0 and answer["load"] == [5000, 5000, 5000]


def test_answers_are_there_before_the_next_problem_is_asked():
    with subprocess.Popen([*FAIRAMP, "share", "-"], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        for line in (TWO, "oops", TWO):
            process.stdin.write(line.encode() + b"\n")
            process.stdin.flush()
            answer = json.loads(process.stdout.readline())
            assert answer == TWO_ANSWER if line == TWO else "error" in answer
        process.stdin.close()
        assert process.wait(20) == 2


def test_a_reader_that_has_seen_enough_is_no_failure():
    lines = b"{}\n" * 20_000
    pipe = subprocess.PIPE
    with subprocess.Popen([*FAIRAMP, "share"], stdin=pipe, stdout=pipe, stderr=pipe) as process:
        process.stdout.close()
        try:
            process.stdin.write(lines)
            process.stdin.close()
        except BrokenPipeError:
            pass
        assert process.stderr.read() == b""
        assert process.wait(20) == 0


def test_a_file_that_is_not_there(capsys, tmp_path):
    assert cli.main(["share", str(tmp_path / "none.json")]) == 2
    assert "none.json: No such file or directory" in capsys.readouterr().err
    assert cli.main(["share", str(tmp_path)]) == 2
    assert "Is a directory" in capsys.readouterr().err


def test_the_example_of_the_help_is_right(ask):
    lines = share.EXAMPLE.splitlines()
    problem = next(line for line in lines if "echo" in line).split("'")[1]
    assert ask(problem) == (0, [json.loads(lines[-1])])
    shown = next(line for line in lines if '"vip"' in line)
    assert json.loads(shown) == share_problem.SOCKET
    start = next(index for index, line in enumerate(lines) if '"mode"' in line)
    whole = json.loads((lines[start] + lines[start + 1]).replace("[...]", json.dumps([share_problem.SOCKET])))
    assert whole == share_problem.PROBLEM
