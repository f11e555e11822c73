"""What cuts across a system: signing in, notifying, paying, reporting, auditing, searching, files; each only when the brief asks for it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from ..brief import Passage
from ..offline.reading import words
from .proposal_basis import Basis


@dataclass(frozen=True)
class Concern:
    """A concern that cuts across.

    Attributes:
        name: the domain's name.
        wanted: what a passage that asks for it says.
        things: names of domains that keep such things already, as a pattern for the whole name.
        kinds: the kinds of integrations that serve it.
        strong: whether a passage that says so is about it even if it also does something to what is kept.
        renames: whether a domain that keeps such things takes this name.
        always: whether it is planned apart even if every passage that asks for it is about something else as well.
    """

    name: str
    wanted: re.Pattern[str]
    things: str
    kinds: tuple[str, ...] = ()
    strong: bool = False
    renames: bool = False
    always: bool = False

    def asks(self, basis: Basis, passage: Passage) -> bool:
        """Whether ``passage`` asks for it."""
        found = self.wanted.search(passage.plain)
        if found and found.group().lower().startswith("report") and basis.says(_REPORTED):
            return bool(_FIGURES.search(passage.plain))
        return bool(found)

    def weight(self, basis: Basis, passage: Passage) -> float:
        """How much ``passage`` is about it: nothing, more than a mention of a thing, or more than an operation on one."""
        if not self.asks(basis, passage):
            return 0.0
        served = any(passage.id in named.sources and named.kind in self.kinds for named in basis.reading.integrations)
        said = words.sentences(passage.plain)
        mostly = 2 * sum(bool(self.wanted.search(each)) for each in said) > len(said)
        return 7.0 if self.strong and mostly else 2.9 + 2.5 * served


_REPORTED = r"\b(?:[a-z]{3,20}s (?:can |may |must )?report|reports) (?:an? |the |missed |broken |lost |damaged |their )?[a-z]{3,20}s?\b(?<!reports of)(?<!reports on)(?<!reports are)"
"""Somebody reports something, so that a report is a thing and not a table of figures."""
_FIGURES = re.compile(
    r"(?i)\breports?:|\breports? (?:on|per|by)\b|\b(?:KPI|statistics|figures|totals|tonnes|per month|quarterly|monthly)\b"
)


def _says(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


CONCERNS = (
    Concern("auth", _says(
        r"(?<!without )\bsign(?:s|ed|ing)?[- ]?(?:in|on)\b(?! sheet)|\bsign(?:s|ed|ing)?[- ]?up\b(?= (?:with|by|using|as|via)\b)|(?<!without )\blog(?:s|ged|ging)?[- ]?(?:in|out)\b(?! (?:their|its|the) )|\bauthenticat|\bpasswords?\b|"
        r"\bSSO\b|\bOAuth\b|\bOpenID\b|\bSAML\b|\bMFA\b|\b2FA\b|two[- ]factor|\baccess tokens?\b|\brole[- ]based\b|\bJWT\b"),
        r"users?|accounts?|user-accounts|sessions|roles|logins", strong=True, renames=True),
    Concern("notifications", _says(
        r"\bnotif(?:y|ies|ied|ications?)\b|\bremind(?:er|ers|ed|s)?\b|\b(?:sends?|sent|receives?) (?:\w+ ){0,4}(?:e-?mails?|SMS|text messages?|push|newsletters?|messages?)\b|"
        r"\bby (?:e-?mail|SMS|push)\b|\balert(?:s|ed)? (?:the|a|an|when|if)\b|\bconfirmations? (?:e-?mails?|must be sent|is sent|are sent)\b"),
        r"notifications?|alerts|messages|reminders|templates|alert-messages", ("email", "messaging", "sms", "push")),
    Concern("payments", _says(
        r"\bpay(?:s|ing|ment|ments|out|outs)?\b(?! attention)|\brefund|\binvoic|\bbilling\b|\bcharged?\b (?:the |a |by )|\bcheckout\b|\bsubscription (?:plan|fee)s?\b|\bcredit cards?\b|\bPCI\b"),
        r"payments|invoices|billing|subscriptions|charges|payouts|refunds", ("payment",), always=True),
    Concern("billing", _says(r"\bbills? (?:\w+ ){1,5}?(?:to|monthly|weekly)\b|\b(?:is|are) billed\b"), r"bills|billing|payments", always=True),
    Concern("reporting", _says(
        r"\breports?\b(?= (?:of|on|about|by|for|per|show|must|are|is|with)|s?\b(?:\.|,|$))|\b(?:sales|usage|monthly|weekly|daily|annual|utili[sz]ation) (?:reports?|figures|statistics)\b|\bstatistics\b|\bdashboards?\b|\banalytics\b|\bKPIs?\b"),
        r"reports|statistics|dashboards|analytics|metrics"),
    Concern("audit", _says(
        r"\baudit(?!or)|\brecorded with who\b|\bwho (?:changed|made|did) (?:it|them|what)\b|\btraceab|\bchange log\b|\b(?:logs?|records?) (?:of )?(?:every|all|each) (?:change|access|action|transaction)"),
        r"audits?|audit-logs|logs|status-logs|histories"),
    Concern("search", _says(r"\bfull[- ]text\b|\bsearch engine\b|\bfuzzy\b|\brelevance\b|\bautocomplete|\bfaceted\b|\bfacets\b"), r"search|searches|indexes"),
    Concern("files", _says(
        r"\b(?:upload|attach)(?:s|ed|ing)?\b (?:\w+ ){0,4}(?:files?|documents?|photos?|images?|pictures?|scans?|videos?|receipts?|PDFs?|CSVs?|to)\b|\bfile (?:storage|uploads?)\b|\battachments\b"),
        r"files|documents|attachments|photos|images|media|uploads|videos"),
)  # fmt: skip
"""In the order in which a passage that asks for two of them is given to one."""
