"""A real sshd on loopback, with keys of its own, that ends with the test."""

from __future__ import annotations

import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from rca.lab.tools import need

_SERVER = """\
ListenAddress 127.0.0.1
HostKey {place}/host
AuthorizedKeysFile {place}/user.pub
PidFile none
UsePAM no
StrictModes no
PasswordAuthentication no
KbdInteractiveAuthentication no
{more}
"""
_CLIENT = """\
Host *
IdentityFile {place}/user
IdentitiesOnly yes
UserKnownHostsFile {place}/known_hosts
GlobalKnownHostsFile /dev/null
StrictHostKeyChecking yes
"""


class Sshd:
    """One server. `options` lead the system's ssh to it and to nothing of the user's."""

    def __init__(self, place: Path, port: int, process: subprocess.Popen[bytes]) -> None:
        self.place = place
        self.port = port
        self.process = process
        self.options = ("-F", str(place / "ssh_config"))

    def logins(self) -> int:
        """How often somebody logged in so far."""
        return (self.place / "log").read_text("utf-8", "replace").count("Accepted publickey")


@contextmanager
def sshd(place: Path, more: str = "") -> Iterator[Sshd]:
    """Run a server that lets this user in; `more` is added to its configuration."""
    place.chmod(0o700)
    for name in ("host", "user"):
        subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(place / name)], check=True)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    key = (place / "host.pub").read_text("utf-8")
    (place / "known_hosts").write_text(f"[127.0.0.1]:{port} {key}", "utf-8")
    (place / "sshd_config").write_text(_SERVER.format(place=place, more=more), "utf-8")
    (place / "ssh_config").write_text(_CLIENT.format(place=place), "utf-8")
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(mode=0o755, exist_ok=True)
    argv = [need("sshd"), "-D", "-f", str(place / "sshd_config"), "-p", str(port), "-E", str(place / "log")]
    process = subprocess.Popen(argv, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        _wait(port, process)
        yield Sshd(place, port, process)
    finally:
        process.terminate()
        process.wait(20)


def _wait(port: int, process: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError("sshd did not come up")
