"""What a document must hold, found by the real tools of each field; a check's docstring is what its author is told.

A check takes a :class:`Document` and what is known :class:`About` it, and yields what is :class:`Wrong`; a check of an
artefact takes the artefact too, and counts lines within it. To add one, write such a function and put it into
:data:`ALWAYS`, :data:`NAMED`, or the ``KIND`` of its module. Tools are loaded when they are first needed, the slow and
the dangerous ones in a process of their own (:mod:`planning_kit.aside`).
"""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache

from ..aside import Spent, Undone, hurry, patience
from ..document import Document, Finding
from ..errors import CatalogRefused, nearest
from ..redact import redact
from . import (
    agreement,
    code,
    data,
    evidence,
    gherkin,
    given,
    graphql,
    ignored,
    markdown,
    mermaid,
    openapi,
    pipelines,
    planned,
    promises,
    promql,
    protobuf,
    schemas,
    service,
    shape,
    sourced,
    specified,
    sql,
    structure,
    tasks,
)
from .about import About
from .artefact import Artefact, artefacts, is_markdown, place
from .kind import Kind, Look, nothing_checks
from .wrong import NotChecked, Wrong, Wrongs

Check = Callable[[Document, About], Wrongs]
_Run = Callable[..., Wrongs]

PLAN: tuple[Check, ...] = (
    structure.begins_with_its_meta_block,
    structure.has_its_sections,
    shape.follows_its_template,
    structure.answers_its_remarks,
    structure.ends_with_key_decisions,
    structure.cites_passages_that_exist,
    sourced.cites_sources_that_exist,
    structure.carries_what_was_settled,
    structure.is_complete,
)
"""Run on the documents of a plan of this package."""

ALWAYS: tuple[Check, ...] = (*markdown.CHECKS, evidence.cites_lines_that_exist, *agreement.CHECKS)
"""Run on every markdown document, whoever wrote it."""

KINDS: dict[str, Kind] = {
    "mermaid": mermaid.KIND,
    "openapi": openapi.KIND,
    "json-schema": schemas.KIND,
    "sql": sql.KIND,
    "github-actions": pipelines.GITHUB,
    "azure-pipelines": pipelines.AZURE,
    "gitlab-ci": pipelines.GITLAB,
    "compose": pipelines.COMPOSE,
    "code": code.KIND,
    "task-plan": tasks.KIND,
    "json": data.JSON,
    "yaml": data.YAML,
    "toml": data.TOML,
    "graphql": graphql.KIND,
    "protobuf": protobuf.KIND,
    "gherkin": gherkin.KIND,
    "promql": promql.KIND,
    "text": nothing_checks("plain text"),
    "other": nothing_checks("no tool for {lang}"),
}
"""How each kind of artefact is checked."""

GIVEN: tuple[Check, ...] = (given.can_be_read, given.names_passages_that_exist, given.shows_its_stack)
"""Run on the facts of a run."""

NAMED: dict[str, Check] = {
    "openapi": promises.holds_an_openapi_document,
    "endpoint-table": promises.lists_its_endpoints,
    "er-diagram": promises.draws_its_entities,
    "ddl": promises.holds_its_ddl,
    "stride-table": promises.names_threats_by_stride,
    "role-matrix": promises.says_who_may_do_what,
    "sources": promises.names_its_sources,
    "recommendations-sourced": sourced.gives_each_recommendation_a_source,
    "says-what-was-not-looked-up": sourced.says_what_was_not_looked_up,
    "personal-data-table": promises.lists_personal_data,
    "not-legal-advice": promises.is_not_legal_advice,
    "implementation-order": promises.orders_the_implementation,
    "ids": specified.keeps_its_ids,
    "passages-reached": specified.reaches_its_passages,
    "requirements-told": specified.tells_its_requirements,
    "operations-asked-for": specified.asks_for_its_operations,
    "stories-used": specified.uses_its_stories,
    "use-cases-drawn": specified.draws_its_use_cases,
    **service.CHECKS,
    **planned.CHECKS,
    **tasks.CHECKS,
}
"""Run where a consultant's ``checks`` names them."""

