"""The pipeline and the way to production."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping

from ...document import Document
from ...redact import redact
from ..about import About
from ..pipelines.flow import ENVIRONMENTS, WORK, environment, environments, spelt
from ..specified.known import listed as named
from ..wrong import Wrong, Wrongs
from . import parts
from .offered import ARCHITECTURE
from .parts import Row
from .ways import Way, secrets_in, ways

_GERUND = {"build": "builds", "test": "tests", "scan": "scans for vulnerabilities"}
_NOBODY = re.compile(
    r"(?i)(?:nobody|no[- ]one|no approv\w{1,6}|without approval|not (?:required|needed|applicable|approved)|no\b|none\b|auto(?:matic(?:ally)?)?\b)"
)
_AND = re.compile(r"(?i)\b(?:and|plus|then|by|but|or|after|once|when|if|upon|following|with)\b|[+,;&]")
_TRIGGER = re.compile(
    r"(?i)\b(?:triggers?|triggered|when|whenever|if|once|after|on)\b|\bfail\w{0,4}\b|\bexceed\w{0,3}\b|\balert\w{0,4}\b"
)
_DATABASE = re.compile(
    r"(?i)\b(?:data\w{0,5}|db|migrat\w{1,6}|schemas?|tables?|collections?|columns?|index(?:es)?|stor(?:es?|ed|age|ing)|persist\w{0,6}|state(?:less|ful)?|sql\w{0,8}"
    r"|postgres\w{0,3}|my ?sql|maria ?db|mongo\w{0,3}|cassandra|dynamo\w{0,3}|oracle|snapshot|backup)\b"
)
_THEN = re.compile(r"(?i)^\s{0,12}[-*+]\s+\S|^#{3,6}\s+\S|\b(?:first|then|next|after(?:wards| that)|finally|lastly)\b")
"""What tells the order of steps that have no number."""
_VAGUE = re.compile(
    r"(?i)\b(?:good|better|well|fine|ok|okay|acceptable|reasonable|sufficient\w{0,2}|adequate\w{0,2}|enough|appropriate\w{0,2}|high|low|fast|slow|few|many|some|stable"
    r"|healthy|as possible|tbd|later|agreed|usual|normal)\b"
)
_MEASURED = re.compile(
    r"(?i)\d|\b(?:zero|no|none|not|nothing|never|all|every|each|any|one|two|half|whole|pass\w{0,4}|succe\w{1,7}|green|valid|exit)\b"
)
_MOST = 300
"""So many stages and jobs are compared."""
_SECRET = re.compile(r"(?i)\b(?:yes|true|secret|✓|x)\b|✓|✔")


def goes_through_its_stages(document: Document, about: About) -> Wrongs:
    """Under 'Pipeline' write YAML that builds, tests and scans, then deploys to dev, stage and prod, each waiting for the one before; the table under 'Stages' has the same."""
    found = ways(document)
    if not found:
        said = "there is no pipeline under 'Pipeline' that can be read"
        hint = "add the whole file of Azure Pipelines, GitHub Actions or GitLab CI as a yaml block"
        yield Wrong(parts.place(document, "Pipeline"), said, hint)
        return
    elsewhere = "warning" if any(way.is_open for way in found) else "error"
    for work in WORK:
        if not any(work in (*job["does"], *job["might"]) for way in found for job in way.jobs):
            said, hint = f"no job of the pipeline {_GERUND[work]}", f"add a job called '{work}'"
            yield Wrong(found[0].line, said, hint, severity=elsewhere)
    there = {place for way in found for job in way.jobs if not job["back"] for place in job["environments"]}
    for each in ENVIRONMENTS:
        if each not in there:
            hint = f"add a job that deploys to it, with the environment '{each}'"
            yield Wrong(found[0].line, f"no job of the pipeline deploys to {each}", hint, severity=elsewhere)
    for way in found:
        yield from _order(way)
    yield from _stages(document, found)


def _order(way: Way) -> Wrongs:
    """Jobs that deploy without waiting for what comes before: certain where none does, doubtful where some do not."""
    for place, before in (("stage", ("dev",)), ("prod", ("build", "test", "scan", "stage"))):
        jobs = [job for job in way.jobs if job["environments"] == [place] and not job["back"]]
        for each in before:
            if not jobs or not way.has(each):
                continue
            early = [job for job in jobs if each not in job["waits"]]
            what = f"the deployment to {each}" if each in ENVIRONMENTS else f"any job that {_GERUND[each]}"
            if len(early) == len(jobs) or each == "stage" and any(job["deploys"] for job in early):
                name = early[0]["names"][0] if early[0]["names"] else f"the deployment to {place}"
                certain = len(early) == len(jobs) and not way.is_open
                said = f"'{name}' deploys to {place} without waiting for {what}"
                hint = f"let it wait for {named(repr(one) for one in way.called(each))}"
                yield Wrong(way.at(early[0]), said, hint, severity="error" if certain else "warning")


def _stages(document: Document, found: list[Way]) -> Wrongs:
    """The table of stages beside the pipeline."""
    table = parts.listed(document, "Stages", "Stage")
    if not table:
        yield Wrong(parts.place(document, "Stages"), "the table under 'Stages' is missing", "add a row for each stage")
        return
    text = [spelt(row.text) for row in table]
    for work, looks in WORK.items():
        if not any(map(looks.search, text)):
            yield Wrong(table[0].line, f"no stage under 'Stages' {_GERUND[work]}", f"add a row for '{work}'")
    stand_ins = _stand_ins(document)
    for each in ENVIRONMENTS:
        if not any(each in _environments(row.first) or each in _environments(row["Runs"]) for row in table):
            if any(stand_ins.get(each, frozenset()) & _words(row.text) for row in table):
                continue
            yield Wrong(table[0].line, f"no stage under 'Stages' deploys to {each}", f"add a row for '{each}'")
    if any(way.is_open for way in found):
        return
    known = [_words(name) for way in found for name in way.stages[:_MOST]]
    for row in table[:_MOST]:
        mine = _words(row.first)
        if mine and not any(mine <= each or each <= mine for each in known if each):
            hint = "call it as the YAML does, or add it there"
            yield Wrong(
                row.line, f"the stage {row.first[:80]!r} is not in the pipeline's YAML", hint, severity="warning"
            )


def _words(name: str) -> set[str]:
    plain = {"prod": "prod", "production": "prod", "staging": "stage", "development": "dev"}
    dropped = {"stage", "job", "to", "the", "and", "a", "in", "on", "deploy", "deployment"}
    said = spelt(name).split()
    rest = {plain.get(each, each) for each in said if each not in dropped}
    return rest | ({"stage"} if not rest and "stage" in said else set())


def _environments(text: str) -> set[str]:
    """Every environment a cell names."""
    return {found for each in re.split(r"[\s,;/>→|]+", text) if (found := environment(each))}


def is_approved_and_can_go_back(document: Document, about: About) -> Wrongs:
    """Under 'Environments and approvals' give dev, stage and prod a row each and say who approves stage and prod; under 'Rollback' say what triggers it and give its steps in order, the database included."""
    table = parts.listed(document, "Environments and approvals", "Environment")
    where = table[0].line if table else parts.place(document, "Environments and approvals")
    rows = _by_environment(table)
    for each in ENVIRONMENTS:
        if each not in rows:
            hint = f"add a row for '{each}'"
            yield Wrong(where, f"'Environments and approvals' has no environment {each}", hint)
    for each in ("stage", "prod"):
        if each in rows and not _approver(rows[each]):
            hint = "name the role that approves, and by which means of the platform"
            yield Wrong(rows[each].line, f"nobody approves the deployment to {each}", hint)
    yield from _as_designed(rows, table, about)
    yield from _way_back(document)


def _by_environment(table: list[Row]) -> dict[str, Row]:
    found: dict[str, Row] = {}
    for row in table:
        for each in _environments(row["Environment"]):
            found.setdefault(each, row)
    meant = environments(row["Environment"] for row in table)
    for row in table:
        if place := meant[row["Environment"]]:
            found.setdefault(place, row)
    return found


def _stand_ins(document: Document) -> dict[str, set[str]]:
    """The words of those environments under 'Environments and approvals' that take the place of dev or stage and are not called so."""
    names = [row["Environment"] for row in parts.listed(document, "Environments and approvals", "Environment")]
    return {place: _words(name) for name, place in environments(names).items() if place and not environment(name)}


def _approver(row: Row) -> str:
    """Who approves it; empty for nobody."""
    said = row["Approved by"]
    alone = _NOBODY.match(said) and not _AND.search(said)
    return "" if parts.is_empty(said) or alone or re.match(r"(?i)(?:nobody|no[- ]one)\b", said) else said


def _as_designed(rows: Mapping[str, Row], table: list[Row], about: About) -> Wrongs:
    """Environments that the architecture has and the pipeline has not, or the other way round."""
    for document in about.beside:
        if document.name.rpartition("/")[2] != ARCHITECTURE:
            continue
        designed = parts.listed(document, "Environments", "Environment")
        here = [_words(row["Environment"]) for row in table]
        for row in designed:
            mine = _environments(row.first)
            if table and not mine and not _is_among(row.first, here) and not parts.is_empty(row.first):
                said = f"the architecture's environment {row.first[:60]!r} is not under 'Environments and approvals'"
                yield Wrong(table[0].line, said, "add its row", severity="warning")
        there = [_words(row.first) for row in designed]
        for row in table if designed else ():
            if not _environments(row.first) and not _is_among(row.first, there):
                said = f"the architecture has no environment {row.first[:60]!r}"
                yield Wrong(row.line, said, "take it out, or name one it has", severity="warning")


def _is_among(name: str, names: list[set[str]]) -> bool:
    """Whether one of ``names`` says no word that ``name`` does not, or the other way round."""
    mine = _words(name)
    return any(mine <= each or each <= mine for each in names[:_MOST] if each)


def _way_back(document: Document) -> Wrongs:
    where = parts.place(document, "Rollback")
    if not where:
        yield Wrong(0, "there is no way back: the section 'Rollback' is missing", "add '## Rollback'")
        return
    if not parts.mention(document, _TRIGGER, "Rollback"):
        yield Wrong(
            where, "'Rollback' does not say what triggers it", "say when it begins: 'When the smoke test fails, …'"
        )
    if len(parts.steps(document, "Rollback")) < 2:
        hint = "write them as a numbered list: 1. stop the roll-out, 2. …"
        told = sum(len(_THEN.findall(line)) for _, line in parts.lines(document, "Rollback"))
        yield Wrong(
            where, "'Rollback' does not give its steps in order", hint, severity="warning" if told > 1 else "error"
        )
    if not parts.mention(document, _DATABASE, "Rollback"):
        hint = "say what becomes of a migration that has run, or that nothing is stored"
        yield Wrong(where, "'Rollback' does not say what becomes of the database", hint)


def holds_quality_gates(document: Document, about: About) -> Wrongs:
    """Under 'Quality gates' give each gate a threshold that can be measured and what happens when it is missed; name what is cached under which key, and where each secret is kept, never a value."""
    gates = parts.listed(document, "Quality gates", "Gate", "Threshold")
    if not gates:
        hint = "add | Gate | Threshold | When missed | with a row for each"
        yield Wrong(parts.place(document, "Quality gates"), "there is no gate under 'Quality gates'", hint)
    for row in gates:
        threshold = row["Threshold"]
        if parts.is_empty(threshold) or not _MEASURED.search(threshold):
            hint = "give a number: at least 80 % of lines, 0 critical findings"
            severity = "error" if parts.is_empty(threshold) or _VAGUE.search(threshold) else "warning"
            said = f"the gate {row.first[:60]!r} has no threshold that can be measured"
            yield Wrong(row.line, said, hint, severity=severity)
        if "when missed" in row.cells and parts.is_empty(row["When missed"]):
            yield Wrong(row.line, f"nothing is said of what happens when {row.first[:60]!r} is missed", "say it: 'the pipeline stops'")  # fmt: skip
    yield from _kept(document)


def _kept(document: Document) -> Wrongs:
    """What is cached, and where secrets are."""
    for row in parts.listed(document, "Caching and artifacts", "What", "Key or name"):
        if parts.is_empty(row["Key or name"]):
            yield Wrong(row.line, f"{row.first[:60]!r} has no key or name", "name the cache key, or what the artifact is called")  # fmt: skip
    told = parts.listed(document, "Variables and secrets", "Name", "Secret", "Kept in")
    for row in told:
        if _SECRET.search(row["Secret"]) and parts.is_empty(row["Kept in"]):
            hint = "name the vault, variable group or environment"
            yield Wrong(row.line, f"nothing is said of where the secret {row.first[:60]!r} is kept", hint)
        if redact(row.text) != row.text:
            yield Wrong(row.line, "a secret's value stands here", "name it, and where it is kept")
    for name, line in secrets_in(document):
        if told and not any(name.casefold() in row.text.casefold() for row in told):
            said = f"the pipeline reads the secret {name!r}, which is not under 'Variables and secrets'"
            yield Wrong(line, said, "add its row", severity="warning")


def _named_environments(document: Document) -> Iterator[tuple[str, int]]:
    table = parts.listed(document, "Environments and approvals", "Environment")
    if table:
        yield f"environments: {named(row.first for row in table)}", table[0].line


def _named_approvals(document: Document) -> Iterator[tuple[str, int]]:
    rows = _by_environment(parts.listed(document, "Environments and approvals", "Environment"))
    said = [(each, row) for each, row in rows.items() if each != "dev" and _approver(row)]
    if said:
        yield f"approvals: {named(f'{each} by {_short(_approver(row))}' for each, row in said)}", said[0][1].line


def _named_rollback(document: Document) -> Iterator[tuple[str, int]]:
    steps = parts.steps(document, "Rollback")
    if steps:
        data = ", the database included" if parts.mention(document, _DATABASE, "Rollback") else ""
        yield f"rollback: {len(steps)} steps{data}", steps[0][0]


def _short(text: str) -> str:
    return text if len(text) <= 60 else text[:60].rpartition(" ")[0] + " …"


def _shown(document: Document) -> Iterator[tuple[str, int]]:
    for find in (_named_environments, _named_approvals, _named_rollback):
        yield from find(document)


CHECKS: Mapping[str, Callable[[Document, About], Wrongs]] = {
    "delivery-stages": goes_through_its_stages,
    "approvals-and-rollback": is_approved_and_can_go_back,
    "quality-gates": holds_quality_gates,
}
"""By the name a consultant asks for it."""
EVIDENCE: Mapping[str, Callable[[Document], Iterable[tuple[str, int]]]] = {"approvals-and-rollback": _shown}
"""By the same name: what a document holds of it, in a few words, and on which line."""
