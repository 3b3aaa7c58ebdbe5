"""A sub-command of `fairamp`, run inside the test with the arguments of its command line."""

import argparse
from types import ModuleType


def fairamp(module: ModuleType, *arguments: object) -> int:
    parser = argparse.ArgumentParser()
    module.add_parser(parser.add_subparsers())
    args = parser.parse_args([str(argument) for argument in arguments])
    return args.run(args) or 0