_SMALL = {
    "mermaid": "```mermaid\nerDiagram\n  A ||--o{ B : has\n```\n",
    "sql": "```sql\nCREATE TABLE a (id bigint PRIMARY KEY);\n```\n",
    "openapi": "```yaml\nopenapi: 3.1.0\ninfo: {title: A, version: '1'}\npaths: {}\n```\n",
}
"""An artefact of each kind whose tool takes long to load."""
OWN = "planning_kit"
SECRETS = "keeps-secrets-out-of-pipelines"
MOST = 200
"""The most findings one check gives for one artefact or document."""
LONGEST = 100_000
"""The most lines of a document that is read as markdown; a longer one takes gigabytes to read, and nobody wrote it."""
SPENT = 60.0
"""How long the artefacts of one document may take together, in seconds; the rest is not checked, and said to be so."""


@dataclass(frozen=True)
class Looked:
    """One artefact and what looked at it.

    Attributes:
        document: the document's name.
        line: the document's line, from 1, the artefact starts on.
        kind: what it holds.
        tool: what checked it, with its version; empty when nothing did.
        why: why it was not checked; empty when it was.
        late: whether that is because the document has taken too long already.
    """

    document: str
    line: int
    kind: str
    tool: str = ""
    why: str = ""
    late: bool = False

    def __str__(self) -> str:
        return f"{self.document}:{self.line}: {self.kind}: " + (f"checked by {self.tool}" if self.tool else f"not checked: {self.why}")  # fmt: skip


@dataclass(frozen=True)
class Examined:
    """A document as the checks left it: what is wrong, in the order of its lines, and what looked at each artefact."""

    findings: tuple[Finding, ...]
    looked: tuple[Looked, ...]


def check(document: Document, about: About) -> tuple[Finding, ...]:
    """Everything wrong with ``document``, in the order of its lines."""
    return examine(document, about).findings


@lru_cache(maxsize=256)
def examine(document: Document, about: About) -> Examined:
    """Check ``document`` and every artefact in it; the same text is checked once in a process."""
    if _too_long(document):
        said = f"this document could not be checked: it has more than {LONGEST:,} lines"
        return Examined((Finding(document.name, 1, "can-be-checked", OWN, "error", said, hint="split it"),), ())
    if any(map(_too_long, about.beside)):
        about = replace(about, beside=tuple(each for each in about.beside if not _too_long(each)))
    findings: list[Finding] = []
    looked: list[Looked] = []
    with patience(SPENT):
        for artefact in artefacts(document) if about.kind == "markdown" else ():
            found, how = _looked(artefact, document, about)
            late = bool(how.late and looked and looked[-1].late)
            findings += found if not late else ()  # said once, of the first
            looked.append(how)
    with patience(SPENT):
        for run in _wanted(about):
            if run not in ALWAYS or is_markdown(document):
                findings += _found(document, run.__name__, run(document, about))
    kept = ignored.sieve(document, findings, about, rules())
    return Examined(tuple(sorted(kept, key=lambda each: (each.line, each.column, each.rule))), tuple(looked))


def _too_long(document: Document) -> bool:
    return is_markdown(document) and document.text.count("\n") > LONGEST


def get_ready(tasks: Iterable[str]) -> None:
    """Have the tools loaded that ``tasks`` name artefacts for, while their authors still write: a small document is checked on a thread of its own."""
    named = " ".join(tasks).casefold()
    if text := "\n".join(small for kind, small in _SMALL.items() if kind in named):
        look = (Document("small.md", text), About(plan=False))
        threading.Thread(target=examine, args=look, daemon=True, name="checks").start()


def shown(document: Document, finding: Finding) -> str:
    """The line a finding is about, as anybody may read it: what is a secret in it is replaced, and nothing else is changed."""
    line = redact(document.line(finding.line))
    if finding.rule == SECRETS:
        line = re.sub(r"([:=]\s*)\S.*", r"\1[REDACTED]", line, count=1)
    return line


