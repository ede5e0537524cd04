"""No text, however damaged, makes a parser of a node's answers raise."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from parsers.host import (
    bootlog,
    capturelog,
    dnf,
    fatal,
    journal,
    kdumpctl,
    kubepods,
    kubernetes,
    lastlog,
    systemd,
)
from parsers.host.cmdline import parse_crashkernel
from parsers.host.kdumpconf import parse_kdump_conf
from parsers.host.osrelease import parse_os_release
from parsers.text import split_lines, to_lines

HOST = Path(__file__).parents[2] / "rca/steps/host"

PARSERS: list[Callable[[list[str]], object]] = [
    parse_os_release,
    lambda text: parse_crashkernel("\n".join(text)),
    lastlog.parse_last,
    systemd.parse_status,
    systemd.parse_unit_files,
    kdumpctl.parse_kdumpctl,
    kdumpctl.failures,
    bootlog.unclean_signs,
    bootlog.reservation,
    bootlog.previous_boot,
    capturelog.failures,
    parse_kdump_conf,
    journal.notices,
    journal.parse_boots,
    fatal.fatal_lines,
    fatal.shuts_down,
    kubernetes.parse_nodes,
    kubernetes.parse_events,
    kubepods.parse_pods,
    kubepods.parse_lease,
    dnf.trouble,
    lastlog.newest_first,
]
SAMPLES = [text for path in sorted(HOST.glob("*/*.txt")) for text in split_lines(path.read_text("utf-8"))]


@given(st.lists(st.one_of(st.text(max_size=60), st.sampled_from(SAMPLES)), max_size=12), st.integers(0, 400))
def test_no_text_makes_a_parser_raise(text: list[str], cut: int) -> None:
    for parser in PARSERS:
        parser(text)
        parser([line[:cut] for line in text])


WHOLE = [path.read_bytes() for path in sorted(HOST.glob("*/*.txt"))]


@given(st.sampled_from(WHOLE), st.integers(0, 4000), st.binary(max_size=40), st.integers(1, 50))
def test_no_mutation_of_a_sample_makes_a_parser_raise(whole: bytes, at: int, junk: bytes, times: int) -> None:
    """Cut in the middle, binary within, again and again."""
    for data in (whole[:at], whole[:at] + junk + whole[at:], (whole[:at] + junk) * times):
        text = list(to_lines(data))
        for parser in PARSERS:
            parser(text)


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
