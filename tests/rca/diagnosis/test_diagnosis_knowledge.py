"""The knowledge files: whole, consistent with the kinds, matched by their own examples; users' files join in."""

from __future__ import annotations

import re

import pytest

from parsers.klog.rules import RULES
from rca.diagnosis.frames import data, generic_reason, own_name
from rca.diagnosis.kinds import KINDS
from rca.diagnosis.signatures import Signature, SignatureError, applying, builtin, read_signatures
from rca.diagnosis.subsystems import subsystem, trigger

WITH_EXAMPLE = [signature for signature in builtin() if signature.match]


def test_there_are_at_least_forty_and_none_twice() -> None:
    names = [signature.id for signature in builtin()]
    assert len(names) >= 40
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("signature", WITH_EXAMPLE, ids=lambda signature: signature.id)
def test_example_matches(signature: Signature) -> None:
    assert signature.example
    assert re.search(signature.match, signature.example)


@pytest.mark.parametrize("signature", builtin(), ids=lambda signature: signature.id)
def test_each_tells_what_to_do_next_and_where_it_comes_from(signature: Signature) -> None:
    assert signature.next
    assert signature.source


def test_every_kind_named_exists_and_all_but_unknown_are_known() -> None:
    named = {kind for signature in builtin() for kind in signature.kinds}
    assert named <= set(KINDS)
    assert set(KINDS) - named == {"unknown"}


def test_every_rule_names_a_kind_that_exists() -> None:
    assert {rule.kind for rule in RULES} <= set(KINDS)


def test_frames_name_rules_that_exist() -> None:
    assert set(data()["rules"]) <= {rule.name for rule in RULES}


def test_the_more_telling_signature_comes_first() -> None:
    found = applying("gpf", ["general protection fault: 0000 [#1]", "RAX: dead000000000100"])
    assert [signature.id for signature in found][:2] == ["list-poison", "gpf"]


MINE = """
[[signature]]
id = "ours"
kinds = ["gpf"]
match = "acme"
meaning = "our own driver"
classes = ["driver"]
next = ["call the driver team"]
"""


def test_a_user_s_signature_comes_before_ours() -> None:
    extra = read_signatures(MINE, "acme.toml")
    assert applying("gpf", ["RIP: 0010:acme_x+0x1/0x2"], extra)[0].origin == "acme.toml"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[signature]]\nmeaning = 'x'", "no id"),
        (MINE.replace('"acme"', '"("'), "match"),
        (MINE.replace("driver", "gremlins"), "classes"),
        (MINE.replace("meaning", "meening"), "unknown key meening"),
        ("[[signature", "acme.toml"),
        (MINE.replace('["gpf"]', "7"), "kinds must be a list"),
    ],
)
def test_a_broken_file_is_named_with_its_reason(text: str, reason: str) -> None:
    with pytest.raises(SignatureError, match=re.escape(reason)) as caught:
        read_signatures(text, "acme.toml")
    assert "acme.toml" in str(caught.value)


@pytest.mark.parametrize(
    "name",
    [
        "__list_del_entry_valid",
        "_raw_spin_lock_irqsave",
        "kfree",
        "memcpy_erms",
        "panic",
        "refcount_warn_saturate",
    ],
)
def test_helpers_are_passed_over_with_a_reason(name: str) -> None:
    assert generic_reason(name)


@pytest.mark.parametrize("name", ["mlx5e_poll_rx_cq", "nfs4_select_rw_stateid", "xfs_buf_rele", "tcp_v4_rcv"])
def test_the_others_are_not(name: str) -> None:
    assert generic_reason(name) == ""


def test_names_lose_what_the_compiler_added() -> None:
    assert own_name("prune_dcache.isra.7.cold.12") == "prune_dcache"
    assert own_name("__x64_sys_rmdir") == "sys_rmdir"
    assert own_name("SyS_rmdir") == "rmdir"


def test_people_s_words() -> None:
    assert subsystem("mlx5e_napi_poll", "mlx5_core") == "NIC driver (mlx5_core)"
    assert subsystem("tcp_ack", "") == "network stack"
    assert subsystem("f", "acme") == "module acme"
    assert subsystem("", "") == ""
    assert trigger(["f", "net_rx_action"]) == "received network traffic"
    assert trigger(["f"]) == ""
