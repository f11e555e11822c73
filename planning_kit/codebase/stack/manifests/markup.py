"""An XML file by its elements, each with its line; entities and external references are refused."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXException
from xml.sax.handler import ContentHandler
from xml.sax.xmlreader import AttributesImpl, Locator

import defusedxml
from defusedxml import sax


@dataclass
class Element:
    """An element: ``tag`` without its namespace, ``line`` from 1, ``attributes``, ``text`` directly inside, ``children``."""

    tag: str
    line: int
    attributes: dict[str, str] = field(default_factory=dict)
    text: str = ""
    children: list[Element] = field(default_factory=list)

    def child(self, *path: str) -> Element | None:
        """The first element under ``path``, or nothing."""
        here: Element | None = self
        for tag in path:
            here = next((each for each in here.children if each.tag == tag), None) if here else None
        return here

    def value(self, *path: str) -> str:
        """The text under ``path``, or empty."""
        found = self.child(*path)
        return found.text.strip() if found else ""

    def all(self, *path: str) -> Iterator[Element]:
        """Every element under ``path``."""
        if not path:
            yield self
            return
        for each in self.children:
            if each.tag == path[0]:
                yield from each.all(*path[1:])


class _Builder(ContentHandler):
    def __init__(self) -> None:
        super().__init__()
        self.open = [Element("", 0)]
        self.place: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self.place = locator

    def startElement(self, name: str, attrs: AttributesImpl) -> None:
        line = self.place.getLineNumber() if self.place else None
        element = Element(name.rpartition(":")[2], line or 1, dict(attrs.items()))
        self.open[-1].children.append(element)
        self.open.append(element)

    def endElement(self, name: str) -> None:
        self.open.pop()

    def characters(self, content: str) -> None:
        if len(self.open[-1].text) < 1_000:
            self.open[-1].text += content


def root(text: str) -> Element | None:
    """The root element of ``text``; nothing when it is broken or holds what is refused."""
    builder = _Builder()
    try:
        sax.parseString(text.lstrip("\ufeff").encode(), builder, forbid_dtd=True)
    except (SAXException, defusedxml.DefusedXmlException, ValueError):
        return None
    return builder.open[0].children[0] if builder.open[0].children else None
