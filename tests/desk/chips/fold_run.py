"""Runs a program that was folded, for tests that compare it with what was written."""


def run(text: str, **there: object) -> dict:
    names = dict(there)
    exec(text, names)
    return names
