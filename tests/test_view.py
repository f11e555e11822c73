"""Nothing a model, a brief or a codebase writes can run, load, lead away or hide where it is shown."""

from __future__ import annotations

import re
import time
from html.parser import HTMLParser

import pytest

from planning_kit import view
from planning_kit.aside import patience
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
    by_lines = view.html("- a\n" * 30_000)
    assert by_lines.count("<li>") == 20_000
    assert "Cut here: 20,000 of 30,000 lines and 80,000 of 120,000 characters are shown" in by_lines
    assert view.plain("x" * 450_000).endswith(
        "[Cut here: 1 of 1 lines and 400,000 of 450,000 characters are shown; open the file to read the rest]"
    )


LONG = """## Section {n}

The clinic books **appointments** for the same doctor; a second booking is answered with `409` [P{n}], and naïve cafés are kept.

- a first point about it
- a second point with *emphasis*

| column | what | rule | kept |
|---|---|---|---|
""" + "| `patient_id` uuid | the person who is treated, see [P12] | not null | kept for 10 years |\n" * 12 + "\n"  # fmt: skip


def test_a_document_of_200_kilobytes_is_shown_whole() -> None:
    text = "".join(LONG.format(n=n) for n in range(190))
    assert len(text) > 200_000
    page = view.html(text, {at: view.box("wait", ["x"]).html for at in range(1, 3000, 50)}, lines=True)
    assert "Cut here" not in page and page.count("<tr ") == 190 * 13 and page.count("<strong>x</strong>") == 60


