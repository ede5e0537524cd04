"""What a person or a team sets once, in ``config.toml``: read once, checked, and never a reason not to start."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from functools import cache
from pathlib import Path
from typing import Any

from rca.private import config_dir

FILE = "config.toml"
THEMES = ("dark", "light", "terminal")
_LARGEST = 1 << 18
"""Bytes of the file; more is none."""

EXAMPLE = """\
# panicdesk's settings. Copy this to ~/.config/panicdesk/config.toml (or config.toml in the directory that
# PANICDESK_CONFIG names) and take the # away where you want another value. Everything may be left out.

[display]
# dark, light, or terminal: the terminal's own sixteen colours. NO_COLOR always means terminal.
# theme = "dark"
# Times are UTC. With a zone of the IANA database, reports give that beside UTC.
# time_zone = "Europe/Berlin"

[export]
# Formats that are redacted unless --no-redact is given: md, jira, jira-cloud, servicenow, text, json.
# redact = ["jira-cloud", "servicenow"]
# Folder of your own templates, instead of templates/ beside this file.
# templates = "/srv/sre/panicdesk/templates"

[diagnosis]
# Folder of your team's signatures, instead of signatures/ beside this file.
# signatures = "/srv/sre/panicdesk/signatures"

[kubernetes]
# Used where the environment names none.
# kubeconfig = "/etc/sre/readonly.kubeconfig"

[keys]
# Another key for a command of the workbench: command = "key".
"""
"""Every setting with what it means; the keys' defaults are added by `tui.commands`."""


@dataclass(frozen=True, slots=True)
class Settings:
    """What applies. A value that nobody set is empty, and means what the program does by itself."""

    theme: str = ""
    """One of `THEMES`."""
    time_zone: tzinfo | None = None
    redact: tuple[str, ...] = ()
    """Formats of the report."""
    templates: Path | None = None
    signatures: Path | None = None
    kubeconfig: Path | None = None
    keys: Mapping[str, str] = field(default_factory=dict)
    """Command of the workbench → key; that both exist is for the workbench to check."""
    problems: tuple[str, ...] = ()
    """One sentence for each thing that was passed over."""


class _UnusableError(ValueError):
    """A value that is passed over; the text goes on after its name."""


def settings() -> Settings:
    """This user's settings."""
    return _read(config_dir() / FILE)


@cache
def _read(path: Path) -> Settings:
    try:
        with path.open("rb") as file:
            data = file.read(_LARGEST + 1)
        if len(data) > _LARGEST:
            return Settings(problems=(f"{path} is longer than {_LARGEST} bytes and is not used.",))
        return parse_settings(data.decode("utf-8"), str(path))
    except (FileNotFoundError, NotADirectoryError):
        return Settings()
    except OSError as error:
        return Settings(problems=(f"{path} cannot be read: {error.strerror}.",))
    except UnicodeDecodeError:
        return Settings(problems=(f"{path} is no UTF-8 text and is not used.",))


def parse_settings(text: str, origin: str = FILE) -> Settings:
    """Read what `EXAMPLE` documents. What is unknown or wrong is named in `Settings.problems`, and the rest applies."""
    import tomllib  # not at the top: most users have no such file

    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        return Settings(problems=(f"{origin} is no TOML and is not used: {error}.",))
    found = Settings()
    problems: list[str] = []
    for table, entries in data.items():
        readers = _READERS.get(table)
        if not isinstance(entries, dict) or (readers is None and table != "keys"):
            problems.append(f"{origin}: nothing is known of {table!r}.")
            continue
        for name, value in entries.items():
            where = f"{origin}: {table}.{name}"
            try:
                if readers is None:
                    found = replace(found, keys={**found.keys, name: _word(value)})
                elif name in readers:
                    found = replace(found, **{name: readers[name](value)})
                else:
                    problems.append(f"{where}: there is no such setting; known are {', '.join(readers)}.")
            except _UnusableError as error:
                problems.append(f"{where} {error}.")
    return replace(found, problems=tuple(problems))


def _word(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise _UnusableError("must be a text in quotes")
    return value


def _theme(value: object) -> str:
    if value not in THEMES:
        raise _UnusableError(f"must be one of {', '.join(THEMES)}")
    return str(value)


def _zone(value: object) -> tzinfo:
    from zoneinfo import ZoneInfo

    name = _word(value)
    try:
        return ZoneInfo(name)
    except (OSError, KeyError, ValueError) as error:
        raise _UnusableError(f"names no time zone that this machine knows: {value!r}") from error


def _formats(value: object) -> tuple[str, ...]:
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise _UnusableError('must be a list of formats, such as ["jira"]')
    return tuple(value)


def _path(value: object) -> Path:
    path = Path(_word(value))
    if path.parts[:1] == ("~",):
        try:
            path = path.expanduser()
        except RuntimeError as error:
            raise _UnusableError("begins with ~, but there is no home directory") from error
    if not path.is_absolute() or "\0" in str(path):
        raise _UnusableError("must be an absolute path, or begin with ~/")
    return path


_READERS: Mapping[str, Mapping[str, Any]] = {
    "display": {"theme": _theme, "time_zone": _zone},
    "export": {"redact": _formats, "templates": _path},
    "diagnosis": {"signatures": _path},
    "kubernetes": {"kubeconfig": _path},
}
