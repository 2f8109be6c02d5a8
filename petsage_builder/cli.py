"""The command line: arguments in, report printed, exit code out; nothing else."""

from __future__ import annotations

import contextlib
import gc
import os
import posixpath
import signal
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Never

from petsage_builder.arguments import command_meant, parse
from petsage_builder.errors import BuilderError, Problem, RequestError, WriteError

if TYPE_CHECKING:
    from argparse import Namespace

    from petsage_builder.checks import Observer
    from petsage_builder.pipeline import Options
    from petsage_builder.report import BuildReport

ENDS = (signal.SIGTERM, signal.SIGHUP)


class Ended(KeyboardInterrupt):
    """A signal that ends a command, which cleans up as after Ctrl-C."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command; gives back its exit code."""
    arguments = parse(sys.argv[1:] if argv is None else argv)
    try:
        with contextlib.ExitStack() as arguments.ending:
            return COMMANDS[arguments.command](arguments)
    except BuilderError as error:
        return _show_failure(error, arguments)
    except BrokenPipeError:
        raise
    except OSError as error:
        where = str(error.filename or "this machine")
        return _show_failure(WriteError(Problem(where, f"{error.strerror}.")), arguments)
    except KeyboardInterrupt as end:
        print("Interrupted: nothing was changed.", file=sys.stderr)
        return 128 + (end.number if isinstance(end, Ended) else signal.SIGINT)


def run() -> None:
    """The console script: `main`, on streams that can print anything and may be closed early."""
    gc.disable()  # a command is short: looking for garbage costs it a tenth of its time
    _open_closed_streams()
    _clean_up_when_ended()
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]
    try:
        code = main()
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has left
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        code = 1
    sys.exit(code)


