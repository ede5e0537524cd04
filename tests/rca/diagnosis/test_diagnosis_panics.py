"""What is said of the panics that our own virtual machine died of, where the truth is known."""

# ruff: noqa: E501 - lines of a kernel log are as long as they are

from __future__ import annotations

import pytest

from rca.diagnosis.diagnose import diagnose
from rca.diagnosis.kinds import KINDS
from tests.rca.diagnosis.diagnosis_samples import panic

TRUTH = {
    # name: kind, title, guilty function, guilty module, confidence
    "mlx5-napi-null": ("null-deref", "BUG: unable to handle kernel NULL pointer dereference in mlx5e_poll_rx_cq",
                       "mlx5e_poll_rx_cq", "mlx5_core", "probable"),
    "null-function": ("null-deref", "BUG: unable to handle kernel NULL pointer dereference in bnxt_ulp_async_events",
                      "bnxt_ulp_async_events", "bnxt_en", "probable"),
    "list-corruption": ("list-corruption", "BUG: corrupted list in _cma_cancel_listens", "_cma_cancel_listens", "rdma_cm",
                        "possible"),
    "list-poison": ("gpf", "general protection fault in bond_release_slave", "bond_release_slave", "bonding", "possible"),
    "two-spinlocks": ("soft-lockup", "BUG: soft lockup in qla2x00_do_dpc", "qla2x00_abort_all_cmds", "qla2xxx", "possible"),
    "hung-task": ("hung-task", "INFO: task hung in drbd_adm_reconfigure", "drbd_adm_reconfigure", "drbd", "possible"),
    "sysrq": ("sysrq", "kernel panic: sysrq triggered crash", "", "", "probable"),
    "slab-redzone": ("slab-corruption", "SLUB: Right Redzone overwritten in ena_tx_buffer in ena_fw_reset_device",
                     "ena_fw_reset_device", "ena", "possible"),
    "panic-on-warn": ("warning", "WARNING in i40e_probe", "i40e_probe", "i40e", "probable"),
    "oom": ("oom", "Out of memory: java invoked oom-killer", "", "", "probable"),
    "init-killed": ("init-killed", "kernel panic: Attempted to kill init!", "", "", "probable"),
    "plain-panic": ("panic", "kernel panic: panic in mpt3sas_halt_firmware", "mpt3sas_halt_firmware", "mpt3sas", "probable"),
}  # fmt: skip


@pytest.mark.parametrize("name", TRUTH)
def test_verdict(name: str) -> None:
    found = diagnose(panic(name))
    said = (found.kind, found.title, found.guilty.function, found.guilty.module, str(found.confidence))
    assert said == TRUTH[name]
    assert found.kind in KINDS


@pytest.mark.parametrize("name", TRUTH)
def test_every_statement_is_on_the_lines_it_cites(name: str) -> None:
    given = panic(name)
    lines = given["vmcore-dmesg"].lines
    found = diagnose(given)
    assert found.citations
    assert found.next_checks
    for cited in (
        *found.citations,
        *(cited for statement in found.statements for cited in statement.citations),
    ):
        assert lines[cited.line - 1].strip() == cited.text


def test_the_runbook_s_own_example() -> None:
    found = diagnose(panic("mlx5-napi-null"))
    assert found.mechanism == "read of a struct member at offset 0x30 of a NULL pointer"
    assert found.context == "softirq (NET_RX) on CPU 1, interrupting swapper/1"
    assert found.trigger == "received network traffic"
    assert found.subsystem == "NIC driver (mlx5_core)"
    assert found.trace[:3] == ("mlx5e_poll_rx_cq", "mlx5e_napi_poll", "__napi_poll")
    assert "native_safe_halt" not in found.trace
    assert found.kdump_loaded is True


def test_a_module_that_is_gone_is_named_as_gone() -> None:
    found = diagnose(panic("unloaded-timer"))
    assert (found.guilty.module, str(found.confidence), found.kind) == ("ipmi_si", "possible", "bad-ip")
    assert "unloaded" in found.hypotheses[0].claim


def test_corruption_always_offers_that_someone_else_did_it() -> None:
    found = diagnose(panic("list-corruption"))
    assert any(not hypothesis.guilty.module for hypothesis in found.hypotheses[1:])
    assert all("__list_del_entry_valid" not in hypothesis.guilty.function for hypothesis in found.hypotheses)
    assert any(
        "__list_del_entry_valid" in statement.text and "Passed over" in statement.text
        for statement in found.statements
    )