def rules() -> frozenset[str]:
    """The names of all rules."""
    return frozenset(sentences())


@cache
def sentences() -> Mapping[str, str]:
    """What each rule asks for, in a sentence, by its name."""
    runs: tuple[_Run, ...] = (*PLAN, *ALWAYS, *GIVEN, *NAMED.values(), *_looks())
    return {_rule(run.__name__): _sentence(run) for run in runs}


def refuse_unknown(where: str, names: tuple[str, ...]) -> None:
    """Nothing, when every check a consultant names (at ``where``, file and line) exists.

    Raises:
        CatalogRefused: one does not; names the nearest.
    """
    for name in names:
        if name not in NAMED:
            raise CatalogRefused(f"{where}: checks: no such check: {name!r}{nearest(name, NAMED)}")


def promised(about: About) -> tuple[str, ...]:
    """What an author is told beforehand: one sentence per check that will be run."""
    runs: tuple[_Run, ...] = (*_wanted(about), *(_owed(about) if about.kind == "markdown" else ()))
    return tuple(dict.fromkeys(map(_sentence, runs)))


def _owed(about: About) -> tuple[Look, ...]:
    """The checks of artefacts that an author is told: of a task plan those that can be broken by who writes its makers, and nobody else."""
    if "task-plan" in about.checks:
        return tasks.AUTHORS
    return tuple(look for name, kind in KINDS.items() if name != "task-plan" for look in kind.checks)


def _looks() -> tuple[Look, ...]:
    return tuple(look for kind in KINDS.values() for look in kind.checks)


def _sentence(run: _Run) -> str:
    return (run.__doc__ or "").strip().splitlines()[0]


def _wanted(about: About) -> tuple[Check, ...]:
    if about.kind == "facts":
        return GIVEN
    plan = (each for each in PLAN if about.plan and (about.template or each is not shape.follows_its_template))
    return (*plan, *ALWAYS, *(NAMED[name] for name in about.checks))


def _looked(artefact: Artefact, document: Document, about: About) -> tuple[list[Finding], Looked]:
    """What is wrong with one artefact, in places of the document, and what looked at it."""
    kind = KINDS[artefact.kind]
    found: list[Finding] = []
    here = Looked(document.name, artefact.line, artefact.kind)
    try:
        hurry()
        tool = kind.tool(artefact, about)
        for look in kind.checks:
            wrongs = (_placed(document, artefact, wrong) for wrong in look(artefact, document, about))
            found += _found(document, look.__name__, wrongs)
            if look is kind.checks[0] and any(each.severity == "error" for each in found):
                break
    except NotChecked as why:
        return found, Looked(here.document, here.line, here.kind, why=str(why))
    except Undone as why:
        late = isinstance(why, Spent)
        said = f"this {artefact.kind}{' and what follows it' if late else ''} could not be checked: {why}"
        hint = "split the document, or make its largest blocks smaller" if late else "make it smaller"
        found.append(Finding(document.name, artefact.line, "can-be-checked", OWN, "error", said, hint=hint))
        return found, Looked(here.document, here.line, here.kind, why=str(why), late=late)
    return found, Looked(here.document, here.line, here.kind, tool)


def _placed(document: Document, artefact: Artefact, wrong: Wrong) -> Wrong:
    line, column = place(document, artefact, wrong.line, wrong.column)
    return wrong._replace(line=line, column=column)


def _found(document: Document, name: str, wrongs: Iterable[Wrong]) -> Iterator[Finding]:
    for number, wrong in enumerate(wrongs):
        if number == MOST:
            return
        yield Finding(
            document.name, wrong.line, _rule(name), wrong.tool or OWN, wrong.severity, wrong.message, wrong.column, wrong.hint
        )  # fmt: skip


def _rule(name: str) -> str:
    return name.replace("_", "-")
