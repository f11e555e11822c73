"""Stories gathered into use cases: one for each thing an actor completes, with the operation that completes it."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from ....ids import Thing
from ...reading import words
from .api_spec_links import SPEC
from .api_spec_offered import Offered, offered
from .goals import goal, plain, said
from .ground import Ground
from .numbered import body

STORIES = "requirements/user-stories.md"
_ROLE = re.compile(
    r"\*\*\s*As (?:an?|the)\s*\*\*\s*(?P<who>[^,*\n]{1,120})|\bAs (?:an?|the) (?P<plain>[^,*\n]{1,120}),", re.IGNORECASE
)


@dataclass
class Case:
    """A use case before it has an id.

    Attributes:
        title: what the actor completes.
        actors: who takes part, the first one begins.
        stories: the stories that are part of it.
        offered: the operations it calls, as the API specification has them.
        wants: the requirements that say what is done.
        rules: those that say what holds meanwhile.
        needs: the non-functional requirements its stories name.
    """

    title: str
    actors: list[str] = field(default_factory=list)
    stories: list[Thing] = field(default_factory=list)
    offered: list[Offered] = field(default_factory=list)
    wants: list[Thing] = field(default_factory=list)
    rules: list[Thing] = field(default_factory=list)
    needs: list[Thing] = field(default_factory=list)

    @property
    def requirements(self) -> list[Thing]:
        """Every requirement it names, the functional ones first."""
        return [*self.wants, *self.rules, *self.needs]

    @property
    def functional(self) -> list[Thing]:
        """The functional requirements it names."""
        return [*self.wants, *self.rules]


def cases(ground: Ground) -> list[Case]:
    """The stories of the domain as they stand now, each in one use case; stories that call the same operation are one."""
    known = {(each.method, each.path): each for each in offered(ground)}
    asked = {each.id: each for kind in ("FR", "NFR") for each in ground.things(kind)}
    found: dict[tuple[str, ...], Case] = {}
    for story in ground.things("US"):
        calls = [known[named] for named in story.operations if named in known]
        key = ("operation", calls[0].id) if calls else ("story", story.id)
        case = found.setdefault(key, Case(_title(story, calls)))
        case.stories.append(story)
        case.offered += [each for each in calls if each not in case.offered]
        case.actors += [role for role in roles(ground, story) if role not in case.actors]
        for name in story.cites:
            _name(ground, case, asked.get(name))
    return list(found.values())


def _name(ground: Ground, case: Case, each: Thing | None) -> None:
    """Adds a requirement to a use case: as something wanted, as a rule, or as a quality."""
    if each is None or each in case.requirements:
        return
    if each.kind == "NFR":
        case.needs.append(each)
        return
    wanted = goal(said(ground, each))
    (case.wants if wanted.who and not wanted.denied else case.rules).append(each)


def roles(ground: Ground, story: Thing) -> list[str]:
    """The roles a story is told of."""
    document = ground.documents.get(STORIES)
    text = body(document, story) if document else ""
    hit = _ROLE.search(text[:2000])
    who = plain((hit["who"] or hit["plain"]) if hit else "user").strip(" .")
    return [part.strip() for part in re.split(r"\s+or\s+", who) if part.strip()] or ["user"]


def _title(story: Thing, calls: list[Offered]) -> str:
    if not calls:
        return story.text
    if calls[0].plan and story.text:
        return re.sub(r" as [\w -]{2,40}$", "", story.text)
    text = " ".join(words.parts(calls[0].id)) if re.fullmatch(r"\w+", calls[0].id) else calls[0].summary
    return text[:1].upper() + text[1:]


def examples(ground: Ground, call: Offered) -> list[tuple[str, str]]:
    """The calls by curl and by fetch that the API specification shows for an operation: language and text."""
    document = ground.documents.get(SPEC)
    if document is None:
        return []
    heads = document.headings
    for at, heading in enumerate(heads):
        if heading.text.strip("` ") == call.called:
            end = next((each.line for each in heads[at + 1 :] if each.level <= heading.level), len(document.lines) + 1)
            inside = [
                f
                for f in document.fences
                if heading.line < f.line < end and f.lang in ("bash", "sh", "javascript", "js")
            ]
            return [(fence.lang, fence.text.rstrip()) for fence in inside][:2]
    return []
