"""A pattern in the two engines that will run it: Pydantic's and Python's."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from petsage_builder.patterns.syntax import PatternError

if TYPE_CHECKING:
    from pydantic_core import SchemaValidator

# Pydantic's engine takes linear time; Python's backtracks, so it is asked about short texts only.
_PYTHON_READS: Final = 64


class Engines:
    """Both engines, where they agree; PatternError where one can't read the pattern."""

    def __init__(self, pattern: str) -> None:
        self._pydantic = _compiled(pattern)
        try:
            self._python = re.compile(pattern)
        except (re.error, RecursionError, OverflowError) as error:
            raise PatternError("is not read by Python; write it more plainly.") from error

    def match(self, text: str) -> bool:
        return self._in_pydantic(text) and self._in_python(text, unasked=True)

    def refuse(self, text: str) -> bool:
        return not self._in_pydantic(text) and not self._in_python(text, unasked=False)

    def _in_pydantic(self, text: str) -> bool:
        return self._pydantic.isinstance_python(text)

    def _in_python(self, text: str, *, unasked: bool) -> bool:
        return unasked if len(text) > _PYTHON_READS else self._python.search(text) is not None


def _compiled(pattern: str) -> SchemaValidator:
    from pydantic_core import SchemaError, SchemaValidator, core_schema

    try:
        return SchemaValidator(core_schema.str_schema(pattern=pattern))
    except SchemaError as error:
        message = "is too large for Pydantic; write smaller numbers of repetitions."
        raise PatternError(message) from error
