"""The hostile cases, as the tests read them."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FILE = Path(__file__).parents[1] / "hostile_cases.json"


@dataclass(frozen=True, slots=True)
class Case:
    """One hostile value, and the decision it must get."""

    id: str
    target: str
    expect: str
    expect_feature: str
    value: Any


def cases(target: str, *expect: str) -> list[Case]:
    """The cases of one target, with these decisions or with any."""
    listed = [_case(raw) for raw in json.loads(FILE.read_text(encoding="utf-8"))["cases"]]
    return [
        case for case in listed if case.target == target and case.expect in (expect or case.expect)
    ]


def case_id(case: Case) -> str:
    return case.id


def _case(raw: dict[str, Any]) -> Case:
    values = {"str": lambda value: value, "b64": base64.b64decode, "gen": eval}
    value = values[raw["kind"]](raw["value"])
    return Case(raw["id"], raw["target"], raw["expect"], raw.get("expect_feature", ""), value)
