"""The commands and their options, each of which works."""

from __future__ import annotations

import argparse
import re
from collections.abc import Sequence

from petsage_builder import __version__
from petsage_builder.names import did_you_mean
from petsage_builder.shards import MOST, Shard

DESCRIPTION = """\
Turns JSON requests into FastAPI features that have been proven to work.

  petsage-builder REQUEST...     build: files, folders of *.json, or - for standard input
  petsage-builder COMMAND        one of the commands below (a request file named like a
                                 command is ./build)
"""
COMMANDS = {
    "build": "build REQUEST..., or everything in the workspace's requests/ again",
    "check": "render everything again, compare, run the tests; writes nothing",
    "status": "the features, and what a build would change",
    "explain": "which template line and which key of a request made PATH:LINE",
    "accept": "these hand edits are right: they are no difference any more",
    "undo": "back to what stood before the last build",
    "remove": "take a feature out: its files, its request, its tables",
    "init": "make a new workspace",
    "serve": "run the generated app with uvicorn",
    "schema": "print the request's JSON Schema, for editors",
    "notebook": "run the builder notebook on a request, and keep the executed record",
    "record": "did this executed notebook really complete?",
}
CHANGES = ("build", "remove", "accept", "undo")
TOP_LEVEL = ("-h", "--help", "--version")
WITH_A_VALUE = (
    *("--workspace", "--report", "--restore", "--accept", "--shard"),
    *("--host", "--port", "--mode", "--output"),
)


def parse(argv: Sequence[str]) -> argparse.Namespace:
    """The arguments; words that start with no command are requests to build."""
    words = _command_first(argv)
    if words and words[0] not in (*COMMANDS, *TOP_LEVEL):
        words.insert(0, "build")
    return parser().parse_args(words)


def command_meant(word: str) -> str:
    """What to say of a request that is no file, if its name is (nearly) a command's."""
    if word in COMMANDS:
        return f"Put the command first: petsage-builder {word} ..."
    return did_you_mean(word, COMMANDS) if word.isalpha() else ""


def _command_first(argv: Sequence[str]) -> list[str]:
    """`--report json check` in the order of `check --report json`."""
    at = 0
    while at < len(argv) and argv[at].startswith("--"):
        at += 2 if argv[at] in WITH_A_VALUE else 1
    command = [word for word in argv[at : at + 1] if word in COMMANDS]
    return [*command, *argv[:at], *argv[at + len(command) :]]


def parser() -> argparse.ArgumentParser:
    """The whole command line."""
    top = argparse.ArgumentParser(
        prog="petsage-builder",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    top.add_argument("--version", action="version", version=f"petsage-builder {__version__}")
    commands = top.add_subparsers(dest="command", metavar="COMMAND", required=True)
    add = {name: commands.add_parser(name, help=text) for name, text in COMMANDS.items()}
    for name in (*CHANGES, "check", "status", "explain", "serve", "notebook"):
        workspace = "default: the nearest folder upward with a blueprint.toml, else ./generated"
        add[name].add_argument("--workspace", metavar="DIR", help=workspace)
    for name in (*CHANGES, "check", "status", "init"):
        add[name].add_argument("--report", choices=("text", "markdown", "json"), default="text")
        add[name].add_argument("--quiet", action="store_true", help="print only what is wrong")
    for name in ("build", "check", "remove", "accept", "init"):
        keep = "keep the verified copy of the project, and say where"
        add[name].add_argument("--keep-stage", action="store_true", help=keep)
    for name in ("build", "remove"):
        _change(add[name])
    _build(add["build"])
    _remove(add["remove"])
    _check(add["check"])
    _explain(add["explain"])
    _serve(add["serve"])
    _notebook(add["notebook"])
    _init(add["init"])
    add["accept"].add_argument("accept", nargs="+", metavar="PATH")
    add["record"].add_argument("--verify", required=True, metavar="FILE")
    return top


def _change(command: argparse.ArgumentParser) -> None:
    dry_run = "show what would change, with diffs; verify nothing, write nothing"
    destructive = "drop columns and tables that requests no longer have, with what is in them"
    command.add_argument("--dry-run", action="store_true", help=dry_run)
    command.add_argument("--allow-destructive", action="store_true", help=destructive)


def _remove(command: argparse.ArgumentParser) -> None:
    force = "with the files of the feature, and its request, that were edited by hand"
    command.add_argument("feature", metavar="FEATURE")
    command.add_argument("--force", action="store_true", help=force)


def _build(command: argparse.ArgumentParser) -> None:
    restore = "bring back a file that was deleted (may be given more than once)"
    command.add_argument("requests", nargs="*", metavar="REQUEST")
    command.add_argument("--restore", action="append", default=[], metavar="PATH", help=restore)
    accept = "this file is right as it is on disk, whatever is rendered (may be given again)"
    command.add_argument("--accept", action="append", default=[], metavar="PATH", help=accept)
    markers = "put git's markers into the files that have conflicts, and nothing else"
    command.add_argument("--write-conflicts", action="store_true", help=markers)


def _check(command: argparse.ArgumentParser) -> None:
    tests = command.add_mutually_exclusive_group()
    tests.add_argument("--files-only", action="store_true", help="leave the tests out")
    share = "run the tests of some features only: of N such checks, the I-th"
    tests.add_argument("--shard", type=_shard, metavar="I/N", help=share)
    command.add_argument("--strict", action="store_true", help="refuse hand edits too")


def _shard(word: str) -> Shard:
    found = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", word)
    number, count = map(int, found.groups()) if found else (0, 0)
    if not 0 < number <= count <= MOST:
        message = f"{word!r} is no shard: write I/N, from 1/N to N/N, N at most {MOST}"
        raise argparse.ArgumentTypeError(message)
    return Shard(number, count)


def _init(command: argparse.ArgumentParser) -> None:
    folder = command.add_mutually_exclusive_group()
    folder.add_argument("workspace", nargs="?", default=argparse.SUPPRESS, metavar="DIR")
    folder.add_argument("--workspace", default=".", metavar="DIR", help="the same, as an option")
    workflow = "write a workflow, too, by which GitHub checks it"
    command.add_argument("--ci", action="store_true", help=workflow)


def _explain(command: argparse.ArgumentParser) -> None:
    place = "a generated file and one of its lines (from 1 on), or the file alone"
    command.add_argument("place", metavar="PATH:LINE", help=place)
    command.add_argument("--report", choices=("text", "json"), default="text")
    command.set_defaults(quiet=False)


def _serve(command: argparse.ArgumentParser) -> None:
    command.add_argument("--host", default="127.0.0.1")
    command.add_argument("--port", default=8000, type=_port)
    command.add_argument("--reload", action="store_true", help="start again when code changes")


def _port(word: str) -> int:
    if not word.isdecimal() or not 0 < int(word) < 1 << 16:
        raise argparse.ArgumentTypeError(f"{word!r} is no port: a port is 1 to 65535")
    return int(word)


def _notebook(command: argparse.ArgumentParser) -> None:
    command.add_argument("request", metavar="REQUEST")
    command.add_argument("--mode", choices=("plan", "build", "check"), default="build")
    output = "the executed record (default: <request's name>.record.ipynb)"
    command.add_argument("--output", metavar="FILE", help=output)
    page = "a page of the record beside it, in one file that needs no other"
    command.add_argument("--html", action="store_true", help=page)
