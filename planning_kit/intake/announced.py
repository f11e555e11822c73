"""What a heading or a table's header announces: the class of what stands below it."""

from __future__ import annotations

import re
from collections.abc import Iterable

from ..offline.reading.sentences import unnumbered
from .wording import vocabulary

QUALITIES = vocabulary(
    "performance protection security reliability availability scalability usability accessibility privacy maintainability observability "
    "operability efficiency safety resilience robustness capacity latency throughput uptime portability compatibility correctness "
    "auditability audit backup backups recovery encryption authentication testability durability responsiveness monitoring nfr nfrs "
    "quality qualities interoperability extensibility flexibility load retention localization internationalization concurrency"
    " 성능 보안 가용성 확장성 비기능"
)
"""Words that name a quality; a heading made of nothing else announces qualities."""
_FILLER = vocabulary("and or of the requirements requirement considerations consideration targets target attributes goals data") | {
    "system", "objectives", "level", "levels", "characteristics", "handling", "aspects", "expectations", "needs", "disaster", "high",
}  # fmt: skip

_HEADINGS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?i){pattern}"))
    for name, pattern in (
        (
            "out of scope",
            r"\bout[- ]of[- ]scope\b|\bnot in scope\b|\bnon[- ]?goals?\b|\banti[- ]?goals\b|\bexclu(?:sions?|ded)\b|\bwon['’]?t\b(?: have| do)?|\bwill not\b|\bnot (?:included|doing|planned)\b|"
            r"\bfuture\b|\blater (?:phases?|versions?|releases?)\b|\bdeferred\b|\bparking lot\b|\bbacklog ideas\b|\bno[- ]gos?\b|^not (?:now|yet|today)\b|\blater$|^later\b|^ideas\b|\b(?:leave|left) out\b|범위 제외|제외 범위",
        ),
        (
            "other",
            r"^references?$|\bbibliography\b|\bchange ?(?:log|history)\b|\brevisions?\b|\bversion history\b|\bdocument (?:control|history|info\w*|metadata)\b|"
            r"^(?:table of )?contents$|\bsign[- ]?off\b|^approvals?$|\bdistribution list\b|^authors?$|^contacts?$|^links$|further reading|related documents",
        ),
        (
            "context",
            r"\bglossary\b|\bdefinitions?\b|\bterms\b|\bterminology\b|\bacronyms?\b|\babbreviations?\b|\bopen (?:questions|issues|points)\b|\brisks?\b",
        ),
        (
            "quality",
            r"\bnon[- ]?functional\b|\bquality (?:attributes?|requirements?|goals?)\b|\bcross[- ]cutting\b|\bservice levels?\b|\bSLAs?\b|\bNFRs?\b|\bhow (?:well|fast|secure|reliable|good|much|many)\b|비기능",
        ),
        (
            "constraint",
            r"\bconstraints?\b|^(?:operations?|hosting|deployment|infrastructure|platform)$|^(?:what is )?givens?$|\bboundary conditions\b|^limits?$|^(?:ground|guard) ?rules?$|\bwe (?:cannot|can['’]t) change\b|\bassumptions?\b|\bdependenc(?:y|ies)\b|\blimitations?\b|\b(?:tech(?:nology|nical)?) stack\b|\btechnolog(?:y|ies)\b|^tech(?:nical)?$|"
            r"^budget\b|\bregulat(?:ory|ions?)\b|\bcompliance\b|\blegal\b|^standards?\b|\bexceptions to\b|\bprerequisites\b|\bdepend?encies\b|제약",
        ),
        (
            "actor",
            r"\bactors?\b|\bstakeholders?\b|\bpersonas?\b|\btarget (?:users?|audience|group)\b|\buser (?:roles?|groups?|types?|class(?:es)?|characteristics)\b|^(?:users?|roles?|audience|people)$|^who\b|\bwho (?:uses|is|are)\b|"
            r"\b(?:users?|roles) and (?:permissions|responsibilities|roles)\b|사용자 유형|이해관계자",
        ),
        (
            "integration",
            r"\bintegrations?\b|^neighbou?rs?\b|\b(?:neighbou?ring|connected|surrounding|other|partner) systems\b|\btalks? to\b|^interfaces$|\bexternal (?:interfaces?|systems?|services?|dependencies)\b|\bthird[- ]part(?:y|ies)\b|\b(?:up|down)stream\b|\binterfaces? to\b|^system interfaces\b|\bconnectors\b|연동",
        ),
        (
            "data",
            r"\bdata (?:models?|requirements?|dictionary|entities|schemas?|structures?|fields|objects|sources?)\b|\b(?:about|of) the data$|^(?:the )?(?:data|entities|schemas?|fields|records)$|\b(?:data|what|things|records) (?:we|it|to be) (?:keeps?|stores?|stored|holds?)\b|\bdomain (?:model|objects)\b|"
            r"\bdatabase (?:design|tables?|schema)\b|\bER[- ]?(?:D|diagram)\b|\binformation model\b|데이터 모델",
        ),
        (
            "functional",
            r"\bfunctional\b|\brequirements?\b|\bfeatures?\b|\bfunctionalit(?:y|ies)\b|\bfunctions?\b|\bcapabilit(?:y|ies)\b|\buse cases?\b|\bstor(?:y|ies)\b|\bepics?\b|\bscenarios?\b|"
            r"\bacceptance (?:criteria|tests)\b|\bAPIs?\b|\bend ?points?\b|\b(?:business )?rules\b|\bworkflows?\b|\bflows?\b|\boperations\b|\bin[- ]scope\b|^scope(?: of work)?$|\bcommands?\b|\b(?:must|should|could|nice to)[- ]haves?\b|"
            r"\bMVP\b|\bdeliverables\b|\bwhat (?:it|the \w+) (?:does|should do|must do)\b|\buser interface\b|\bmanagement$|기능|요구 ?사항",
        ),
        (
            "context",
            r"\bbackground\b|^situation$|\bdecisions\b|\boverview\b|\bintroduction\b|\bcontext\b|\bsummary\b|\bpurpose\b|\bgoals?\b|\bobjectives?\b|\bvision\b|\bmotivation\b|\bproblem\b|\bsuccess\b|\bmetrics\b|\bKPIs?\b|\bbusiness case\b|"
            r"\bcurrent (?:state|situation|scope|process|systems?)\b|\bdescription\b|\babout\b|\btimeline\b|\bmilestones?\b|\bschedule of\b|\broadmap\b|\busage\b|\bexamples?\b|\bFAQ\b|\bnotes?\b|\bwhy\b|\bpreface\b|\babstract\b|^TL;?DR$|\balternatives\b|\bpricing\b|"
            r"\binstructions to (?:bidders|vendors)\b|\bevaluation\b|\bsubmission\b|배경|개요|목적",
        ),
    )
)  # fmt: skip

