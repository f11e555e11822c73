"""Whether a drawing is inert: nothing in it could run, load or be clicked, even if it were opened by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.etree import ElementTree

_SVG = "{http://www.w3.org/2000/svg}"
_HTML = "{http://www.w3.org/1999/xhtml}"
_HREF = "{http://www.w3.org/1999/xlink}href"
_SHAPES = (
    "svg g defs symbol use title desc style text tspan textPath path rect circle ellipse line polygon polyline image"
)
_PAINT = "marker filter linearGradient radialGradient stop clipPath mask pattern switch foreignObject"
_FILTERS = "feDropShadow feGaussianBlur feOffset feMerge feMergeNode feFlood feComposite feBlend feColorMatrix"
_LABELS = "div span p br b i u em strong code pre s del sub sup ul ol li hr table tbody tr td"
_ELEMENTS = {_SVG + name for part in (_SHAPES, _PAINT, _FILTERS) for name in part.split()}
_ELEMENTS |= {_HTML + name for name in _LABELS.split()}
"""What Mermaid and our own drawings are made of; of HTML what stands in a label."""
_LOADS = re.compile(r"(?i)url\s*\((?!\s*['\"]?#)|\\|image-set|@(?!keyframes\b)|expression|binding|javascript:|://")
"""What loads or runs in a style; a backslash could spell any of it."""
_EMBEDDED = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/=\s]*")


def unsafe(svg: str) -> str:
    """What in a drawing could run, load or be clicked, in a few words; empty when it is inert.

    Raises:
        ValueError: it declares entities or a style sheet.
        xml.etree.ElementTree.ParseError: it is not well-formed.
    """
    if "<!" in svg or "<?" in svg:
        raise ValueError("it declares entities, or holds a comment or an instruction")
    return next((what for element in ElementTree.fromstring(svg).iter() for what in _wrong(element)), "")


def _wrong(element: ElementTree.Element) -> Iterator[str]:
    name = element.tag.rpartition("}")[2]
    if element.tag not in _ELEMENTS:
        yield f"an element '{name[:40]}'"
    if element.tag == f"{_SVG}style" and _LOADS.search("".join(element.itertext())):
        yield "a style that loads"
    for attribute, value in element.attrib.items():
        short = attribute.rpartition("}")[2].lower()
        if short.startswith("on") or short in ("src", "srcset", "srcdoc", "action", "formaction", "base", "ping"):
            yield f"an attribute '{short[:40]}'"
        elif attribute == _HREF or short == "href":
            if not (value.startswith("#") or (name == "image" and _EMBEDDED.fullmatch(value))):
                yield "an address"
        elif short not in _WORDS and _LOADS.search(value):
            yield "a style that loads"


_WORDS = {"aria-label", "aria-roledescription", "data-id", "data-et", "data-points", "data-from", "data-to", "id", "class", "name", "d"}  # fmt: skip
"""Attributes that hold a name or words, and are no style."""
