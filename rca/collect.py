"""All evidence of a node in one bundle: a case without its crash session, as a directory or a .tar.gz."""

from __future__ import annotations

import os
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path

from rca.case import Case, new_subject
from rca.encoding import plain
from rca.evidence import Evidence
from rca.sources.base import KDUMP_CONF, Source
from rca.steps.base import Facts
from rca.steps.registry import STEPS
from rca.steps.runner import ProbeRunner

NO_CORE = "The bundle holds evidence, not the vmcore: open the dump itself for a crash session."
_SUFFIX = ".tar.gz"


def collect(source: Source) -> Facts:
    """Carry out every probe of every step and those that their answers lead to, then close the source.

    Changes nothing on the node.
    """
    conf = source.collect(KDUMP_CONF)
    dumps = source.dumps(conf)
    facts = Facts(source.where, source.name, {conf.id: conf}, dumps, dumps[0] if dumps else None)
    answers: dict[str, Evidence] = {}
    runner = ProbeRunner(source, lambda item: answers.update({item.id: item}))
    try:
        while True:
            runner.request([probe for step in STEPS for probe in step.probes(facts) if probe.id != conf.id])
            runner.wait()
            if answers.keys() <= facts.evidence.keys():
                return facts
            facts = replace(facts, evidence={**facts.evidence, **answers})
    finally:
        runner.close()


def save_bundle(facts: Facts, out: Path) -> None:
    """Write what was collected to a new directory, or to a file if `out` ends in .tar.gz. Raises OSError."""
    if out.exists():
        raise FileExistsError(f"{out} exists already")
    if not out.name.endswith(_SUFFIX):
        _save(facts, out)
        return
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".collect-") as scratch:
        case = Path(scratch) / out.name.removesuffix(_SUFFIX)
        _save(facts, case)
        packed = Path(scratch) / out.name
        handle = os.open(packed, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file, tarfile.open(fileobj=file, mode="w:gz") as archive:
            # case.json first: by it an archive is known as a case without reading it to the end.
            for path in (case / "case.json", *sorted(case.glob("evidence/*"))):
                archive.add(path, arcname=str(path.relative_to(scratch)))
        packed.rename(out)


def _save(facts: Facts, directory: Path) -> None:
    subject = new_subject(facts.where, "", facts.source_name)
    dumps = tuple(plain(dump) for dump in facts.dumps or ())
    crash = {"program": None, "vmlinux": None, "vmlinux_problem": NO_CORE}
    case = Case.create(directory, replace(subject, dumps=dumps, dump=dumps[0] if dumps else {}, crash=crash))
    for evidence in facts.evidence.values():
        case.put(evidence)