_HEADERS: tuple[tuple[str, re.Pattern[str]], ...] = tuple(
    (name, re.compile(rf"(?i){pattern}"))
    for name, pattern in (
        (
            "other",
            r"\|\s*(?:version|rev\w*)\s*\|.*\b(?:author|date|change)|\b(?:author|date)\s*\|.*\bchanges?\b|\|\s*(?:document|reference|link|url)\s*\|\s*(?:link|url|location|version|owner)\b",
        ),
        ("context", r"\|\s*(?:terms?|acronyms?|abbreviations?|risks?)\s*\|"),
        (
            "functional",
            r"\|\s*(?:method|verb|path|endpoint|route|command|user story|story|use case|feature|function)s?\s*\|",
        ),
        (
            "data",
            r"\|\s*(?:fields?|columns?|attributes?|property|entity|table|parameter|(?:field |column )?name)\s*(?=\|).*\|\s*(?:data )?(?:types?|formats?|required|attributes|fields|key fields)\s*\|",
        ),
        ("constraint", r"\|\s*(?:constraint|assumption|dependency|technology)\s*\|"),
        (
            "integration",
            r"\|\s*(?:integrations?|external systems?|systems?|interface|partner)\s*(?=\|).*\|\s*(?:protocol|direction|purpose|data|method|interface|format|description|exchange\w*)\b",
        ),
        (
            "quality",
            r"\|\s*(?:metric|quality|quality attribute|attribute|nfr|slo|sla|indicator)s?\s*(?=\|).*\|\s*(?:target|value|threshold|measure|goal|objective|level)s?\b|\|\s*(?:target|threshold|service level)s?\s*\|",
        ),
        ("actor", r"\|\s*(?:actor|role|stakeholder|persona|user(?: type| group| role)?|who)s?\s*\|"),
        ("functional", r"\|\s*(?:requirement|description)s?\s*\|"),
        ("context", r"\|\s*(?:milestone|phase|date|kpi|criterion|weight)\s*\|"),
    )
)

_WEAK = re.compile(r"(?i)^(?:general )?requirements?$")
"""A heading that says nothing which the one above it does not say better."""


def by_heading(heading: str) -> str:
    """The class a heading announces, or empty if it says nothing about it."""
    title = unnumbered(heading)[:200]
    for name, pattern in _HEADINGS[:3]:
        if pattern.search(title):
            return name
    words = set(re.findall(r"\w+", title.lower()))
    if words & QUALITIES and words <= QUALITIES | _FILLER:
        return "quality"
    return next((name for name, pattern in _HEADINGS[3:] if pattern.search(title)), "")


def by_section(section: Iterable[str]) -> str:
    """The class that the headings a passage stands under announce: the innermost one that says something.

    What is out of scope stays so, whatever the headings below it are called.
    """
    said = [name for heading in section if (name := by_heading(heading)) and not _WEAK.match(unnumbered(heading))]
    said = said or [name for heading in section if (name := by_heading(heading))]
    return "out of scope" if "out of scope" in said else said[-1] if said else ""


def by_header(row: str) -> str:
    """The class of the rows below a table's header row (its cells between ``|``), or empty."""
    cells = "|" + row.strip().strip("|")[:2000].replace("|", " | ") + " |"
    return next((name for name, pattern in _HEADERS if pattern.search(cells)), "")
