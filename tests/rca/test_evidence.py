"""Citations that stand in a text."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from rca.evidence import Citation, named


def test_citations_are_found_where_people_write_them() -> None:
    assert named("- f at ff [m] [bt:9]") == (Citation("bt", 9, ""),)
    assert [str(one) for one in named("see [log:7 bt-a-2:12] and [sym-x.1:3].")] == [
        "log:7",
        "bt-a-2:12",
        "sym-x.1:3",
    ]


def test_what_only_looks_like_one_is_none() -> None:
    assert named("[drbd_w_r0:105 blocked] [m] [bt:0] [ff:] bt:9 [0000:00:1f.2] [12:30]") == ()


@given(st.text(alphabet="[]bt:9 \n-x"))
def test_any_text_names_lines_that_can_exist(text: str) -> None:
    assert all(one.evidence and one.line > 0 for one in named(text))
