"""Nothing a model, a brief or a codebase writes can run, load, lead away or hide where it is shown."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest

from planning_kit import view
from planning_kit.brief import Brief
from planning_kit.document import Document, Finding
from planning_kit.findings import Findings, page
from planning_kit.intake import report

ALLOWED = set(
    [
        "p",
        "br",
        "hr",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "strong",
        "em",
        "s",
        "del",
        "code",
        "pre",
        "blockquote",
        "ul",
        "ol",
        "li",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)
OWN = {"div", "details", "summary", "img"}

HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "<svg onload=alert(1)><animate onbegin=alert(1)></svg>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<details open ontoggle=alert(1)>x</details>",
    "<form action=https://evil.example><input name=q></form>",
    "<style>@import 'https://evil.example/x.css'</style>",
    "<button data-commandlinker-command='notebook:run-all'>Approve</button>",
    "<a href='javascript:alert(1)'>x</a>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "[x](https://evil.example/?q=1 'title')",
    "![x](https://evil.example/pixel.png)",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    "[ref][1]\n\n[1]: https://evil.example",
    "<https://evil.example/auto>",
    "```html\n</code></pre><script>alert(1)</script>\n```",
    "```<script>alert(1)</script>\nx\n```",
    "| <img src=x onerror=alert(1)> |\n|---|\n| <script>alert(1)</script> |",
    "# <svg/onload=alert(1)>",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<!-- <script>alert(1)</script> -->",
    "<p class='jp-x' id=a style='background:url(https://evil.example)'>x</p>",
    "```mermaid\nflowchart LR\n A[</code></pre><script>alert(1)</script>] --> B\n```",
    '```mermaid\nflowchart LR\n A --> B\n click A "javascript:alert(1)"\n```',
    "```mermaid\n%%{init: {'securityLevel': 'loose'}}%%\nflowchart LR\n A --> B\n```",
    '```mermaid\nflowchart LR\n A["<img src=x onerror=alert(1)>"] --> B\n```',
]


class Elements(HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.seen: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.seen.append((tag, dict(attrs)))


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_markdown_leaves_only_harmless_elements(hostile: str) -> None:
    for tag, attributes in Elements(view.html(hostile)).seen:
        assert tag in ALLOWED | {"details", "summary", "img"}
        if tag == "img":
            assert str(attributes["src"]).startswith("data:image/svg+xml;base64,")
        else:
            assert attributes == ({"style": "text-align:left"} if tag in ("td", "th") else {})


@pytest.mark.parametrize("hostile", HOSTILE)
def test_hostile_text_in_cards_tables_and_documents_stays_text(hostile: str) -> None:
    finding = Finding("a.md", 1, hostile, hostile, "error", hostile, hint=hostile)
    found = Findings([finding], [Document("a.md", hostile)])
    pages = [
        view.box("note", [hostile, hostile]).html,
        view.table([hostile], [[hostile]]).html,
        view.document(Document("a.md", f"# {hostile}"), hostile, [str(finding)]).html,
        report.of(Brief(hostile)).passages.html,
        found._repr_mimebundle_()["text/html"].replace(' class="mathjax_ignore tex2jax_ignore"', ""),
        page(Document("a.md", hostile), found).html,
    ]
    for tag, attributes in Elements("".join(pages)).seen:
        assert tag in ALLOWED | OWN
        assert not any(name.startswith("on") or name in ("href", "id", "class") for name in attributes)


def test_raw_html_is_shown_as_the_text_it_is() -> None:
    assert view.html("a <b>c</b>") == "<p>a &lt;b&gt;c&lt;/b&gt;</p>\n"


def test_a_link_is_its_words_and_its_address_and_cannot_be_clicked() -> None:
    assert (
        view.html("see [the guide](https://example.org/a)")
        == "<p>see the guide (<code>https://example.org/a</code>)</p>\n"
    )
    assert view.html("<https://example.org/a>") == "<p>https://example.org/a</p>\n"


def test_an_image_is_its_description_and_its_address() -> None:
    assert (
        view.html("![a cat](https://example.org/c.png)")
        == "<p>[image: a cat <code>https://example.org/c.png</code>]</p>\n"
    )


def test_tables_and_code_read_as_such() -> None:
    page = view.html("| a | b |\n|---|--:|\n| 1 | `x < y` |\n\n```yaml\na: <b>\n```\n")
    assert re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page) == ["a", "b", "1", "<code>x &lt; y</code>"]
    assert "<pre><code>a: &lt;b&gt;\n</code></pre>" in page


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("a\u200bb", "a␣U+200Bb"),
        ("a\u202eb", "a␣U+202Eb"),
        ("a\u2066b", "a␣U+2066b"),
        ("a\x1b[2Jb", "a␣U+001B[2Jb"),
        ("a\U000e0041b", "a␣U+E0041b"),
        ("a\u3164b", "a␣U+3164b"),
        ("a\ufeffb", "a␣U+FEFFb"),
        ("a\u00adb", "a␣U+00ADb"),
        ("a\udc80b", "a␣U+DC80b"),
        ("a\u200d\u200db", "a␣U+200D␣U+200Db"),
    ],
)
def test_what_is_invisible_is_spelled_out_everywhere(written: str, seen: str) -> None:
    assert view.plain(written) == seen
    assert view.box("note", [written]).text == seen
    assert seen in view.box("note", [written]).html
    assert seen in view.html(written)
    assert seen in view.html(f"`{written}`")


def test_what_is_invisible_by_entity_is_spelled_out_too() -> None:
    assert view.html("a&ZeroWidthSpace;b &#x202e;") == "<p>a␣U+200Bb ␣U+202E</p>\n"


@pytest.mark.parametrize("text", ["日本語と한국어", "عربي می‌خواهم", "👩‍💻 ❤️", "naïve café", "a\tb\nc"])
def test_ordinary_text_of_any_script_is_left_alone(text: str) -> None:
    assert view.visible(text) == text


def test_a_valid_diagram_is_an_inert_picture_with_its_source() -> None:
    page = view.html("```mermaid\nerDiagram\n  USER ||--o{ POST : writes\n```\n")
    assert re.fullmatch(
        r'<p><img alt="diagram [0-9a-f]{12}" width="\d+" height="\d+" style="[^"]+" src="data:image/svg\+xml;base64,[A-Za-z0-9+/=]+"></p>'
        r"<details><summary>Source of the diagram</summary><pre><code>erDiagram\n  USER \|\|--o\{ POST : writes\n</code></pre></details>\n?",
        page,
    )


def test_ordinary_words_in_a_diagram_do_not_stop_it_from_being_drawn() -> None:
    page = view.html(
        "```mermaid\nsequenceDiagram\n  User->>App: click the button\n  App->>API: callback with data: id\n```\n"
    )
    assert "<img " in page


def test_an_invalid_diagram_shows_why_and_its_source() -> None:
    page = view.html("```mermaid\nflowchart LR\n A -- \n```\n")
    assert "<img" not in page
    assert "cannot be drawn" in page
    assert "flowchart LR\n A -- \n" in page


def test_a_text_with_very_many_diagrams_draws_only_the_first_ones() -> None:
    page = view.html("```mermaid\nflowchart LR\n A --> B\n```\n\n" * (view.MOST_DIAGRAMS + 5))
    assert page.count("<img ") == view.MOST_DIAGRAMS
    assert page.count("A --&gt; B") == view.MOST_DIAGRAMS + 5


def test_what_is_too_long_is_cut_and_says_so() -> None:
    by_lines = view.html("- a\n" * 3_000)
    assert by_lines.count("<li>") == 2_000
    assert "Cut here: 2,000 of 3,000 lines and 8,000 of 12,000 characters are shown" in by_lines
    assert view.plain("x" * 150_000).endswith(
        "[Cut here: 1 of 1 lines and 100,000 of 150,000 characters are shown; open the file to read the rest]"
    )


@pytest.mark.parametrize(
    "piece", ["[", "![a", "*a ", "> ", "`", "- ", "[a](b", "<", "\\", "|a", "**a*b", "# a\n", "```\n"]
)
def test_pathological_text_is_shown_within_seconds(piece: str) -> None:
    began = time.perf_counter()
    view.html(piece * (100_000 // len(piece)))
    assert time.perf_counter() - began < 10


def test_a_placeholder_cannot_be_guessed_by_the_text() -> None:
    text = "```mermaid\nflowchart LR\n A --> B\n```\n"
    assert len(re.findall("<img", view.html(text + "\n" + "0" * 16 + "-0"))) == 1


def test_what_is_shown_offers_html_and_plain_text_and_nothing_else() -> None:
    bundle = view.box("note", ["Price $5 and $10"])._repr_mimebundle_()
    assert set(bundle) == {"text/html", "text/plain"}
    assert bundle["text/html"].startswith('<div class="mathjax_ignore tex2jax_ignore">')
    assert bundle["text/plain"] == "Price $5 and $10"


def test_a_table_in_a_terminal_has_aligned_columns() -> None:
    assert view.table(["a", "bb"], [["xxx", 1], ["y", 22]]).text == "a    bb\nxxx  1\ny    22"
