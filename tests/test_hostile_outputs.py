"""No hostile output leaves an element, an attribute or an address where it is shown that could run, load, lead away or hide."""

from __future__ import annotations

import base64
import random
import re
from collections.abc import Callable, Iterator
from xml.etree import ElementTree

import pytest
from bleach._vendor import html5lib  # type: ignore[import-untyped]

from planning_kit import changes, view
from planning_kit.brief import Brief
from planning_kit.document import Document, Finding
from planning_kit.findings import Findings, page
from planning_kit.intake import report

from .hostile_outputs import OUTPUTS

WORDS = {"p", "br", "hr", "h1", "h2", "h3", "h4", "h5", "h6", "strong", "em", "s", "del", "code", "pre", "blockquote", "ul", "ol", "li"}  # fmt: skip
OURS = WORDS | {"table", "thead", "tbody", "tr", "th", "td", "div", "span", "details", "summary", "img", "ins"}
ATTRIBUTES = {"style", "data-line", "start", "alt", "width", "height", "src", "open", "role", "aria-label", "class"}
STYLE = re.compile(r"[a-z0-9#:;%., ()-]*")
HIDDEN = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\U000e0000-\U000e007f]"
)


def elements(text: str) -> Iterator[ElementTree.Element]:
    """Every element of a page, as a browser's parser makes them of ``text``."""
    body = html5lib.parseFragment(text, treebuilder="etree", namespaceHTMLElements=False)
    return (each for each in body.iter() if each is not body)


def is_inert(page: str) -> None:
    """Only elements and attributes of our own; every address is a drawing of ours, every style one of ours."""
    assert not HIDDEN.search(page)
    for element in elements(page):
        assert element.tag in OURS, element.tag
        assert set(element.attrib) <= ATTRIBUTES, element.attrib
        assert STYLE.fullmatch(element.get("style", "")) and "url" not in element.get("style", "")
        assert element.get("class", "mathjax_ignore tex2jax_ignore") == "mathjax_ignore tex2jax_ignore"
        assert ("src" in element.attrib) == (element.tag == "img")
        if element.tag == "img":
            drawing = element.attrib["src"].removeprefix("data:image/svg+xml;base64,")
            is_drawing(base64.b64decode(drawing, validate=True).decode())


def is_drawing(svg: str) -> None:
    """Nothing in it could run or load, even if it were opened by itself."""
    for element in ElementTree.fromstring(svg).iter():
        name = element.tag.rpartition("}")[2].lower()
        assert name not in ("script", "iframe", "object", "embed", "img", "a", "set", "animate", "form", "link", "meta")
        assert name != "style" or not re.search(r"(?i)url\(|@import", element.text or "")
        for attribute, value in element.attrib.items():
            assert not attribute.rpartition("}")[2].lower().startswith("on")
            assert not re.search(r"(?i)(javascript|https?):", value) or attribute.startswith("data-")


@pytest.mark.parametrize("name", OUTPUTS)
def test_a_hostile_document_is_shown_without_anything_that_could_act(name: str) -> None:
    is_inert(view.html(OUTPUTS[name]))
    beside = {line: view.box("stop", [OUTPUTS[name]]).html for line in (1, 2)}
    is_inert(view.html(f"# {OUTPUTS[name]}", beside, lines=True, deeper=2))


@pytest.mark.parametrize("name", OUTPUTS)
def test_hostile_text_is_text_in_whatever_shows_itself(name: str) -> None:
    text = OUTPUTS[name]
    finding = Finding("a.md", 1, text, text, "error", text, hint=text)
    found = Findings([finding], [Document("a.md", text)])
    faces: dict[str, Callable[[], str]] = {
        "box": lambda: view.box("note", [text, text]).html,
        "table": lambda: view.table([text], [[text]]).html,
        "document": lambda: view.document(Document(f"a/{text}", f"# {text}"), text, [str(finding)]).html,
        "passages": lambda: report.of(Brief(text)).passages.html,
        "findings": lambda: found._repr_mimebundle_()["text/html"],
        "page": lambda: page(Document("a.md", text), found).html,
        "changes": lambda: changes.shown(changes.changes(f"# a\n\nold\n\n{text}", f"# a\n\n{text}\n\n# {text}\n")).html,
        "bundle": lambda: view.Shown(view.escape(text), text)._repr_mimebundle_()["text/html"],
        "picture": lambda: view.picture('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1"/>', text),
    }  # fmt: skip
    for face, shown in faces.items():
        try:
            is_inert(shown())
        except AssertionError as error:
            raise AssertionError(f"{face}: {error}") from error


