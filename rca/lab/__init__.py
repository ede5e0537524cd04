"""The panic lab: real kernel panics, saved by a real kdump in QEMU, for training and for the tests on real dumps.

Ask `missing()` first; then `panic("mlx5-napi-null", folder)` gives the dump, the log and the symbols, and its `way`
knows the truth: title, RIP, guilty functions, guilty module.
"""

from rca.lab.build import cache_folder
from rca.lab.errors import LabError
from rca.lab.kernels import Kernel, kernel, missing
from rca.lab.runs import LIMIT, Panic, panic, panics
from rca.lab.ways import WAYS, Way, way

__all__ = [
    "LIMIT",
    "WAYS",
    "Kernel",
    "LabError",
    "Panic",
    "Way",
    "cache_folder",
    "kernel",
    "missing",
    "panic",
    "panics",
    "way",
]
