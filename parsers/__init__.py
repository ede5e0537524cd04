"""Text or bytes in, frozen values out. Standard library only; no I/O, no clock, no colour."""
