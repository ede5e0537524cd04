"""The crash utility: where it and its vmlinux lie, one session on a PTY, and its replay from a recording."""