def _open_closed_streams() -> None:
    """A stream that our caller closed is an empty one; no file of ours may get its number."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, open(os.devnull, mode, encoding="utf-8"))  # noqa: SIM115 (it stays open)


def _clean_up_when_ended() -> None:
    """Signals that end a command raise; those that our caller has us ignore (nohup) do not."""
    for number in ENDS:
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(number: int, _: object) -> Never:
    for each in ENDS:  # `timeout` sends it twice: the second may not stop the cleaning up
        signal.signal(each, signal.SIG_IGN)
    raise Ended(number)


def _build(arguments: Namespace) -> int:
    from petsage_builder import pipeline

    with _progress(arguments) as observe:
        options = _options(arguments, observe)
        work = pipeline.rehearse if arguments.dry_run else pipeline.build
        report = work(arguments.requests, options)
    return _show(report, arguments)


def _accept(arguments: Namespace) -> int:
    arguments.requests, arguments.dry_run = [], False
    return _build(arguments)


def _undo(arguments: Namespace) -> int:
    from petsage_builder import pipeline

    return _show(pipeline.undo(_options(arguments)), arguments)


def _remove(arguments: Namespace) -> int:
    from petsage_builder import pipeline
    from petsage_builder.recorded_requests import Removal

    with _progress(arguments) as observe:
        removal = Removal(arguments.feature, force=arguments.force)
        options = replace(_options(arguments, observe), removal=removal)
        report = pipeline.rehearse([], options) if arguments.dry_run else pipeline.remove(options)
    return _show(report, arguments)


def _init(arguments: Namespace) -> int:
    from petsage_builder import pipeline

    with _progress(arguments) as observe:
        report = pipeline.init(_options(arguments, observe), ci=arguments.ci)
    return _show(report, arguments)


def _check(arguments: Namespace) -> int:
    from petsage_builder import pipeline

    with _progress(arguments) as observe:
        options = _options(arguments, observe)
        report = pipeline.check(options, files_only=arguments.files_only, strict=arguments.strict)
    return _show(report, arguments)


def _status(arguments: Namespace) -> int:
    from petsage_builder import pipeline

    return _show(pipeline.status(_options(arguments)), arguments)


def _explain(arguments: Namespace) -> int:
    from petsage_builder import pipeline

    explanation = pipeline.explain(arguments.place, _options(arguments))
    sys.stdout.write(getattr(explanation, arguments.report)())
    return 0


def _serve(arguments: Namespace) -> int:
    from petsage_builder.serve import migrate, served, server_command

    app = served(_root(arguments))
    migrate(app, lambda line: print(line, file=sys.stderr, flush=True))
    command = server_command(app, arguments.host, arguments.port)
    reload = ["--reload"] if arguments.reload else []
    os.chdir(app.root)  # a path in the app's settings means the same to both commands
    os.execv(command[0], [*command, *reload])  # noqa: S606 (uvicorn takes over this process and its signals)


def _schema(_: Namespace) -> int:
    import json

    from petsage_builder.kinds import request_schema

    print(json.dumps(request_schema(), indent=2))
    return 0


def _notebook(arguments: Namespace) -> int:
    from petsage_builder.notebook.record import execute

    told = (arguments.request, _root(arguments), arguments.mode, arguments.output)
    record = execute(*told, html=arguments.html)
    print(record.text(), file=sys.stderr if record.exit_code else sys.stdout)
    return record.exit_code


def _record(arguments: Namespace) -> int:
    from petsage_builder.notebook.record import verify_record

    verified = verify_record(Path(arguments.verify))
    if verified.problems:
        print("NOT COMPLETE:", *verified.problems, sep="\n  ", file=sys.stderr)
        return 1
    print(f"{arguments.verify}: every cell ran, none failed. {verified.banner}")
    return 0


COMMANDS: Mapping[str, Callable[[Namespace], int]] = {
    "accept": _accept,
    "build": _build,
    "check": _check,
    "explain": _explain,
    "init": _init,
    "notebook": _notebook,
    "record": _record,
    "remove": _remove,
    "schema": _schema,
    "serve": _serve,
    "status": _status,
    "undo": _undo,
}


def _root(arguments: Namespace) -> Path:
    from petsage_builder.workspace import find_workspace

    return find_workspace(arguments.workspace, Path.cwd())


def _options(arguments: Namespace, observe: Observer = lambda _: None) -> Options:
    from petsage_builder.merge import Wishes
    from petsage_builder.pipeline import Options

    return Options(
        root=_root(arguments),
        wishes=Wishes(_paths(arguments, "restore"), _paths(arguments, "accept")),
        write_conflicts=getattr(arguments, "write_conflicts", False),
        allow_destructive=getattr(arguments, "allow_destructive", False),
        keep_stage=getattr(arguments, "keep_stage", False),
        shard=getattr(arguments, "shard", None),
        observe=observe,
        ending=arguments.ending,
    )


def _paths(arguments: Namespace, name: str) -> tuple[str, ...]:
    return tuple(posixpath.normpath(path) for path in getattr(arguments, name, ()))


@contextlib.contextmanager
def _progress(arguments: Namespace) -> Iterator[Observer]:
    """Counts the tests on a terminal as they end; says nothing anywhere else."""
    if arguments.quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console

    done = 0
    with Console(stderr=True).status("building") as line:

        def observe(_: object) -> None:
            nonlocal done
            done += 1
            line.update(f"verifying: {done} tests")

        yield observe


def _show_failure(error: BuilderError, arguments: Namespace) -> int:
    from petsage_builder.report import failure

    if isinstance(error, RequestError):
        error = RequestError(*(_explained(problem, arguments) for problem in error.problems))
    report = failure(error, arguments.command)
    if getattr(arguments, "report", "text") == "text":
        sys.stderr.write(report.text())
        return report.exit_code
    return _show(report, arguments)


def _explained(problem: Problem, arguments: Namespace) -> Problem:
    """A request that is no file may have been meant as a command."""
    word = problem.where
    if problem.hint or word not in getattr(arguments, "requests", ()) or os.path.lexists(word):
        return problem
    return replace(problem, hint=command_meant(word))


def _show(report: BuildReport, arguments: Namespace) -> int:
    if arguments.quiet and report.ok and arguments.report == "text":
        return 0
    if arguments.report == "text" and sys.stdout.isatty():
        _show_in_colour(report)
    else:
        sys.stdout.write(getattr(report, arguments.report)())
    return report.exit_code


def _show_in_colour(report: BuildReport) -> None:
    from rich.console import Console
    from rich.text import Text

    from petsage_builder.report_text import text_lines

    console = Console(highlight=False, soft_wrap=True)
    for line, style in text_lines(report):
        console.print(Text(line, style))
