"""The artefacts of a document: its fenced blocks by what they hold, or the whole of a file that is one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache

from ..document import Document, Fence

KINDS = {
    "mermaid": ("mermaid", "mmd"),
    "sql": ("sql", "psql", "pgsql", "postgres", "postgresql", "plpgsql", "tsql", "mssql", "mysql", "mariadb", "sqlite", "plsql"),
    "json": ("json", "geojson"),
    "yaml": ("yaml", "yml"),
    "toml": ("toml",),
    "graphql": ("graphql", "gql", "graphqls"),
    "protobuf": ("proto", "protobuf", "proto3"),
    "gherkin": ("gherkin", "feature", "cucumber"),
    "promql": ("promql",),
    "code": (
        "python", "py", "python3", "javascript", "js", "mjs", "cjs", "jsx", "typescript", "ts", "tsx", "csharp", "cs", "c#",
        "go", "golang", "java", "kotlin", "kt", "rust", "rs", "ruby", "rb", "php", "swift", "scala", "elixir", "ex", "c", "cpp", "c++",
        "dart", "lua", "bash", "sh", "shell", "zsh", "hcl", "terraform", "tf", "css", "html",
    ),
    "text": ("", "text", "txt", "plain", "plaintext", "tree", "console", "output", "log", "markdown", "md", "diff", "http"),
}  # fmt: skip
"""Kind → the fence languages and file endings that name it; what YAML and JSON hold is told by their content."""

_BY_LANGUAGE = {language: kind for kind, languages in KINDS.items() for language in languages}
_CONTENT = (
    ("openapi", r"""(?m)^["']?(?:openapi|swagger)["']?[ \t]*:|^[ \t]*\{?[ \t]*"(?:openapi|swagger)"[ \t]*:[ \t]*"[23]\.\d"""),
    ("openapi", r"""(?m)\A(?!(?s:.{0,5000})^asyncapi:)(?s:.*?)^(?:paths:[ \t]*\n(?:[ \t]*(?:#.*)?\n)*[ \t]+["']?/|components:[ \t]*\n(?:[ \t]*(?:#.*)?\n)*[ \t]+(?:schemas|responses|parameters|requestBodies|securitySchemes):)"""),
    ("json-schema", r"""(?m)^[ \t]*\{?[ \t]*["']?\$schema["']?[ \t]*:[ \t]*["']?https?://json-schema\.org/"""),
    ("github-actions", r"""(?ms)\A(?=.*^['"]?on['"]?[ \t]*:)(?=.*^jobs[ \t]*:)"""),
    ("azure-pipelines", r"(?ms)\A(?=.*^(?:trigger|pr|pool|resources|schedules)[ \t]*:)(?=.*^(?:stages|jobs|steps|extends)[ \t]*:)|^(?:stages|jobs|steps):[ \t]*\n(?:[ \t]*(?:\#[^\n]*)?\n){0,9}[ \t]*-[ \t]+(?:(?:stage|job|deployment|task|script|bash|pwsh|powershell|template|checkout|download|publish)[ \t]*:|\$\{\{)|^extends:[ \t]*\n[ \t]+template[ \t]*:"),
    ("gitlab-ci", r"(?m)^[\w.][^\n]*:[ \t]*\n(?=([ \t]+)\S)(?:[ \t][^\n]*\n|\n)*?\1script[ \t]*:|^include:[ \t]*\n[ \t]*-[ \t]+(?:template|local|project|remote|component)[ \t]*:"),
    ("compose", r"(?m)^services:[ \t]*\n(?:[ \t][^\n]*\n|\#[^\n]*\n|\n)*?[ \t]+(?:[\w.-]+:[ \t]*\{[ \t]*)?(?:image|build)[ \t]*:"),
)  # fmt: skip
_PLAN_FILE = re.compile(r"(?:^|[/._-])task[-_]?plan(?:[._-][^/]*)?\.json$", re.IGNORECASE)
_PLAN_KEYS = (
    "tasks",
    "makers",
    "task_order",
    "skill_id",
    "task_name",
    "preceding_task",
    "validation_criteria",
    "architecture",
)
"""Keys of a task plan, and of the sketch one is built of; a JSON object with three of them is meant as one."""
_NAMED = re.compile(r"""(?:title|file|filename|path|name)=["']?([^"'\s}]+\.\w+)""")
_FIRST = re.compile(r"\s*(?:#|//|--|/\*|<!--)\s*(?:file(?:name)?:\s*)?([\w./-]+\.\w{1,6})\s*(?:\*/|-->)?\s*$")


