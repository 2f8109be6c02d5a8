"""Real calls to the staged app, made in a subprocess isolated as the verification's is."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from petsage_builder.draft import Draft
from petsage_builder.interrupts import temporary_folder
from petsage_builder.pipeline import written
from petsage_builder.spec import FeatureSpec
from petsage_builder.trees import Tree
from petsage_builder.verify.subprocess_run import RUNNER, environment, wrappers

CALLER = Path(__file__).with_name("caller.py")
TIME_LIMIT = 60.0  # seconds
# The app repeats an id that it is given, so that the answer is the same in every run.
HEADERS = {"X-Request-ID": "demo"}


@dataclass(frozen=True, slots=True)
class Call:
    """One call and its answer, or in `trouble` why there is none."""

    method: str
    url: str
    status: int = 0
    reason: str = ""
    media_type: str = ""
    body: str = ""
    trouble: str = ""


def demonstrate(draft: Draft, staged: Tree, features: Iterable[FeatureSpec]) -> tuple[Call, ...]:
    """A call to every plain route of the features, and one to a page that isn't there."""
    prefix = draft.plan.project.api_prefix.value
    routes = [(r.method, r.url) for spec in features for r in spec.routes if _is_plain(r.url)]
    calls = [*routes, ("GET", f"{prefix}/no_such_page")]
    with written(staged) as stage, temporary_folder("petsage-demo-") as scratch:
        answers, trouble = _ask(draft, stage, scratch, calls)
    if trouble:
        return tuple(Call(method, url, trouble=trouble) for method, url in calls)
    return tuple(
        Call(method, url, answer["status"], answer["reason"], answer["type"], answer["body"])
        for (method, url), answer in zip(calls, answers, strict=True)
    )


def _is_plain(url: str) -> bool:
    return "{" not in url


def _ask(
    draft: Draft, stage: Path, scratch: Path, calls: Sequence[tuple[str, str]]
) -> tuple[list[Mapping[str, Any]], str]:
    """The answers, or why there are none, from the strictest isolation that starts here."""
    trouble = ""
    for wrapper in wrappers(stage, scratch):
        job = {
            "stage": str(stage),
            "scratch": str(scratch),
            "package": draft.plan.project.package,
            "runner": str(RUNNER),
            "wrapped": bool(wrapper),
            "calls": [{"method": m, "url": url, "headers": HEADERS} for m, url in calls],
        }
        try:
            done = subprocess.run(
                [*wrapper, draft.python, "-I", "-B", str(CALLER)],
                input=json.dumps(job),
                cwd=stage,
                env=environment(scratch),
                capture_output=True,
                encoding="utf-8",
                errors="replace",
                timeout=TIME_LIMIT,
                check=False,
                start_new_session=True,
            )
        except subprocess.TimeoutExpired:
            return [], f"the app did not answer within {TIME_LIMIT:.0f} s"
        except OSError as error:
            return [], f"{draft.python}: {error.strerror}"
        if done.returncode == 0:
            return json.loads(done.stdout), ""
        trouble = (done.stderr.strip().splitlines() or ["the app's process ended early"])[-1]
    return [], trouble
