"""Questions about two of a thing: two callers who want the last one, two records that are the same, one request that is sent twice."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..offline.reading import words
from .proposal_basis import PAYS, Basis, article, listed, named, several, spoken
from .questions_candidate import Candidate, field_words, public, told_of

_CLASHING = r"\btwice\b(?! a\b)|\bdouble[- ]book|\boverbook|\boverlap|\bfirst come|\bwait(?:ing)?[- ]?list|\bsold out\b|\bsame time\b|\bis (?:full|free)\b|\bheld for\b|\bif (?:it|the \w+) is (?:full|taken|booked)\b"
_TAKES = re.compile(
    r"(?i)\b(books?|reserves?|buys?|borrows?|rents?)\b (?:an? |the |one |their )?(?:\w+ ){0,2}?(slots?|seats?|rooms?|tickets?|tables?|cop(?:y|ies)|places?|courts?|cars?|bikes?|desks?|books?|items?|appointments?|lessons?|courses?)\b"
)
_FULL = re.compile(
    r"(?i)\b(?:maximum of|at most|up to|no more than|limit of) (\d{1,6}) (children|people|participants|attendees|students|guests|players|members|seats|places|persons)\b"
)
_DUPLICATES = re.compile(
    r"(?i)\bwithout duplicat\w+|\bno duplicates?\b|\bde-?duplicat\w+|\bduplication avoidance\b|\bavoid(?:ing)? (?:any )?duplicat\w+"
)
_SAME = r"\bduplicates? (?:are|is) (?:found|recogni|detected)|\bthe same if\b|\bidentified by (?:its|their|the) \w+|\bunique (?:e-?mail|name|number|code|phone)\b"


def clash(basis: Basis) -> Iterator[Candidate]:
    """What happens when two want the last one."""
    if basis.says(_CLASHING) or not basis.served:
        return
    if full := _FULL.search(basis.text):
        yield from _filled(basis, full)
        return
    taken = _TAKES.search(basis.text)
    if not taken or basis.tiny:
        return
    verb, thing = words.singular(taken.group(1).lower()), words.singular(taken.group(2).lower())
    who = next((p for p in basis.people if public(p)), "customer")
    done = {"book": "booked", "reserve": "reserved", "buy": "bought", "borrow": "borrowed", "rent": "rented"}[verb]
    where = basis.where(taken.re.pattern.removeprefix("(?i)"), 3)
    last = f"the last {thing}" if thing in ("ticket", "copy", "place", "seat", "item") else f"the same {thing}"
    pays = basis.says(PAYS)
    options = [
        f"{article(who)} who is second is told that the {thing} is gone, and nothing is {done} for them.",
        f"{article(thing)} is held for 10 minutes for {article(who)} who has begun to {verb} it, and is free again when the time is over.",
    ]
    options.append(f"{article(who)} who is second joins a waiting list and is told when the {thing} is free again.")
    yield Candidate(
        82, "clash", f"Two {several(who)} {verb} {last} at the same moment: what happens to the second one?", where, tuple(options),
        "nobody pays for what they do not get" if pays else "it needs no timer, and the second one knows at once", "the constraint or lock in the data model, the 409 answer and the state of what is being " + done, 1 if pays else 0,
    )  # fmt: skip


def _filled(basis: Basis, full: re.Match[str]) -> Iterator[Candidate]:
    limit, who = int(full.group(1)), full.group(2).lower()
    one = words.singular(who)
    held = [e for e in basis.reading.entities if full.group() in told_of(basis, e) and spoken(e.name) != one]
    subject = re.search(
        rf"(?:^|[.|] )(?:An?|Each|Every|The) ([a-z]{{3,20}}) [^.]{{0,200}}{re.escape(full.group())}",
        basis.text,
        re.MULTILINE,
    )
    what = subject.group(1) if subject else spoken(held[0].name) if held else "group"
    yield Candidate(
        82, "clash", f"What happens when somebody signs up {article(one)} for {article(what)} that has {limit} {who} already?", basis.where(re.escape(full.group())),
        (f"A sign-up for {article(what)} with {limit} {who} is refused.", f"A sign-up for {article(what)} with {limit} {who} goes on a waiting list, and moves up when a place becomes free.",
         f"A sign-up for {article(what)} with {limit} {who} is accepted when a member of staff confirms it."),
        "it is what the limit says, and needs no further list", "the constraint in the data model, the 409 answer, and whether there is a waiting list to keep and to notify",
    )  # fmt: skip


def same(basis: Basis) -> Iterator[Candidate]:
    """When two of a thing that must not be there twice are the same."""
    if basis.says(_SAME):
        return
    for entity in basis.reading.entities:
        found = named(entity.name)
        where = [
            p.id for p in basis.told for s in words.sentences(p.plain) if found.search(s) and _DUPLICATES.search(s)
        ]
        fields = [
            f for f in entity.fields if not f.references and f.type in ("string", "email", "integer") and not f.values
        ]
        reached = [f for f in fields if re.search(r"mail|phone|number|code|sku|isbn", f.name)]
        plain = [f for f in fields if f not in reached and f.name in ("name", "title", "website", "plate", "url")]
        if not where or not (reached or len(plain) > 1):
            continue
        one, many = spoken(entity.name), several(entity.name)
        first = listed([field_words(f) for f in (reached or plain)[:2]], "or")
        options = [f"Two {many} are the same when they have the same {first}; registering the second is refused."]
        if reached and plain:
            options.append(
                f"Two {many} are the same when they have the same {field_words(plain[0])} and the same {field_words(reached[0])}."
            )
        options.append(
            f"Whoever registers {article(one)} is shown those with a similar {field_words((plain or reached)[0])} and decides."
        )
        yield Candidate(
            68, "same", f"The brief wants {many} without duplicates: what makes two {many} the same?", tuple(dict.fromkeys(where))[:4], tuple(options),
            "a machine can decide it, and two requests that arrive together are decided as well", f"the unique constraints on {many}, the 409 answer and how existing duplicates are joined",
        )  # fmt: skip
        return


def repeated(basis: Basis) -> Iterator[Candidate]:
    """What happens when a request that moves money is sent twice."""
    if basis.says(
        r"\bidempot|\bsent twice\b|\bsame reference\b|\brepeated request|\bretr(?:y|ies)\b[^.]{0,60}\b(?:once|twice)\b"
    ):
        return
    for o in basis.reading.operations:
        moved = re.search(r"(?i)(debit|credit|transfer|charge|payout|withdraw|deposit)", o.path.rsplit("/", 1)[-1])
        told = " ".join(p.plain for p in basis.told if p.id in o.sources)
        if (
            o.method != "POST"
            or not moved
            or not re.search(r"(?i)\b(?:amount|balance|money|euros?|dollars?|wallet|account)\b", told)
        ):
            continue
        one = moved.group(1).lower()
        mark = "reference" if re.search(r"(?i)\breference\b", told) else "idempotency key"
        yield Candidate(
            81, "repeated", f"{article(one)} is sent twice with the same {mark}, because the first answer got lost: what does the second one do?", o.sources[:3],
            (f"{article(one)} with {article(mark)} that was used before changes nothing and gets the answer of the first.", f"{article(one)} with {article(mark)} that was used before is refused with 409.",
             f"{article(one)} is made each time it is sent; the caller looks before sending it again."),
            "a caller can then send again without looking, and no money moves twice", f"a unique constraint on the {mark}, the answers of {o.method} {o.path} and what is stored of each request",
        )  # fmt: skip
        return


RULES = (clash, same, repeated)
