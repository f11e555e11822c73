"""Questions about what is exchanged with the outside: messages, money, and the data that is there today."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..offline.reading import words
from .proposal_basis import PAYS, Basis, article, clipped, several, spoken
from .questions_candidate import Candidate, things

_TOLD = re.compile(
    r"(?i)\b(?:is|are|be|gets?|get) (?:notified|reminded|alerted|informed)\b|\b(?:notif(?:y|ies)|reminds?|alerts?|informs?) (?:the |an? |all |their )?[a-z]+|\bnotifications? (?:is|are|must be) sent\b|\breceives? (?:an? )?(?:notification|reminder|alert)s?\b"
)
_CHANNEL = r"\be-?mails?\b|\bmail\b|\bSMS\b|\btext messages?\b|\bpush\b|\bWhatsApp\b|\bSlack\b|\bTeams\b|\bby phone\b|\bphoned\b|\bwebhooks?\b|\bin-app\b|\bletters?\b|\bMessaging\b|\bTelegram\b"
_IN_SHEETS = re.compile(
    r"(?i)\b(?:in (?:an? |the )?(?:excel(?: file| sheet| list)?s?|spreadsheets?|access database|paper (?:lists?|files?)|legacy \w+|old \w+ ?(?:system|database)?)|lives in an? \w+ database|on paper)\b"
)
_TAKEN_OVER = r"\bimported?\b|\bmigrat(?:e|ed|ion)\b|\btaken over\b|\bstart(?:s)? empty\b|\btransfer(?:red)? from\b"
_MERGED = r"\b(?:last write wins|latest change wins|conflicts? (?:are|is|must)|merged?|merging)\b"
_AWAY = r"\bwithout (?:a )?(?:connection|network|internet)\b|\boffline\b|\bback online\b"


def channel(basis: Basis) -> Iterator[Candidate]:
    """By which channel somebody is told, where none is named anywhere."""
    if basis.says(_CHANNEL):
        return
    for passage in basis.told:
        for sentence in words.sentences(passage.plain):
            told = _TOLD.search(sentence)
            if not told or re.search(r"(?i)\bnot (?:be )?(?:notified|alerted)\b", sentence):
                continue
            who = next((p for p in basis.people if re.search(rf"(?i)\b{re.escape(p)}s?\b", sentence)), "recipient")
            when = re.search(r"(?i)\b(?:when|if|before|after|as soon as|once)\b [^.;]{3,90}", sentence)
            after = f" {when.group()[:1].lower()}{when.group()[1:].rstrip('. ')}" if when else ""
            after = re.sub(rf"\s*,?\s*(?:the|an?)?\s*{re.escape(who)}s? (?:is|are|must be|gets?) .*$", "", after)
            of = f" of this: “{clipped(max(sentence.split('|'), key=len), 120).rstrip('.')}”"
            soon = bool(
                re.search(
                    r"(?i)\bimmediate|\binstant|\bat once\b|\bright away\b|\bwithin (?:\d+|a few) ?(?:s|seconds?|min(?:ute)?s?)\b|\breal[- ]time\b",
                    sentence,
                )
            )
            yield Candidate(
                64, "channel", f"By which channel is {article(who)} told{after or of}?", (passage.id,),
                (f"{article(who)} is told by e-mail{after}.", f"{article(who)} is told by a push message or a notice on the screen in use{after}.", f"{article(who)} finds a notice in the application{after}, and is told by no other channel."),
                "nobody waits for an e-mail, and this is to be known at once" if soon else "everybody has an e-mail address, and it needs no app", "which address or token is kept of each " + who + ", the provider that has to be paid, and what happens when it is down", 1 if soon else 0,
            )  # fmt: skip
            return


def payment(basis: Basis) -> Iterator[Candidate]:
    """Who takes the money, where people pay and nobody is named."""
    named = [n for n in basis.reading.integrations if n.kind == "payment" and not n.name.islower()]
    where = basis.where(PAYS, 3)
    told = {p.id: p.plain for p in basis.told}
    where = tuple(each for each in where if re.search(r"(?i)\bpa(?:y|ys|id|ying|yments?)\b|\bdeposit\b", told[each]))
    machine = all(re.search(r"\b(?:debit|credit) \{|\bdebits? per\b", told[each]) for each in where)
    if named or not where or machine or basis.tiny:
        return
    who = next((p for p in basis.people if re.search(rf"(?i)\b{re.escape(p)}s?\b", told[where[0]])), "customer")
    verb = re.search(
        r"(?i)\bpa(?:y|ys|id)\b(?: for| by| online)?(?: an? [a-z]+| the [a-z]+| a deposit)?|\bdeposit\b|\brefund\w*",
        told[where[0]],
    )
    subject = "deposit" if verb and "deposit" in verb.group().lower() else "money"
    yield Candidate(
        70, "payment", f"Who takes the {subject} that {several(who)} pay, and does card data reach this service?", where,
        (f"{article(who)} pays on the page of a payment provider, and no card number reaches the service.", f"{article(who)} pays through the provider the organisation has a contract with already, by its API.", f"{article(who)} gets an invoice and transfers the money; the service only records that it arrived."),
        "card data that never arrives needs no protection (PCI DSS, SAQ A)", "the payment operations and their webhooks, the states of what is paid, and how much of PCI DSS applies",
    )  # fmt: skip


def taken_over(basis: Basis) -> Iterator[Candidate]:
    """Whether what is there today is taken over."""
    sheet = _IN_SHEETS.search(basis.text)
    if not sheet or basis.says(_TAKEN_OVER):
        return
    passage = next(p for p in basis.told if sheet.group() in p.plain)
    counted = re.search(
        r"(?i)\b(?:about |some |around )?(\d[\d,.]* [a-z]{4,20})\b",
        passage.plain[max(0, passage.plain.find(sheet.group())) :],
    )
    holding = f" ({counted.group(1)})" if counted else ""
    place = re.sub(r"(?i)^(?:lives )?(?:in|on) (?:an? |the )?", "", sheet.group())
    yield Candidate(
        54, "taken over", f"Is what stands in today's {place}{holding} taken over before the start?", (passage.id,),
        (f"What is in today's {place} is imported once before the start and checked by a person.", f"What is in today's {place} is imported every night as long as both are in use.", f"Nothing is taken over from today's {place}; the system starts empty."),
        "nobody types it in again, and the old place is closed on one day", "an import with its own validation, keys of the old place in the tables, and the order of the start",
    )  # fmt: skip


def merging(basis: Basis) -> Iterator[Candidate]:
    """Which change holds when two were made without a connection."""
    where = basis.where(_AWAY, 2)
    if not where or basis.says(_MERGED) or not basis.served:
        return
    text = " ".join(p.plain for p in basis.told if p.id in where)
    who = next((p for p in basis.people if re.search(rf"(?i)\b{re.escape(p)}s?\b", text)), "user")
    acting = re.search(r"([A-Z][a-z]{3,20}s) can use", text)
    people = acting.group(1).lower() if acting else several(who)
    kept = next((spoken(e.name) for e in things(basis) if set(basis.mentions(e)) & set(where)), "record")
    found = re.search(r"(?i)\bsaves? ([a-z]{4,20})s\b", basis.text)
    kept = found.group(1).lower() if found and kept == "record" else kept
    yield Candidate(
        79, "merging", f"Two {people} change the same {kept} without a connection: whose change holds when both are back?", where,
        (f"The change of a {kept} that was made last holds, and the other one is kept as an older version.", f"Whoever comes back second is shown both versions of the {kept} and chooses.", f"Only whoever created a {kept} can change it, so that two changes come from one person's devices and the last holds."),
        "nobody has to decide anything, and nothing is lost", "a version number and a time of change in every table, the 409 answer and how changes are sent",
    )  # fmt: skip


RULES = (channel, payment, taken_over, merging)
