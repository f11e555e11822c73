"""What language models get wrong is found on its line, and what is right raises no alarm: the samples under ``corpus/``.

A file holds samples of one kind, each a whole document after a line ``=== good: title``, ``=== bad LINE RULE: title`` or
``=== missed LINE RULE: title`` (a fault that is known not to be found). LINE counts from the line after it. Words in
brackets at the end of a title set what is known of the document: ``[dialect=tsql]``, or ``[remarks=R1,R2]`` for a document
of a plan that was sent back with these remarks.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

from planning_kit.checks import Looked, examine, rules
from planning_kit.checks.about import About
from planning_kit.document import Document, Finding

CORPUS = Path(__file__).parent / "corpus"
KINDS = sorted(path.stem for path in CORPUS.glob("*.txt"))
WANTED = 15
MOST_MISSED = 0.1
_HEAD = re.compile(r"=== (good|bad|missed)(?: (\d+) ([\w-]+))?: (.+?)(?: \[(.+)\])?")


@dataclass(frozen=True)
class Sample:
    """One sample: whether it is ``good``, ``bad`` or ``missed``, where and by which rule, its title and text."""

    verdict: str
    line: int
    rule: str
    title: str
    text: str
    about: About
    kind: str

    @property
    def examined(self) -> tuple[tuple[Finding, ...], tuple[Looked, ...]]:
        examined = examine(Document("sample.md", self.text), self.about)
        return examined.findings, examined.looked


def samples(kind: str) -> list[Sample]:
    found: list[Sample] = []
    for part in re.split(r"(?m)^(?==== (?:good|bad|missed)\b)", (CORPUS / f"{kind}.txt").read_text(encoding="utf-8")):
        if not part.strip():
            continue
        head, _, text = part.partition("\n")
        said = _HEAD.fullmatch(head.strip())
        assert said, f"{kind}: {head!r} is not the head of a sample"
        known = dict(pair.split("=", 1) for pair in (said[5] or "").split())
        remarks = tuple(known.get("remarks", "").split(",")) if "remarks" in known else ()
        about = About(plan="remarks" in known, dialect=known.get("dialect", "postgres"), remarks=remarks)
        found.append(Sample(said[1], int(said[2] or 0), said[3] or "", said[4], text, about, kind))
    return found


EVERY = [pytest.param(each, id=f"{kind}-{each.verdict}-{each.title}") for kind in KINDS for each in samples(kind)]


@pytest.mark.parametrize("sample", [each for each in EVERY if each.values[0].verdict == "good"])  # type: ignore[union-attr]
def test_what_is_right_raises_no_alarm(sample: Sample) -> None:
    findings, looked = sample.examined
    assert [str(finding) for finding in findings] == []
    assert any(each.tool for each in looked) or not looked


@pytest.mark.parametrize("sample", [each for each in EVERY if each.values[0].verdict == "bad"])  # type: ignore[union-attr]
def test_what_is_wrong_is_named_on_its_line(sample: Sample) -> None:
    findings, _ = sample.examined
    assert (sample.line, sample.rule) in {(each.line, each.rule) for each in findings}, [str(each) for each in findings]
    assert sample.rule in rules()


@pytest.mark.parametrize("kind", KINDS)
def test_each_corpus_is_large_enough_and_its_known_misses_are_few_and_true(kind: str) -> None:
    every = samples(kind)
    wrong = [each for each in every if each.verdict != "good"]
    missed = [each for each in wrong if each.verdict == "missed"]
    assert len(every) - len(wrong) >= WANTED and len(wrong) >= WANTED
    assert len(missed) <= MOST_MISSED * len(wrong)
    for sample in missed:
        assert (sample.line, sample.rule) not in {(each.line, each.rule) for each in sample.examined[0]}
