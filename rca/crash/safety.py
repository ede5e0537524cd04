"""What may be typed into crash: one printable line, and in safe mode nothing that reaches a shell or writes.

crash hands text to a shell in many ways (``!``, ``|``, ``>``, Unix commands passed through, gdb's own ``shell``,
``python``, ``source``), loads shared objects (``extend``) and writes memory (``wr``). Its redirection scan is copied
here as a rule: signs inside parentheses or double quotes, and the ``>`` of ``->``, are part of an expression.
"""

from __future__ import annotations

import re

LONGEST = 1_500
"""Bytes of one command line; crash's own buffer (BUFSIZE)."""


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_COMMANDS = _words(
    "* alias ascii bpf bt btop dev dis eval exit files foreach fuser gdb help ipcs irq kmem list log mach mod mount"
    " net p ps pte ptob ptov q rd repeat runq sbitmapq search set sig struct swap sym sys task timer tree union vm"
    " vtop waitq whatis man ? quit sf hex dec g px pd for size dmesg lsmod last h history r rustfilt"
)
_UNIX = _words(
    "awk bash cat cd cp csh dash df dmesg echo ed egrep emacs env fgrep find grep head ksh ln ls make mkdir more mv"
    " less nano perl pwd python rm rmdir sed sh sort tail tcsh tee test touch top vi view vim wc xargs zsh"
)
_GDB_REFUSED = _words(
    "alias append attach cd commands compile core-file define define-prefix document dump edit eval exec-file faas"
    " file frame gcore generate-core-file guile guile-repl if interpreter-exec jit-reader-load load macro"
    " maintenance make monitor new-ui pipe pwd python python-interactive remote restore run save script server"
    " shell skip source start symbol-file taas target tfaas thread tui while with"
)
_GDB_ALLOWED = _words(
    "p print inspect output printf echo x ptype whatis info i list l disassemble disas show help h"
)
_GDB_SET_ALLOWED = ("print", "p", "width", "height", "listsize", "output-radix", "max-value-size", "language")
_SET_REFUSED = _words("console core edit editor error gdb namelist dumpfile vi emacs")
_NAME = re.compile(r"\*?[A-Za-z_][\w.,]*\Z")


def malformed(command: str) -> str:
    """Say why this cannot be one line of input, whatever the mode; empty when it can."""
    if len(command.encode("utf-8", "replace")) > LONGEST:
        return f"crash reads at most {LONGEST:,} bytes a line."
    if not command.isascii() or not command.isprintable():
        return "Only printable ASCII can be typed into crash: no control characters, no line breaks."
    return ""


def refusal(command: str) -> str:
    """Say in one sentence why safe mode does not send this command; empty when it is allowed."""
    command = command.strip()
    if reason := malformed(command):
        return reason
    words = command.split()
    if not words:
        return ""
    if sign := _redirection(command):
        return f"`{sign}` hands text to a shell or a file; safe mode keeps crash to itself."
    first, rest = words[0], words[1:]
    if "$_shell" in command:
        return "`$_shell` runs a shell from an expression; safe mode refuses it."
    if first.startswith("*"):
        return ""
    if first in _COMMANDS:
        return _of_crash(first, rest)
    return _unknown(first)


def _redirection(command: str) -> str:
    """The sign by which crash would redirect, or nothing."""
    expression = quoted = False
    previous = ""
    if command[0] in "!|<":
        return command[0]
    for sign in command:
        if sign == "(":
            expression = True
        elif sign == ")":
            expression = False
        elif sign == '"':
            quoted = not quoted
        elif sign in "!|><" and not (expression or quoted) and not (sign == ">" and previous == "-"):
            return sign
        previous = sign
    return ""


def _of_crash(first: str, rest: list[str]) -> str:
    """Judge a command of crash's own by its arguments."""
    if first in ("gdb", "g"):
        return _of_gdb(rest)
    if first == "alias" and len(rest) > 1:
        return "A new alias could hide any command; safe mode refuses to make one."
    if first == "repeat":
        nested = rest[1:] if rest and rest[0].startswith("-") else rest
        return refusal(" ".join(nested))
    if first == "set" and rest:
        if rest[0] in _SET_REFUSED:
            return f"`set {rest[0]}` writes elsewhere or changes how crash is driven; safe mode refuses it."
        if rest[0] == "scroll" and rest[1:] != ["off"]:
            return "A pager would stop the session and offers a shell; scrolling is this pane's work."
    if first == "rd" and any(re.match(r"-[a-zA-Z0-9]*r", word) for word in rest):
        return "`rd -r` writes memory to a file; safe mode refuses it."
    if first == "sys" and "-panic" in rest:
        return "`sys -panic` brings a live kernel down; safe mode refuses it."
    return ""


def _of_gdb(rest: list[str]) -> str:
    """Only gdb's looking commands: its others reach shells, files and interpreters."""
    verb = re.split(r"[/\s]", rest[0])[0] if rest else ""
    if verb == "set":
        option = rest[1] if len(rest) > 1 else ""
        if option in _GDB_SET_ALLOWED or rest[1:] == ["debuginfod", "enabled", "off"]:
            return ""
        return "Of gdb's settings, safe mode allows only those of printing."
    if verb in _GDB_ALLOWED:
        return ""
    return f"`gdb {verb}` is not one of gdb's looking commands; safe mode refuses it."


def _unknown(first: str) -> str:
    """A word that crash does not know goes to gdb, or to the shell, or names a structure."""
    if first in ("extend", "wr", "sn"):
        what = {"extend": "loads program code", "wr": "writes memory", "sn": "turns the pager on"}[first]
        return f"`{first}` {what}; safe mode refuses it."
    if first in _UNIX:
        return f"crash would run the Unix command `{first}`; safe mode refuses it."
    verb = re.split(r"[/.]", first)[0]
    if len(verb) > 1 and any(name.startswith(verb) for name in _GDB_REFUSED):
        return (
            f"crash would hand `{verb}` to gdb, where it can reach a shell or a file; safe mode refuses it."
        )
    if verb in _GDB_ALLOWED or _NAME.match(first):
        return ""
    return f"`{first}` is neither a command of crash nor the name of a structure; safe mode refuses it."