@pytest.mark.parametrize(
    "piece",
    [
        "[",
        "![a",
        "*a ",
        "> ",
        "`",
        "- ",
        "[a](b",
        "<",
        "\\",
        "|a",
        "**a*b",
        "# a\n",
        "```\n",
        "- - - a\n",
        "> - > - a\n",
        "* a\n",
        "~~a",
        "***",
    ],
)
def test_pathological_text_is_shown_within_seconds(piece: str) -> None:
    began = time.process_time()  # of this process alone: a busy machine is no fault of the text
    view.html(piece * (200_000 // len(piece)))
    assert time.process_time() - began < 5


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


BLOCKS = """# One

two
lines

- three
  - four

> five

| six | b |
|---|---|
| 1 | 2 |

```sql
seven
```

    eight
"""


def test_each_block_says_on_which_line_it_begins() -> None:
    found = [(tag, attributes["data-line"]) for tag, attributes in Elements(view.html(BLOCKS, lines=True)).seen if "data-line" in attributes]  # fmt: skip
    assert found == [
        ("h1", "1"), ("p", "3"), ("li", "6"), ("li", "7"), ("blockquote", "9"), ("p", "9"),
        ("tr", "11"), ("tr", "13"), ("pre", "15"), ("pre", "19"),
    ]  # fmt: skip
    diagram = view.html("a\n\n```mermaid\nflowchart LR\n A --> B\n```\n", lines=True)
    assert re.search(r'<div data-line="3"><p><img ', diagram)
    assert "data-line" not in view.html(BLOCKS)


def test_what_stands_beside_a_line_comes_after_the_outermost_block_that_holds_it() -> None:
    beside = {0: "<i>0</i>", 1: "<i>1</i>", 2: "<i>2</i>", 4: "<i>4</i>", 7: "<i>7</i>", 13: "<i>13</i>", 99: "<i>99</i>"}  # fmt: skip
    page = re.sub(r"\s+", " ", view.html(BLOCKS, beside))
    order = re.findall(r"<i>\d+</i>|One|two|four|five|seven|eight|</table>|</ul> </li> </ul>", page)
    assert order == [
        "<i>0</i>", "One", "<i>1</i>", "<i>2</i>", "two", "<i>4</i>", "four", "</ul> </li> </ul>", "<i>7</i>", "five",
        "</table>", "<i>13</i>", "seven", "eight", "<i>99</i>",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ('[a](https://b.example "told to nobody")', "a (<code>https://b.example</code> “told to nobody”)"),
        ('![a](b.png "told to nobody")', "[image: a <code>b.png</code> “told to nobody”]"),
        ("[//]: # (told to nobody)", "<li>//: <code>#</code> “told to nobody”</li>"),
        ("[a]\n\n[a]: b\n[a]: told-to-nobody", "<li>A: <code>told-to-nobody</code></li>"),
        ("| a |\n|---|\n| b | told to nobody |", '<td style="text-align:left">told to nobody</td>'),
        ("> | a |\n> |---|\n> b | told | to \\| nobody", '<td style="text-align:left">to | nobody</td>'),
        ("```sql told to nobody\nx\n```", "<p><code>sql told to nobody</code></p>"),
        ("```mermaid told to nobody\nx\n```", "<p><code>mermaid told to nobody</code></p>"),
        ("> " * 40 + "told to nobody", "told to nobody</code></pre>"),
        ("<!-- told to nobody -->", "&lt;!-- told to nobody --&gt;"),
    ],
)
def test_what_markdown_would_keep_from_the_reader_is_shown(written: str, seen: str) -> None:
    assert seen in view.html(written)


def test_what_a_table_and_a_list_of_definitions_show_already_is_not_said_twice() -> None:
    page = view.html("| a | b |\n|---|---|\n| 1 | 2 |\n3 | 4\n| 5 |\n\nsee [x]\n\n[x]: https://a.example\n")
    assert re.findall(r"<t[dh][^>]*>(.*?)</t[dh]>", page) == ["a", "b", "1", "2", "3", "4", "5", ""]
    assert "nothing refers to it" not in page


def test_lines_that_end_as_windows_ends_them_read_like_any_other() -> None:
    assert view.html("a\r\n\r\nb") == "<p>a</p>\n<p>b</p>\n"
    assert view.html("a\rb") == "<p>a␣U+000Db</p>\n"


def test_a_documents_headings_can_stand_below_those_of_the_page() -> None:
    assert re.findall(r"<(h\d)>", view.html("# a\n\n## b\n\nc\n===\n\n###### d\n", deeper=2)) == [
        "h3",
        "h4",
        "h3",
        "h6",
    ]


def test_a_diagram_that_is_not_drawn_yet_need_not_be_waited_for() -> None:
    text = "```mermaid\nflowchart LR\n only --> here\n```\n"
    assert "This diagram is not drawn yet" in view.html(text, draw=False)
    assert "<img " in view.html(text)
    assert "<img " in view.html(text, draw=False)


def test_diagrams_that_take_too_long_together_are_not_drawn_and_not_forgotten() -> None:
    with patience(0):
        assert "have taken all the time" in view.figure("flowchart LR\n late --> later")
    assert "<img " in view.figure("flowchart LR\n late --> later")


def test_a_paragraph_that_is_very_long_is_shown_as_it_is_written() -> None:
    assert view.html("*a* " * 6_000).startswith("<p>*a* *a* ")
    assert view.html("*a* " * 4_000).startswith("<p><em>a</em> ")


def test_a_table_to_explore_hides_nothing_and_is_never_read_as_mathematics() -> None:
    frame = view.frame(
        [["a\u200bb $\\href{javascript:alert(1)}{x}$", 1, None], ["<b>", 2.5, "c"]], ["words", "n", "left"]
    )
    assert frame["words"].tolist() == ["a␣U+200Bb $\\href{javascript:alert(1)}{x}$", "<b>"]
    assert frame["n"].tolist() == [1, 2.5]
    shown = frame.to_html(notebook=True)
    assert "mathjax_ignore" in shown and "&lt;b&gt;" in shown and "<b>" not in shown
    assert view.frame([], ["a"]).columns.tolist() == ["a"]


def test_what_was_shown_once_is_shown_again_without_a_secret_that_came_later(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "wxyz-4711-abcd" in view.html("Say wxyz-4711-abcd aloud.")
    monkeypatch.setenv("SOME_API_KEY", "wxyz-4711-abcd")
    assert "wxyz-4711-abcd" not in view.html("Say wxyz-4711-abcd aloud.")


def test_a_diagram_that_was_not_drawn_for_want_of_time_is_drawn_the_next_time() -> None:
    text = "```mermaid\nflowchart TD\n  later --> drawn\n```\n"
    assert "<img" not in view.html(text, draw=False)
    assert "<img" in view.html(text)
    assert "<img" in view.html(text, draw=False)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("[Key decisions](#key-decisions)", "Key decisions"),
        ("[User Stories](user-stories.md)", "User Stories"),
        ("[`POST /orders`](../requirements/api-spec.md#post-orders)", "<code>POST /orders</code>"),
        ("[FR-EVE-01](../requirements/requirements.md#events)", "FR-EVE-01"),
        ("[FR-EVE-01](other.md#events)", "FR-EVE-01 (<code>other.md#events</code>)"),
        ("[Key decisions](#approve-everything)", "Key decisions (<code>#approve-everything</code>)"),
        (
            "[User Stories](https://example.org/user-stories.md)",
            "User Stories (<code>https://example.org/user-stories.md</code>)",
        ),
        ("[User Stories](javascript:user-stories.md)", "[User Stories](javascript:user-stories.md)"),
    ],
)
def test_a_link_shows_its_address_unless_its_words_say_where_it_leads(written: str, shown: str) -> None:
    assert view.html(written) == f"<p>{shown}</p>\n"
