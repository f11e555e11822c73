"""Words somebody else wrote, put where they name nobody, link nothing and run nothing: in markdown, in Jira's wiki, in HTML, in a cell."""

from __future__ import annotations

import html as markup
import re
from collections.abc import Callable, Iterable, Iterator

from slugify import slugify

from ...view.letters import spelled

_SPAN = re.compile(r"(?<!`)`[^`\n]+`(?!`)")
_LIVE = re.compile(r"@\w|#\d|(?:\b|_)GH-\d|://|(?:\b|_)www\.", re.IGNORECASE)
"""What a tracker makes a mention, a reference or a link of (GitHub Docs, *Autolinked references and URLs*)."""
_MARKS = re.compile(r"[\\`*\[\]<>|~$&]|(?<!\w)_|_(?!\w)|^[#+-]|(?<=^\d)[.)]|(?<=^\d\d)[.)]")
_WIKI = re.compile(r"[{}\[\]!|*]|(?<!\w)[-_+^~?](?=\S)|^(?:h\d|bq)(?=\.)|^#")
_ITEM = re.compile(r"[ \t]{0,8}[-*+][ \t]+")
_BEGINS = re.compile(r"<|(?<=!)\[|(?<=\])[(:]|^(?=```|~~~)")
_FORMULA = "=+-@\t\r＝＋－＠"
"""What a spreadsheet takes for the beginning of a formula (OWASP, *CSV Injection*)."""


def line(text: str, most: int = 0) -> str:
    """``text`` on one line with nothing hidden in it; cut after ``most`` characters if that is said. Secrets are looked for in the whole of what goes out."""
    words = spelled(" ".join(text.split()))
    return words if not most or len(words) <= most else f"{words[: most - 1].rstrip()}…"


def name(text: str, most: int = 48) -> str:
    """``text`` as part of a file's name: lower-case ASCII letters, digits and hyphens; never empty."""
    return str(slugify(text[:400], max_length=most, word_boundary=True)) or "task"


def markdown(text: str) -> str:
    """``text`` as one line of markdown: what stands between backticks stays code, what would name somebody or link something becomes code, the rest is words."""
    made = ""
    for part in _parted(line(text), lambda code: code, _quiet):
        made += (
            f" {part}" if made.endswith("`") and part.startswith("`") else part
        )  # else two codes would be read as one, or as none
    return made


def wiki(text: str) -> str:
    """``text`` as one line of Jira's wiki markup, in which only what stood between backticks is marked: as code."""
    return "".join(_parted(line(text), lambda code: "{{" + _wiki(code[1:-1]) + "}}", _wiki))


def html(text: str) -> str:
    """``text`` as one line of HTML: words, and code where it stood between backticks."""
    return "".join(_parted(line(text), lambda code: f"<code>{markup.escape(code[1:-1])}</code>", markup.escape))


def plain(text: str) -> str:
    """``text`` as one line of a file that people and agents read as it stands: no tag, comment, fence, picture or link begins in it."""
    return _BEGINS.sub(r"\\\g<0>", line(text))


def lines(text: str, as_words: Callable[[str], str]) -> Iterator[tuple[bool, str]]:
    """The lines of ``text`` that say something, each with whether it is an item of a list."""
    for each in text.splitlines():
        if each.strip():
            item = _ITEM.match(each)
            yield item is not None, as_words(each[item.end() :] if item else each)


def listed(entries: Iterable[str], mark: str = "- ") -> list[str]:
    """``entries`` as the items of a list."""
    return [f"{mark}{each}" for each in entries]


def cell(text: str) -> str:
    """``text`` as a cell that no spreadsheet runs. What is written here begins with words of ours, so that nothing is put before it as a rule."""
    return f"'{text}" if text[:1] and text[0] in _FORMULA else text


def _parted(text: str, code: Callable[[str], str], words: Callable[[str], str]) -> Iterator[str]:
    at = 0
    for span in _SPAN.finditer(text):
        yield words(text[at : span.start()])
        yield code(span.group())
        at = span.end()
    yield words(text[at:])


def _quiet(text: str) -> str:
    return "".join(_inert(part) if _LIVE.search(part) else _MARKS.sub(r"\\\g<0>", part) for part in re.split(r"(\s+)", text))  # fmt: skip


def _inert(token: str) -> str:
    """A word that would be live, as code."""
    words = token.rstrip(".,;:")
    longest = max((len(run) for run in re.findall("`+", words)), default=0)
    ticks, room = "`" * (longest + 1), " " if longest else ""
    return f"{ticks}{room}{words}{room}{ticks}{token[len(words) :]}"


def _wiki(text: str) -> str:
    return _WIKI.sub(r"\\\g<0>", text.replace("\\", "&#92;"))
