"""What the brief does not say and the plan needs: each question with the assumption the draft makes meanwhile."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from ..facts import Quantity, Question, Reading
from . import words
from .sentences import LONGEST, Sentence
from .sentences import MOST as READ
from .silences import SILENCES
from .technologies import left_open

MOST = 6
"""Most questions of one area."""
_AREAS = ("api", "data", "technology", "security", "compliance")
_ODD = {"search": r"\blist all\b", "list": r"\bsearch for\b", "mentor": r"\bupdate existing\b", "add": r"\bupdate|\bdelete\b",
        "delete": r"\badds?\b|\bupdate\b", "get": r"\bdelete|\bcreate\b"}  # fmt: skip


def questions(reading: Reading, sentences: Sequence[Sentence]) -> tuple[Question, ...]:
    """The open questions by area, the most consequential first, at most :data:`MOST` an area."""
    text = "\n".join(sentence.text for sentence in sentences if not sentence.excluded)[:400_000]
    asked = (
        _conflicts,
        _interface,
        _paging,
        _missing,
        _properties,
        _changes,
        _choices,
        left_open,
        _callers,
        _secrets,
        _people,
        _sharing,
    )
    kept: dict[str, dict[str, Question]] = {area: {} for area in _AREAS}
    for ask in asked:
        for question in ask(reading, text, sentences):
            kept[question.area].setdefault(question.text, question)
    present = {"": True, "operations": bool(reading.operations), "entities": bool(reading.entities), "personal": bool(reading.personal),
               "created": any(operation.method == "POST" for operation in reading.operations),
               "times": any(field.type == "date-time" for entity in reading.entities for field in entity.fields)}  # fmt: skip
    for silence in SILENCES:
        answered = "How many records" in silence.text and any(_counts(quantity) for quantity in reading.quantities)
        if present[silence.needs] and not answered and not _says(text, silence.said):
            kept[silence.area].setdefault(silence.text, Question(silence.area, silence.text, silence.assumed))
    return tuple(question for area in _AREAS for question in list(kept[area].values())[:MOST])


def _counts(quantity: Quantity) -> bool:
    """Whether a number counts things, as '40,000 patients' does: not a time, a share, a size or a length."""
    unit = quantity.unit.lower()
    return (
        quantity.value >= 20
        and bool(re.fullmatch(r"[a-z]+(?: [a-z]+)*s|people", unit))
        and not re.match(
            r"seconds|secs|minutes|mins|hours|hrs|days|weeks|months|years|times|bytes|characters|chars|attempts|bits|dollars|euros|pounds|milli|ms|\w*bytes|lines|pages",
            unit,
        )
    )


def _says(text: str, pattern: str) -> bool:
    return bool(re.search(rf"(?i){pattern}", text))


def _interface(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """Whether an API is wanted at all, and whether the rules could read the brief."""
    long = [passage.id for passage in reading.passages if len(passage.text) > LONGEST]
    if long or len(sentences) >= READ:
        asked = f"Only the first {LONGEST:,} characters of a passage and {READ:,} sentences of a brief are read. What does the rest ask for?"
        yield Question("api", asked, "Nothing is derived from the rest.", tuple(long[:3]))
    letters = re.findall(r"[^\W\d_]", text[:20_000])
    if not reading.served:
        source = tuple(
            passage.id
            for passage in reading.passages
            if re.search(r"(?i)command[- ]line|\bCLI\b|\blibrary\b|java -jar|\./\w", passage.text)
        )
        asked = f"The brief describes a {reading.interface} program. Is an HTTP API wanted beside it, instead of it, or not at all?"
        yield Question("api", asked, "The same functions are offered over HTTP; the API can be left out.", source[:4])
    if letters and sum(letter > "\u024f" for letter in letters) * 3 > len(letters):
        asked = "The brief is in a language the rules do not read. Which operations does it ask for?"
        yield Question(
            "api",
            asked,
            "Its sentences are listed; nothing is derived from their words.",
            tuple(passage.id for passage in reading.passages[:1]),
        )
    elif not reading.operations:
        yield Question(
            "api",
            "Which operations must the API offer? The brief names none that the rules can read.",
            "No endpoint is drafted.",
        )
    elif reading.interface == "unstated":
        yield Question(
            "api",
            "Over which interface is the system used (HTTP API, events, user interface only)?",
            "A JSON API over HTTPS.",
        )


def _paging(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    lists = [operation for operation in reading.operations if operation.id.startswith("list")]
    paged = {parameter.name for operation in lists for parameter in operation.parameters} & {
        "limit",
        "page",
        "cursor",
        "offset",
    }
    if lists and not paged:
        asked = "How are long lists cut into pages, and how many records at most are returned at once?"
        yield Question("api", asked, "limit (20, at most 100) and offset on every list.", lists[0].sources[:1])
    elif lists and not _says(text, r"default (?:limit|page size|value)|at most|maximum"):
        asked = "What are the default and the largest value of the paging parameters?"
        yield Question("api", asked, "limit is 20 by default and at most 100.", lists[0].sources[:1])


def _missing(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """What can be created but never read, and what is deleted by nobody; at most three."""
    created = {
        operation.entity: operation
        for operation in reading.operations
        if operation.method == "POST" and operation.entity and not operation.stated
    }
    methods = {
        name: {operation.method for operation in reading.operations if operation.entity == name} for name in created
    }
    only = [name for name in created if methods[name] == {"POST"}]
    told = {event.name: event for event in reading.events}
    if only:
        sources = tuple(source for name in only[:6] for source in created[name].sources[:1])
        names = ", ".join(only[:6])
        yield Question(
            "api",
            f"{names}: created, but who reads, changes and deletes {'it' if len(only) == 1 else 'them'}?",
            "Only what the brief asks for is drafted.",
            sources,
        )
    for name in [name for name in created if "DELETE" not in methods[name]][:20]:
        spelt = words.parts(name)
        if event := told.get(f"{words.snake(spelt)}.deleted"):
            asked = f"The brief says what follows when a {' '.join(spelt)} is deleted, but not who deletes it. Who may?"
            yield Question("api", asked, "Nobody: no such operation is drafted.", event.sources[:1])


def _properties(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """What is stored, which properties it has, and which of them are unique."""
    if not reading.entities:
        asked = "What does the system keep? The brief names nothing that is stored."
        yield Question("data", asked, "Nothing is kept beyond the answer to a request; no table is drafted.")
        return
    bare = [entity for entity in reading.entities if all(field.references for field in entity.fields)][:8]
    if bare:
        sources = tuple(source for entity in bare for source in entity.sources[:1])
        asked = f"Which properties do these have: {', '.join(entity.name for entity in bare)}?"
        yield Question("data", asked, "Only keys and timestamps are drafted for them.", sources)
    telling = {"email", "username", "name", "code", "slug", "isbn", "sku"}
    unkeyed = [entity for entity in reading.entities if telling & {field.name for field in entity.fields}][:4]
    if unkeyed and not _says(text, r"\bunique\b|already in use|without duplicat"):
        asked = f"Which properties of {', '.join(entity.name for entity in unkeyed)} must be unique?"
        yield Question(
            "data", asked, "Only the key, and e-mail address and user name where there is one.", unkeyed[0].sources[:1]
        )


def _changes(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """What deleting means, and whether records change at all."""
    deletes = [operation for operation in reading.operations if operation.method == "DELETE"]
    if reading.entities and not _says(text, r"soft[- ]delet|hard[- ]delet|archiv|deactivat"):
        asked = (
            "Is a deleted record erased, or only hidden?"
            if deletes
            else "Can records be deleted at all, and are they then erased or only hidden?"
        )
        yield Question(
            "data",
            asked,
            "Deleting erases the row." if deletes else "Nothing is deleted.",
            deletes[0].sources[:1] if deletes else (),
        )
    elif deletes and _says(text, r"deactivat"):
        sources = tuple(statement.source for statement in reading.statements if "deactivat" in statement.text)
        yield Question(
            "data",
            "Is a record deleted or only deactivated? The brief mentions both.",
            "Deleting erases the row.",
            sources[:3],
        )
    if reading.entities and not any(operation.method in ("PATCH", "PUT") for operation in reading.operations):
        yield Question("data", "Can records be changed after they are created?", "They are not changed.")


def _choices(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    kinds = {named.kind for named in reading.technologies}
    if "language" not in kinds:
        yield Question(
            "technology",
            "Which programming language does the team use?",
            "Chosen in the recommendations, open to change.",
        )
    if "database" not in kinds:
        yield Question("technology", "Is a database given, or free to choose?", "A relational database.")


def _callers(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """How callers prove who they are, and who may do what."""
    unsaid = [operation for operation in reading.operations if operation.auth == "open"]
    if (
        unsaid
        and not reading.signin
        and not _says(text, r"\b(?:bearer|OAuth|OpenID|SAML|SSO|JWT|single sign-on|API keys?)\b")
    ):
        few = ", ".join(f"{operation.method} {operation.path}" for operation in unsaid)
        which = few if len(unsaid) < 3 else f"{len(unsaid)} of {len(reading.operations)} operations"
        asked = f"How do callers prove who they are? The brief does not say for {which}."
        yield Question(
            "security",
            asked,
            "Open to everybody only where the brief says so; a bearer token elsewhere.",
            unsaid[0].sources[:1],
        )
    if reading.operations and not any(operation.roles for operation in reading.operations):
        asked = "Who may do what? The brief assigns no operation to a role."
        yield Question(
            "security",
            asked,
            "Every caller may use every operation on their own records.",
            reading.actors[0].sources[:1] if reading.actors else (),
        )
    heads = [(actor.name.replace("administrator", "admin").split()[-1], actor) for actor in reading.actors]
    for at, (head, actor) in enumerate(heads):
        alike = next((other for name, other in heads[at + 1 :] if name == head), None)
        if alike:
            asked = f"Are the {actor.name} and the {alike.name} the same role?"
            yield Question("security", asked, "They are different roles.", actor.sources[:1] + alike.sources[:1])
            return


def _secrets(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """Whose records are whose, how credentials are kept, how long a token lasts."""
    owned = next((relation for relation in reading.relationships if relation.parent == "User"), None)
    if owned and not _says(text, r"\bonly (?:their|his|her|its|the) own\b|only the owner"):
        asked = f"May a user reach another user's {' '.join(words.parts(owned.child))}?"
        yield Question("security", asked, "No: every record is bound to the signed-in user.", owned.sources[:2])
    credential = next((element for element in reading.personal if element.category == "credential"), None)
    if credential and not _says(text, r"\bhash|bcrypt|argon|encrypt"):
        asked = f"How is the {credential.element} protected at rest?"
        yield Question(
            "security",
            asked,
            "Passwords as Argon2id hashes, other secrets encrypted with a managed key.",
            credential.sources[:2],
        )
    if _says(text, r"\b(?:access|bearer|auth\w*|JWT|requestor's) token|\bJWT\b") and not _says(
        text, r"expir|valid for|lifetime|time to live|ttl"
    ):
        yield Question(
            "security",
            "How long is a token valid, and how is it withdrawn?",
            "15 minutes, renewed by signing in again.",
        )


def _people(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """Which law applies, how long personal data is kept, and on what ground special categories are handled."""
    if not reading.personal:
        yield Question(
            "compliance",
            "Does anything the system handles concern identifiable persons?",
            "No personal data is handled.",
        )
        return
    where = reading.personal[0].sources[:1]
    if not reading.regulations:
        asked = "In which countries are the people whose data is kept, and which law applies?"
        yield Question("compliance", asked, "The GDPR, as the strictest that is likely.", where)
    if not any(
        "?" not in quantity.about
        and _says(quantity.about, r"\bretain|retention|\bkept|\bkeep|\bdeleted|\bpurge|\berased")
        for quantity in reading.quantities
    ):
        yield Question(
            "compliance",
            "How long is each kind of personal data kept?",
            "As long as the account exists, then 30 days.",
            where,
        )
    special = next((element for element in reading.personal if element.sensitivity == "special"), None)
    if special:
        asked = f"On which ground of GDPR Art. 9 (2) is {special.element} handled?"
        yield Question("compliance", asked, "Explicit consent.", special.sources[:2])


def _sharing(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    if reading.integrations and reading.personal:
        outside = [named.name for named in reading.integrations if named.kind not in ("building block", "machine")][
            :4
        ] or [reading.integrations[0].name]
        asked = f"Which personal data goes to {', '.join(outside)}, and is there a processing agreement?"
        yield Question(
            "compliance",
            asked,
            "Only what the call needs; an agreement is in place before the first call.",
            reading.integrations[0].sources[:1],
        )


def _conflicts(reading: Reading, text: str, sentences: Sequence[Sentence]) -> Iterator[Question]:
    """Places where the brief seems to say two things."""
    for sentence in sentences:
        called = re.match(r"^(\w+):\s+(.{5,200})", sentence.text) if sentence.kind == "item" else None
        if called and called.group(1).lower() in _ODD and re.search(_ODD[called.group(1).lower()], called.group(2)):
            asked = f"'{called.group(1)}' is described as: {called.group(2).rstrip('.')}. Is that what is meant?"
            yield Question(
                "api", asked, "The usage and its options are followed, not the description.", (sentence.source,)
            )