@pytest.mark.parametrize("name", OUTPUTS)
def test_hostile_text_steers_no_terminal_and_hides_nothing(name: str) -> None:
    for shown in (view.plain(OUTPUTS[name]), view.box("note", [OUTPUTS[name]]).text, view.table(["a"], [[OUTPUTS[name]]]).text):  # fmt: skip
        assert not HIDDEN.search(shown.replace("\n", ""))


@pytest.mark.parametrize(
    "drawing",
    [
        "<script>alert(1)</script>",
        "<g onload='alert(1)'/>",
        "<g ONLOAD='alert(1)'/>",
        "<a href='javascript:alert(1)'><text>x</text></a>",
        "<use href='https://evil.example/x.svg#a'/>",
        "<use xmlns:x='http://www.w3.org/1999/xlink' x:href='data:image/svg+xml,x#a'/>",
        "<image href='https://evil.example/x.png'/>",
        "<image href='data:image/svg+xml;base64,PHN2Zz4='/>",
        "<style>@import 'https://evil.example/x.css';</style>",
        "<style>*{fill:url(https://evil.example/x)}</style>",
        "<style>*{fill:u\\72l(https://evil.example/x)}</style>",
        "<style>*{background:image-set('//evil.example/x' 1x)}</style>",
        "<rect style='fill:url(//evil.example/x)'/>",
        "<rect fill='url(&quot;//evil.example/x&quot;)'/>",
        "<rect filter='url( \t//evil.example/x)'/>",
        "<animate attributeName='href' to='javascript:alert(1)'/>",
        "<set attributeName='onload' to='alert(1)'/>",
        "<foreignObject><iframe xmlns='http://www.w3.org/1999/xhtml' src='x'/></foreignObject>",
        "<foreignObject><img xmlns='http://www.w3.org/1999/xhtml' src='x'/></foreignObject>",
        "<foreignObject><p xmlns='http://www.w3.org/1999/xhtml' style='background:url(//evil.example)'/></foreignObject>",
        "<script xmlns='http://www.w3.org/1999/xhtml'>alert(1)</script>",
        "<x:g xmlns:x='urn:other'/>",
        "<?xml-stylesheet href='x.css'?>",
        "<!-- a -->",
        "<![CDATA[a]]>",
    ],
)
def test_a_drawing_that_could_act_by_itself_is_no_picture(drawing: str) -> None:
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1 1">{drawing}</svg>'
    with pytest.raises(ValueError, match="it would hold|it declares"):
        view.picture(svg, "a")


def test_no_mixture_of_hostile_pieces_gets_through() -> None:
    chance = random.Random(6)
    texts = [text for text in OUTPUTS.values() if "mermaid" not in text.lower()]  # drawing takes its time
    pieces = [piece for text in texts for piece in re.findall(r"<[^>]*>?|\w+|\W", text)]
    pieces += [
        "\n",
        "\n\n",
        "\n- ",
        "\n> ",
        "\n|---|\n",
        "```",
        "~~~",
        "``",
        "](",
        "![",
        "&#",
        "    ",
        "[a]: ",
        "\r\n",
        "<!--",
    ]
    for _ in range(400):
        mixed = "".join(chance.choice(pieces) for _ in range(chance.randint(3, 60)))
        is_inert(view.html(chance.choice(["", chance.choice(texts)]) + mixed, {1: "<div>x</div>"}, lines=True))


def test_the_outputs_are_hostile_and_would_be_found_out() -> None:
    found_out = 0
    for text in OUTPUTS.values():
        try:
            is_inert(text)
        except (AssertionError, ValueError):
            found_out += 1
    assert (
        len(OUTPUTS) > 200 and found_out >= 120
    )  # the others act only where markdown, mathematics or a diagram is read
