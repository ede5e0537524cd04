"""A stand-in for crash on a real terminal: its prompt, its habits and its ways to go wrong. Run by the session's tests.

Arguments: any of ``cooked`` (no readline), ``silent-exit``, ``fatal``, ``progress``, ``stubborn``, ``slow-start``,
``dies-in-slabs`` (unless it gets ``--no_kmem_cache``).
"""

from __future__ import annotations

import os
import signal
import sys
import termios
import time
import tty

PROMPT = "crash> "
OPTIONS = set(sys.argv[1:])


def out(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


def raw(data: bytes) -> None:
    sys.stdout.flush()
    os.write(1, data)


def ask(prompt: str) -> str:
    if "cooked" in OPTIONS:
        out(prompt)
        line = sys.stdin.readline()
        if not line:
            raise EOFError
        return line.rstrip("\n")
    return input(prompt)


def start() -> None:
    if "stubborn" in OPTIONS:
        for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT):
            signal.signal(number, signal.SIG_IGN)
    if "silent-exit" in OPTIONS:
        sys.exit(1)
    if "fatal" in OPTIONS:
        out("\ncrash: /x/vmlinux and /x/vmcore do not match!\n\nUsage:\n\n  crash [OPTION]...\n")
        sys.exit(1)
    if "progress" in OPTIONS:
        for what in ("gathering kmem slab cache data", "gathering module symbol data"):
            note = f"please wait... ({what})"
            out(f"\r{note}")
            time.sleep(0.15)
            out("\r" + " " * len(note) + "\r")
        out("WARNING: active task ff00000000000000 on cpu 1 not found in PID hash\n\n")
    if "dies-in-slabs" in OPTIONS and "--no_kmem_cache" not in OPTIONS:
        out("\rplease wait... (gathering kmem slab cache data)")
        time.sleep(0.15)
        sys.exit(1)
    if "slow-start" in OPTIONS:
        time.sleep(30)


def flood(count: int) -> None:
    line = " #{} [ffffc90000003e{:04x}] function_{} at ffffffff81000000 [module] crash> inside\n"
    step = 1_000
    for first in range(0, count, step):
        numbers = range(first, min(first + step, count))
        sys.stdout.write("".join(line.format(n, n & 0xFFFF, n) for n in numbers))
    sys.stdout.flush()


def run(command: str) -> None:
    verb, _, rest = command.partition(" ")
    if verb == "say":
        out(rest + "\n")
    elif verb == "flood":
        flood(int(rest))
    elif verb == "size":
        rows, columns = termios.tcgetwinsize(0)
        out(f"{rows}x{columns}\n")
    elif verb == "slow":
        for n in range(3):
            out(f"part {n}\n")
            time.sleep(0.08)
    elif verb == "prompted":
        out("first\ncrash> ")
        time.sleep(0.3)
        out("bt is no prompt\nthen crash> ")
        time.sleep(0.2)
        out("neither is this\n")
    elif verb == "unfinished":
        out("no newline at the end")
    elif verb == "blank":
        out("\n\nafter blanks\n")
    elif verb == "bytes":
        raw(b"caf\xe9 \xff\xfe ok\n")
    elif verb == "escapes":
        raw(b"\x1b]0;owned\x07 \x1b[31mred\x1b[0m \xe2\x80\xae\n")
    elif verb == "redraw":
        raw(b"counting 1\rcounting 2\rcounting 10\rdone\n")
    elif verb == "more":
        out("page one\n-- MORE --  forward: <SPACE>, <ENTER> or j  backward: b or k  quit: q")
        before = termios.tcgetattr(0)
        tty.setcbreak(0)
        answer = os.read(0, 1).decode()
        termios.tcsetattr(0, termios.TCSANOW, before)
        out("\r" + " " * 70 + f"\rleft with {answer}\n")
    elif verb == "ask":
        answer = ask("quit? (y/n) ")
        out(f"answered {answer}\n")
    elif verb == "sleep":
        out("sleeping\n")
        time.sleep(60)
    elif verb == "deaf":
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        out("deaf\n")
        time.sleep(60)
    elif verb == "die":
        out("about to die\nlast words")
        os._exit(3)
    elif verb == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif command:
        out(f"crash: command not found: {verb}\n")


def main() -> None:
    if "cooked" not in OPTIONS:
        import readline  # noqa: F401  (input() then edits lines as crash does)
    start()
    while True:
        try:
            command = ask(PROMPT).strip()
            if command in ("q", "quit", "exit"):
                sys.exit(0)
            run(command)
        except KeyboardInterrupt:
            out("\n")
        except EOFError:
            sys.exit(1)


if __name__ == "__main__":
    main()
