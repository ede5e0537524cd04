"""Redaction: what names people, machines and places gets a stable name of no meaning; the kernel's own words stay."""
