"""No text, however damaged, makes a parser of a node's answers raise."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from parsers.host import kubepods, kubernetes
from parsers.text import split_lines
from tests.parsers.test_every_parser import TEXTS

HOST = Path(__file__).parents[2] / "rca/steps/host"
PARSERS = [parse for parser, (parse, _) in TEXTS.items() if parser.__module__.startswith("parsers.host.")]
SAMPLES = [text for path in sorted(HOST.glob("*/*.txt")) for text in split_lines(path.read_text("utf-8"))]


@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from(SAMPLES)), max_size=12), st.integers(0, 400))
def test_no_text_makes_a_parser_raise(text: list[str], cut: int) -> None:
    for parser in PARSERS:
        parser(tuple(text))
        parser(tuple(line[:cut] for line in text))


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5) | st.just("9999-12-31T23:59:59-14:00"),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                [
                    "items",
                    "metadata",
                    "name",
                    "status",
                    "conditions",
                    "type",
                    "lastTimestamp",
                    "series",
                    "addresses",
                    "count",
                    "spec",
                    "containers",
                    "resources",
                    "requests",
                    "cpu",
                    "securityContext",
                    "capabilities",
                    "add",
                    "containerStatuses",
                    "state",
                    "ownerReferences",
                ]
            ),
            inner,
            max_size=5,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["items", "metadata", "status", "spec"]), JSON, max_size=3))
def test_no_json_makes_a_parser_raise(value: dict[str, Any]) -> None:
    text = json.dumps(value).split("\n")
    kubernetes.parse_nodes(text)
    kubernetes.parse_events(text)
    kubepods.parse_pods(text)
    kubepods.parse_lease(text)