@dataclass(frozen=True)
class Artefact:
    """One artefact of a document.

    Attributes:
        kind: what it holds: a name of :data:`KINDS`, or ``openapi``, ``json-schema``, ``github-actions``,
            ``azure-pipelines``, ``gitlab-ci``, ``compose``, ``task-plan``, or ``other``.
        lang: the language its fence names, in lower case; the ending for a file.
        text: what it holds, without the fence.
        line: the document's line, from 1, its text starts on.
        name: the file it says it is (``title="app.py"``, or a first line ``# app.py``), or empty.
    """

    kind: str
    lang: str
    text: str
    line: int
    name: str = ""

    @cached_property
    def lines(self) -> tuple[str, ...]:
        """Its lines."""
        return tuple(self.text.split("\n"))


@lru_cache(maxsize=256)
def artefacts(document: Document) -> tuple[Artefact, ...]:
    """Every artefact of ``document``, in order: its fences; the whole of it if it is not markdown."""
    if not is_markdown(document):
        ending = _ending(document)
        whole = Fence(ending, document.text, 1)
        named = ending == "json" and _PLAN_FILE.search(document.name)
        return (Artefact("task-plan" if named else _kind(whole), ending, document.text, 1, document.name),)
    return tuple(Artefact(_kind(fence), fence.lang, fence.text, fence.line, _name(fence)) for fence in document.fences)


def is_markdown(document: Document) -> bool:
    """Whether ``document`` is read as markdown; if not, the whole of it is one artefact."""
    ending = _ending(document)
    return ending in ("md", "markdown", "mdx", "") or ending not in _BY_LANGUAGE


def of_kind(document: Document, *kinds: str) -> tuple[Artefact, ...]:
    """The artefacts of ``document`` that are of one of ``kinds``."""
    return tuple(artefact for artefact in artefacts(document) if artefact.kind in kinds)


def is_known(language: str) -> bool:
    """Whether a fence's language is one of :data:`KINDS`."""
    return language in _BY_LANGUAGE


def place(document: Document, artefact: Artefact, line: int, column: int) -> tuple[int, int]:
    """Line and column in ``document`` of a place in ``artefact``; a fence in a list stands further right there."""
    line = min(max(line, 1), max(1, len(artefact.lines)))
    at = artefact.line + line - 1
    own, there = artefact.lines[line - 1], document.line(at)
    further = max(0, there.find(own)) if len(there) > len(own) else 0
    return at, column + further if column else 0


def _ending(document: Document) -> str:
    return document.name.rpartition("/")[2].rpartition(".")[2].lower()


def _kind(fence: Fence) -> str:
    kind = _BY_LANGUAGE.get(fence.lang, "other")
    if kind in ("yaml", "json"):
        text = fence.text[:200_000]
        held = next((name for name, looks in _CONTENT if re.search(looks, text)), kind)
        return "task-plan" if held == kind == "json" and _is_a_plan(text) else held
    return kind


def _is_a_plan(text: str) -> bool:
    """Whether JSON that begins as ``text`` is meant as a task plan, whatever is wrong with it."""
    if not re.match(r"\s*\{", text):
        return False
    if re.search(r'"status"\s*:\s*"planned"', text) and '"architecture"' in text:
        return True
    if not re.search(r'"(?:tasks|makers)"\s*:\s*\[|"task_order"\s*:', text):
        return False
    return sum(f'"{key}"' in text for key in _PLAN_KEYS) >= 3


def _name(fence: Fence) -> str:
    if named := _NAMED.search(fence.info):
        return named.group(1)
    first = _FIRST.match(fence.text.split("\n", 1)[0])
    return first.group(1) if first else ""
