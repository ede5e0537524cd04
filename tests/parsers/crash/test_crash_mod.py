"""The table of modules, in the layouts of old and new crash."""

from __future__ import annotations

from parsers.crash.mod import module_at, read_mod


def test_mod_of_both_layouts() -> None:
    new = """\
     MODULE       NAME             BASE         SIZE  OBJECT FILE
ffffffffc046f000  mlx5_core  ffffffffc046d000  16384  (not loaded)  [CONFIG_KALLSYMS]
ffffffffc056f000  ext4       ffffffffc0560000  99999  /lib/modules/x/ext4.ko.debug
"""
    modules = read_mod(new.splitlines())
    assert [(m.name, m.size, m.object_file, m.line) for m in modules] == [
        ("mlx5_core", 16384, "", 2),
        ("ext4", 99999, "/lib/modules/x/ext4.ko.debug", 3),
    ]
    assert module_at(modules, 0xFFFFFFFFC046D048) is modules[0]
    assert module_at(modules, 0xFFFFFFFF81000000) is None
    old = " MODULE   NAME                 SIZE  OBJECT FILE\nf8c46000  dm_mod               52345  (not loaded)\n"
    (module,) = read_mod(old.splitlines())
    assert module.base is None and not module.holds(0xF8C46000)
    assert read_mod(["ffffffffc046f000  mlx5_core  ffffffffc046d000  16384"]) == ()
