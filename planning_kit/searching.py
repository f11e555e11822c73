"""What a step has looked up, and who in it may: on the web, and in package indexes."""

from __future__ import annotations

from . import packages
from .facts import write
from .factsheet import NAME as FACTS
from .model import Material, Source
from .recipe import Consultant
from .research import Sources
from .step import Step
from .unrolled import Duty


class Searching(Step):
    """The searching half of a step that asks."""

    def searches(self, seat: Consultant) -> bool:
        """Whether ``seat`` can search the web: it may, and the server has a search. If not, the author who pretends nothing writes.

        What was found when it was first asked holds for the run: a server that is out of reach later makes no new question.
        """
        role = self.run.role(seat.name)
        if known := self.run.journal.of("looked-up", phase=self.name):
            return role.web is not None and bool(known[0].body["searches"])
        abilities = self.run.abilities if role.web else None
        return abilities is not None and abilities.of(role.model).web_search

    @property
    def topical(self) -> tuple[Material, ...]:
        """What a search needs: the stack, the topics, and the passages these come from."""
        now = self.run.sheet.now
        wanted = {each for topic in now.topics for each in topic.passages}
        passages = [Material("passage", p.id, p.text) for p in self.run.brief.passages if p.id in wanted]
        return (*passages, Material("facts", FACTS, write(now, ("stack", "topics"))))

    @property
    def looked_up(self) -> tuple[Material, ...]:
        """The newest versions of packages, as far as they were looked up."""
        return tuple(Material("source", source.id, source.described) for source in self.sources.versions)

    @property
    def sources(self) -> Sources:
        """What was looked up for the run."""
        return Sources(self.run.store)

    def cited_by(self, duty: Duty) -> tuple[Source, ...]:
        """The sources its document may cite: all there are; whoever searches has looked up what is its own, and sees no other session's."""
        return (*self.sources.versions, *self.sources.of(duty.document)) if duty.seat.web else self.sources.all

    def look_up(self) -> None:
        """Settle, once in a run, whether the web can be searched, and ask the package indexes for the newest versions of
        the well-known packages that brief and stack name."""
        seats = [seat for seat in self.seats if seat.web]
        if not seats or self.run.journal.of("looked-up", phase=self.name):
            return
        searches = any(self.searches(seat) for seat in seats)
        now = self.run.sheet.now
        stack = [said for package in now.stack.values() for said in package.values()]
        text = "\n".join([self.run.brief.text, *stack, *(topic.why for topic in now.topics)])
        named = packages.named(text) if self.run.lookup else ()
        found = self.sources.looked_up(named, self.run.today)
        names = [package.name for package in named]
        self.run.journal.add("looked-up", phase=self.name, searches=searches, packages=names, found=len(found))
