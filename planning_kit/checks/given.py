"""What the facts of a run must hold: readable, about passages that exist, every passage classed once."""

from __future__ import annotations

import re

from .. import facts
from ..document import Document
from ..errors import FactsRefused
from .about import About
from .wrong import Wrong, Wrongs


def can_be_read(document: Document, about: About) -> Wrongs:
    """Be valid YAML or JSON with exactly the fields asked for: at least one domain, at most five questions, two to four options each, called a, b, c, d."""
    try:
        facts.parse(document.text, "")
    except FactsRefused as error:
        line = re.match(r":(\d+):\s*", str(error))
        yield Wrong(int(line.group(1)) if line else 0, str(error)[line.end() if line else 0 :].lstrip(": "))


def names_passages_that_exist(document: Document, about: About) -> Wrongs:
    """Name only passages of the brief (P1 onwards) that exist."""
    try:
        said = facts.parse(document.text, "")
    except FactsRefused:
        return
    for each in said.unknown(about.passages):
        at = re.search(rf"\b{each}\b", document.text)
        yield Wrong(
            document.text.count("\n", 0, at.start()) + 1 if at else 0, f"there is no passage {each} in the brief"
        )
    if missing := [each for each in about.passages if each not in said.classes]:
        first = min(missing, key=lambda name: int(name[1:]))
        yield Wrong(0, f"{first} stands under no class; put it back under one of: {', '.join(facts.CLASSES)}")


def shows_its_stack(document: Document, about: About) -> Wrongs:
    """Leave the stack as it is."""
    try:
        said = facts.parse(document.text, "")
    except FactsRefused:
        return
    for topics in said.stack.values():
        for topic, value in topics.items():
            for each in re.findall(r"[(,;]\s*([^\s(),;]+:\d+)(?=[),;])", value):
                if each not in about.evidence:
                    at = document.text.find(each)
                    line = document.text.count("\n", 0, at) + 1 if at >= 0 else 0
                    yield Wrong(
                        line, f"{topic}: {each} was not seen in the codebase; name a line that shows it, or none"
                    )
