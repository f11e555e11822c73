"""What a plan leaves to those who build: no function bodies, statements or scripts in its fenced blocks."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ...document import Document
from ..about import About
from ..artefact import Artefact, artefacts
from ..wrong import Wrong, Wrongs

LONGEST = 15
"""JSON, YAML or TOML of so many lines is no example any more."""
_SCRIPTS = frozenset(
    (
        "bash",
        "sh",
        "shell",
        "zsh",
        "fish",
        "powershell",
        "pwsh",
        "ps1",
        "bat",
        "cmd",
        "dockerfile",
        "docker",
        "makefile",
        "nginx",
    )
)
_DATA = frozenset(
    ("json", "yaml", "toml", "openapi", "json-schema", "github-actions", "azure-pipelines", "gitlab-ci", "compose")
)
_FREE = frozenset(("mermaid", "graphql", "protobuf", "gherkin", "promql"))
_TEXT = frozenset(("", "text", "txt", "plain", "plaintext", "tree", "markdown", "md", "http", "output", "log"))
_STRONG = re.compile(
    r"\s*(?:\}\s*)?(?:"
    r"(?:async\s+)?(?:if|elif|else\s+if|for|foreach|while|switch|match|with|catch|except|unless|until)\b[^\n]{0,300}[:{)]\s*$"
    r"|(?:if|for|foreach|while|switch|catch|using)\s?\(|(?:else|try|finally|do|begin)\s*[:{]?\s*$"
    r"|return\s+(?:if|unless)\b|[\w.]{1,80}\.(?:each|map|times|tap)\w*\s+do\b"
    r"|return\b(?:\s*[;({\[\"'`]|\s+[\w.]+\s*[;({\[.+*/<>=!?&|-]|\s+(?:await|new|not|lambda)\b|\s+[\w.]+\s*$|\s*$)"
    r"|(?:await|throw|yield|defer|raise)\s+(?!NotImplementedError|new NotImplemented|new UnsupportedOperation)[\w.(]"
    r"|(?:console|System|fmt|logger|log)\.[\w.]+\(|print(?:ln|f)?\s?\(|\w+(?:\.\w+)*\s*(?:\+|-|\*|/)=\s*\S"
    r")"
)
"""A line that does something, in the languages that are known."""
_CALL = re.compile(
    r"\s*(?:(?:const|let|var|val|final|auto)\s+)?(?:self\.|this\.|\$)?[\w.]+\s*:?=\s*(?:await\s+|new\s+)?(?!TypeVar|NewType|namedtuple|NamedTuple|TypedDict|Literal|Enum)[\w.]+\(|\s*(?:this\.|self\.)?\w+\.\w[\w.]*\([^)]{0,200}\)\s*;?\s*$"
)
"""A line that calls something; it may also declare it."""
_ONE_LINE = re.compile(
    r"\s*(?:async\s+)?def\s[^\n]{1,300}\)\s*(?:->[^:\n]{1,100})?:\s+(?!\.\.\.|pass\b)\S|\s*(?:fun|func|fn)\s[^{}\n]{1,300}\)[^={}\n]{0,80}=\s*\S"
)
"""A function whose body is on its own line."""
_ARROW = re.compile(r"[^\"']{0,200}=>\s*(?:\{\s*\w|[\w.]+\()")
_SQL = re.compile(
    r"(?i)\s*(?:create|alter|drop|select|insert|update|delete|merge|with|grant|truncate|begin|declare|exec(?:ute)?)\b"
)
_RESOURCE = re.compile(
    r"\s*(?:resource|module|provider|data|variable|output)\s+\"?[\w-]+\"?|\s*[^{}]{1,100}\{\s*$|\s*<\w"
)
_COMMAND = re.compile(r"\s*\$\s+\S")
_COMMENT = re.compile(r"(?:^|\s)(?://|#(?!\[)).*$")


def holds_no_implementation(document: Document, about: About) -> Wrongs:
    """Hold no implementation: no function bodies, statements, SQL or scripts, and no JSON or YAML of 15 lines or more; diagrams, tables, names, signatures and trees of files only."""
    for artefact in artefacts(document):
        for line, said, severity in _done(artefact):
            at = artefact.line + max(1, line) - 1
            hint = "say what it has to do, or show its signature; those who build it write the code"
            yield Wrong(at, said, hint, severity=severity)
            break


def _done(artefact: Artefact) -> Iterator[tuple[int, str, str]]:
    """What an artefact does: its line there, what is wrong, and whether that is certain."""
    kind, lang = artefact.kind, artefact.lang
    if kind in _FREE:
        return
    if kind in _DATA:
        lines = sum(bool(line.strip()) for line in artefact.lines)
        if lines >= LONGEST:
            yield (
                1,
                f"this {lang or kind} block has {lines} lines: a contract that is shown whole is an implementation",
                "error",
            )
        return
    lines_ = [
        (number, line[:600]) for number, line in enumerate(_bare(artefact.text).split("\n"), start=1) if line.strip()
    ]
    if lang in _SCRIPTS:
        yield from ((number, f"this is a script ({lang})", "error") for number, _ in lines_[:1])
    elif kind == "sql":
        yield from (
            (n, f"this is a statement of SQL: {_short(line)}", "error") for n, line in lines_ if _SQL.match(line)
        )
    elif lang in ("hcl", "terraform", "tf", "css", "html"):
        yield from (
            (n, f"this is an implementation in {lang}: {_short(line)}", "error")
            for n, line in lines_
            if _RESOURCE.match(line)
        )
    elif lang in _TEXT or lang in ("console", "diff"):
        yield from _hidden(lines_)
    else:
        yield from _body(lines_, lang)


def _body(lines: list[tuple[int, str]], lang: str) -> Iterator[tuple[int, str, str]]:
    """Statements among lines of code: those that are certain first."""
    for number, line in lines:
        if _STRONG.match(line) or _ONE_LINE.match(line) or _ARROW.match(line):
            yield number, f"this is an implementation in {lang}, not a signature: {_short(line)}", "error"
    for number, line in lines:
        if _CALL.match(line):
            yield number, f"this looks like a statement in {lang}: {_short(line)}", "warning"


def _hidden(lines: list[tuple[int, str]]) -> Iterator[tuple[int, str, str]]:
    """Commands, and code in a block that names no language of code."""
    for number, line in lines:
        if _COMMAND.match(line):
            yield number, f"this is a command: {_short(line)}", "error"
    strong = [(number, line) for number, line in lines if _STRONG.match(line)]
    if len(strong) >= 3:
        yield strong[0][0], f"this looks like code: {_short(strong[0][1])}", "warning"


def _bare(text: str) -> str:
    """``text`` without comments and texts of several lines, every line at its place."""
    for mark in ('"""', "'''"):
        pieces = text.split(mark)
        if len(pieces) > 2:
            pieces[1::2] = ["\n" * each.count("\n") for each in pieces[1::2]]
            text = '""'.join(pieces)
    pieces = text.split("/*")
    kept = [pieces[0]]
    for each in pieces[1:]:
        inside, _, after = each.partition("*/")
        kept.append("\n" * inside.count("\n") + after)
    return "\n".join(_COMMENT.sub("", line[:600]) for line in "".join(kept).split("\n"))


def _short(line: str) -> str:
    return repr(" ".join(line.split())[:60])
