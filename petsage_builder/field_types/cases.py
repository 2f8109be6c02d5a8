"""Values that are wrong for many types."""

from __future__ import annotations

from petsage_builder.field_types.field import Case
from petsage_builder.python_code import Items
from petsage_builder.text import Text

NUMBER = Case("a_number", 1)
BOOLEAN = Case("a_boolean", wire=True)
LIST = Case("a_list", Items(()))
WORD = Case("a_word", Text("many"))
NUL = Case("a_nul", Text("a\0b"), in_query=False)
DIGITS = Case("a_number_as_text", Text("1"), in_query=False)
HUGE = Case("a_huge_number", 10**400)
