"""Ids, launch and environment."""

from __future__ import annotations

import shlex
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from rca.crash.base import MANDATORY, Ids, evidence_id
from rca.crash.launch import environment, launch, launch_remote, private_directory


def test_ids_are_unique_and_mandatory_ones_reserved() -> None:
    ids = Ids()
    assert ids.take("bt a") == "bt-a-2"
    assert [ids.take("bt -a"), ids.take("bt  -a")] == ["bt-a", "bt-a-3"]
    ids.free("bt-a")
    assert ids.take("bt -a") == "bt-a"
    assert {evidence_id(command) for command in MANDATORY} >= {"kmem-s", "kmem-i", "log"}


def test_launch_uses_absolute_paths_and_no_start_up_files() -> None:
    argv = launch("crash", "vmlinux", "vmcore")
    assert argv[:6] == ("crash", "-s", "--no_scroll", "-e", "emacs", "--no_crashrc")
    assert all(Path(path).is_absolute() for path in argv[-2:])
    assert "-s" not in launch("crash", "vmlinux", "vmcore", silent=False)


def test_a_live_kernel_is_never_opened() -> None:
    with pytest.raises(ValueError, match="running kernel"):
        launch("crash", "vmlinux", "/proc/kcore")


def test_the_environment_is_clean() -> None:
    variables = environment(Path("/nowhere"))
    assert variables["LC_ALL"] == "C" and variables["TZ"] == "UTC"
    assert not {"CRASHPAGER", "CRASH_EXTENSIONS", "LD_PRELOAD", "EDITOR"} & variables.keys()


def test_the_interface_costs_no_pexpect() -> None:
    code = "import sys, rca.crash.base, rca.crash.replay; print('pexpect' in sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path.cwd()
    )
    assert done.stdout.strip() == "False"


def test_a_remote_crash_gets_every_word_as_it_is() -> None:
    client = ("ssh", "-tt", "--", "root@worker-07")
    argv = launch_remote(client, "/usr/bin/crash", "/v/vm linux", "/var/crash/it's; id/vmcore")
    assert argv[:4] == client and argv[-1] == shlex.quote("/var/crash/it's; id/vmcore")
    words = shlex.split(" ".join(argv[4:]))
    assert words[:2] == ["env", "-i"] and words[-2:] == ["/v/vm linux", "/var/crash/it's; id/vmcore"]
    assert "--no_crashrc" in words and not any(word.startswith("CRASH") for word in words)
    for memory in ("/proc/kcore", "/dev/../dev/mem", "/proc//vmcore", "//proc/kcore", "//dev/./mem"):
        with pytest.raises(ValueError, match="running kernel"):
            launch_remote(client, "crash", "vmlinux", memory)


def test_crash_s_own_directory_is_private_and_made_anew_each_time(tmp_path: Path) -> None:
    for _ in "ab":
        home = private_directory(tmp_path)
        (settings,) = home.iterdir()
        assert [stat.S_IMODE(path.stat().st_mode) for path in (home, settings)] == [0o700, 0o600]
        assert "enable-bracketed-paste off\n" in settings.read_text()
        settings.write_text("set editing-mode vi\n")
