"""Fragments are found where one regular expression of them all would find them."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from rca.diagnosis.fragments import Fragments
from rca.diagnosis.frames import data, generic_reason

NAMES = [name for group in data()["generic"] for name in group["names"]]
WORDS = st.sampled_from([re.sub(r"\W.*", "", name.lstrip("^")) for name in NAMES])
FUNCTIONS = st.lists(WORDS | st.text("_abdklrt0", max_size=4), max_size=4).map("".join)


@given(st.lists(st.sampled_from([*NAMES, "lock$", "a|b"]), max_size=9), FUNCTIONS)
def test_found_where_the_one_pattern_would_find_them(names: list[str], function: str) -> None:
    found = re.search("|".join(names) or r"(?!)", function)
    assert Fragments(names).find(function) == (found.start() if found else -1)
    assert Fragments(names).found(function) == bool(found)


def test_the_fragment_that_stands_first_in_a_name_gives_the_reason() -> None:
    assert generic_reason("list_add_memcpy") == generic_reason("list_add")
    assert generic_reason("memcpy_list_add") == generic_reason("memcpy")
    assert generic_reason("list_add") != generic_reason("memcpy")
