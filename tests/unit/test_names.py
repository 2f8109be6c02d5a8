"""Tests for identifiers and the names that are taken."""

from __future__ import annotations

import builtins
import copy
import keyword
import pickle
import subprocess
import sys
from enum import StrEnum
from itertools import product
from pathlib import Path

import pytest
from hostile import Case, case_id, cases
from hypothesis import given, settings
from hypothesis import strategies as st

from petsage_builder.names import (
    MAX_CHARS,
    Ident,
    did_you_mean,
    feature_problem,
    natural_key,
    package_problem,
    words_title,
)

RUFF = Path(sys.executable).with_name("ruff")
PACKAGE = "petsage_api"
TAKEN = [
    *keyword.kwlist,
    *("con", "prn", "aux", "nul", "com0", "com9", "lpt0", "lpt9"),
    *("site", "sitecustomize", "usercustomize"),
    *("app", "main", "core", "features", "test", "tests", "conftest"),
    *("models", "services", "router", "tables"),
    "petsage_builder",
    PACKAGE,
]


def feature(name: str) -> str:
    """Whether the name is accepted as a feature's, in the words of the cases."""
    try:
        problem = feature_problem(Ident(name), package=PACKAGE)
    except ValueError:
        return "reject"
    return "reject" if problem else "embed"


@pytest.mark.parametrize("case", cases("name"), ids=case_id)
def test_feature_names_get_their_decision(case: Case) -> None:
    assert feature(case.value) == case.expect_feature


@pytest.mark.parametrize("case", cases("name", "embed"), ids=case_id)
def test_names_that_are_kept_are_identifiers(case: Case) -> None:
    assert Ident(case.value) == case.value


@pytest.mark.parametrize("case", cases("names", "reject"), ids=case_id)
def test_names_that_differ_in_case_or_underscores_are_never_two_identifiers(case: Case) -> None:
    with pytest.raises(ValueError, match="is no name"):
        [Ident(name) for name in case.value]


@pytest.mark.parametrize("name", ["a", "a1", "a_1", "pet_owner2", "x" * 48, "a1b_2c"])
def test_a_sound_name_is_an_identifier(name: str) -> None:
    ident = Ident(name)
    assert ident == name
    assert f"{ident}_x" == f"{name}_x"
    assert ident.isidentifier()


@pytest.mark.parametrize(
    "name",
    [
        "",
        "A",
        "1a",
        "_a",
        "a_",
        "a__b",
        "a-b",
        "a\n",
        "\na",
        "a\0",
        "\uff41",
        "\u0430",
        "a٣",
        "x" * 49,
        "a b",
    ],
)
def test_a_malformed_name_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"is no name|at most 48") as caught:
        Ident(name)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("PetOwner", "Did you mean 'pet_owner'?"),
        ("pet-owner", "Did you mean 'pet_owner'?"),
        ("_private", "Did you mean 'private'?"),
        ("PET", "Did you mean 'pet'?"),
        ("café", "An example is 'pet_owner'."),
        ("", "An example is 'pet_owner'."),
        ("123", "An example is 'pet_owner'."),
    ],
)
def test_a_malformed_name_gets_a_name_that_works(name: str, hint: str) -> None:
    with pytest.raises(ValueError, match="is no name") as caught:
        Ident(name)
    assert hint in str(caught.value)


def test_a_part_of_an_identifier_is_a_plain_string() -> None:
    assert type(Ident("pets")[1:]) is str
    assert type(Ident("pets") + "_") is str


def test_a_copied_identifier_is_still_one() -> None:
    ident = Ident("pets")
    assert type(pickle.loads(pickle.dumps(ident))) is Ident  # noqa: S301 (our own bytes)
    assert type(copy.deepcopy(ident)) is Ident


@pytest.mark.parametrize("name", TAKEN)
def test_a_taken_name_is_refused_with_one_that_works(name: str) -> None:
    problem = feature_problem(name, package=PACKAGE)
    assert problem is not None
    assert problem.startswith(f"'{name}' is ")
    if keyword.iskeyword(name) and not name.islower():
        return  # True, False, None: no identifiers anyway
    assert feature(problem.rpartition("Try '")[2].removesuffix("'.")) == "embed"


@pytest.mark.parametrize(
    "package", ["app_feature", "x" * 48, "x" * 40 + "_feature", "a" * 39 + "_b"]
)
def test_the_offered_name_is_free_whatever_the_package(package: str) -> None:
    for name in ("app", package):
        problem = feature_problem(name, package=package)
        assert problem is not None
        offered = Ident(problem.rpartition("Try '")[2].removesuffix("'."))
        assert feature_problem(offered, package=package) is None


def test_soft_keywords_builtins_and_modules_are_fine() -> None:
    lower = [name for name in dir(builtins) if name.islower() and not name.startswith("_")]
    names = [*lower, "match", "case", "type", "json", "typing", "asyncio", "status", "pets"]
    assert [name for name in names if feature_problem(name, package=PACKAGE)] == []


def test_a_keyword_is_no_package_name() -> None:
    assert (
        package_problem("async") == "'async' is a Python keyword, so no package can have that name."
    )
    assert package_problem("match") is None


def test_a_title_has_a_capital_for_each_word() -> None:
    assert words_title("smoke_test") == "Smoke Test"
    assert words_title("api2_status") == "Api2 Status"


def test_a_near_miss_gets_a_question_and_a_far_one_none() -> None:
    options = ["feature", "description", "requirements"]
    assert did_you_mean("featrue", options) == "Did you mean 'feature'?"
    assert did_you_mean("Feature", options) == "Did you mean 'feature'?"
    assert did_you_mean("biuld", StrEnum("Mode", ["build"])) == "Did you mean 'build'?"
    assert did_you_mean("zzz", options) == ""
    assert did_you_mean("feature" * 100_000, options) == ""


def sorted_by_ruff(names: list[str]) -> list[str]:
    """The names as `ruff check --select I` orders imports of their modules."""
    lines = "".join(
        f"from petsage_api.features.{name}.router import router as r_{i}\n"
        for i, name in enumerate(names)
    )
    command = [str(RUFF), "check", "--isolated", "--select", "I", "--fix", "--quiet", "-"]
    done = subprocess.run(command, input=lines, capture_output=True, text=True, check=True)
    return [line.split(".")[2] for line in done.stdout.splitlines()]


def test_every_short_name_sorts_as_ruff_sorts_imports() -> None:
    parts = ("a", "b", "0", "1", "2", "10", "01", "001", "_")
    made = {"a" + "".join(rest) for n in range(4) for rest in product(parts, repeat=n)}
    names = sorted(name for name in made if name == name.strip("_") and "__" not in name)
    assert sorted(names, key=natural_key) == sorted_by_ruff(names)


@settings(derandomize=True, max_examples=25, deadline=None)
@given(
    st.lists(
        st.from_regex(r"[a-c][a-c0-3]{0,4}(_[a-c0-3]{1,3}){0,2}", fullmatch=True),
        min_size=2,
        max_size=60,
        unique=True,
    )
)
def test_any_names_sort_as_ruff_sorts_imports(names: list[str]) -> None:
    assert sorted(names, key=natural_key) == sorted_by_ruff(names)


def test_the_longest_name_is_the_documented_one() -> None:
    assert MAX_CHARS == 48
