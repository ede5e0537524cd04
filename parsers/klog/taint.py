"""Taint flags: which letters of the positional field are set."""

from __future__ import annotations


def taint_letters(field: str) -> str:
    """Return the letters set in what stands between ``Tainted:`` and the release.

    The field is positional; dashes and blanks are bits that are not set, ``G`` stands where ``P`` is not. Newer kernels
    may spell flags as ``[O]=OOT_MODULE``.
    """
    if "=" in field:
        return "".join(part[0] for part in field.split("[")[1:] if part[:1].isalpha())
    return "".join(letter for letter in field if letter.isalpha() and letter.isascii())
