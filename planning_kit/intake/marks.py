"""The words by which a passage shows what it is."""

from __future__ import annotations

import re

from ..brief import Passage, plain
from . import announced

TAG = re.compile(
    r"[(\[{](REQUIRED|RECOMMENDED|OPTIONAL|MANDATORY|MUST(?: NOT)?|SHALL(?: NOT)?|SHOULD(?: NOT)?|MAY|(?<=\()[Rr]equired|(?<=\()[Mm]andatory|(?<=\[)[Mm]ust)[)\]}]"
)
"""A requirement's level in brackets, in the words of RFC 2119."""
TAGGED = {
    "REQUIRED": "must", "MANDATORY": "must", "MUST": "must", "MUST NOT": "must", "SHALL": "must", "SHALL NOT": "must",
    "RECOMMENDED": "should", "SHOULD": "should", "SHOULD NOT": "should", "OPTIONAL": "may", "MAY": "may",
}  # fmt: skip

ORDERS = re.compile(
    r"(?i)\b(?:(?:must|should)(?![- ]haves?\W*$)|shall|ought to|(?:has|have|needs?) to (?!do\b)|(?:is|are) (?:required|obliged) to|is (?:mandatory|compulsory|not permitted|forbidden)|(?:may|can|could|will)(?: only| also| not|not)? (?!be (?:found|seen|visualized|decided)\b|have (?:been|to)\b)[a-z]+)\b"
    r"|해야 ?(?:한다|합니다|함)|수 있(?:다|어야|습니다)|\b(?:muss|müssen|soll|sollen|doit|doivent|debe|deben|deve|devono)\b|必须|应当|しなければならない"
)
"""A sentence that obliges or permits."""

LEFT_OUT = re.compile(
    r"(?i)\b(?:is|are|remains?|stays?|considered|kept|explicitly) (?:explicitly |currently |also )?(?:out[- ]of[- ]scope|not (?:in|part of) (?:the |this )?(?:scope|tender|contract|project|order|MVP|v\d|first release|this (?:release|phase|project)))\b|"
    r"\b(?:will|shall) not be (?:built|supported|included|delivered|offered|implemented|part)\b|\bnot (?:planned|in scope)\b|^\W{0,3}(?:out of scope|not included|non-goals?|not part of (?:the |this )?[\w ]{3,30}|excluded|not wanted)\W*[:–—]|"
    r"\b(?:deferred|postponed) (?:to|until)\b|\|\s*won['’]?t(?:[- ]have)?\s*(?:\||$)|^\W{0,4}no(?:t|ne)? .{2,120}\b(?:for now|yet|at this stage|in (?:the )?(?:first|this) (?:version|release|phase|step))\W*$|\bwe (?:will not|won['’]?t|do not intend to) (?:build|support|offer|do)\b"
)
OBLIGES = re.compile(
    r"(?i)\b(?:must|shall|should|(?:has|have|needs?) to|(?:is|are) required to|mandatory|compulsory)\b|해야"
)
"""A sentence that obliges: where the setting is described, 'can' and 'may' only tell."""
TYPED = re.compile(
    r"(?i)(?:^|\s)-?[\w-]+: (?:string|integer|int|boolean|bool|uuid|number|float|decimal|varchar|timestamp|datetime|enum)\b"
)
"""A field with its type."""
ENDPOINT = re.compile(
    r"(?i)\b(?:GET|POST|PUT|PATCH|DELETE) (?:request|/)|\(?(?:GET|POST|PUT|PATCH|DELETE) request|\bendpoints?\b"
)
ASKED = re.compile(r"(?i)^\W*(?:what|how|who|when|where|why|which)\b")
"""A heading that is a question, not a demand."""
STORY = re.compile(
    r"(?i)^\W{0,4}(?:(?:US|STORY|story)?[- ]?\d{0,5}\W{0,3})(?:as an? .{2,80}?,? I (?:want|need|can|would like|'d like|wish|must|should|am able)|given .{3,300}\b(?:when|then)\b|(?:given|when|then)\s+\w+.{3,200}\b(?:then|is|are)\b)"
)
SOMEBODY = re.compile(
    r"^\W{0,3}[A-Z\"“'][\w\"”' -]{1,40}?(?:\s*[:–—(-]\s*|\s+)(?:(?:is|are) )?(?:an? |the )?(?:[a-z]+ ){0,3}?(?:who\b|persons? (?:who|that|with|responsible)|people (?:who|that|with)|responsible for|employees? (?:who|of)|users? (?:who|that|with))"
)
CONNECTS = re.compile(
    r"(?i)\b(?:interact(?:s|ing)? with (?:the |an? )?(?:external|third|(?-i:[A-Z]))|(?:go(?:es)?|sent|transferred|handed over|posted|pushed|exported|passed) (?:on )?(?:in)?to (?:the |our )?(?:existing |external )?(?:accounting|payroll|billing|ERP|CRM|HR|warehouse|legacy|financ\w+|bookkeeping|third[- ]party)\b|integrat(?:es?|ed|ion|ing) with|interfac(?:es?|ing) (?:with|to)\b|connect(?:s|ed|ing)? (?:to|with) (?:the |our |an? )?(?:external|existing|third|[A-Z])|"
    r"sync(?:s|ed|hroni[sz]\w*)? (?:\w+ ){0,4}?(?:with|to|from) (?:the |our |an? )?(?:external|existing|third|(?-i:[A-Z])\w+)|exchang(?:es?|ing) (?:\w+ ){1,3}with (?:the )?(?:external|existing|third|(?-i:[A-Z]))|"
    r"(?:import|pull|fetch|receive|read)(?:s|ed)? (?:\w+ ){1,5}?from (?:the |our )?(?:external|existing|legacy|third[- ]party|ERP|CRM|SAP|(?-i:[A-Z][\w]+) (?:API|system|feed)))"
)
LIMITS = re.compile(
    r"(?i)\b(?:(?:is|are|be|must be|shall be) (?:written|built|developed|implemented|programmed|coded|hosted|deployed) (?:in|with|using|on)\b|(?:must|shall|should|has to|have to) (?:only )?(?:(?:use|reuse) (?:the existing |our )?(?-i:[A-Z])|run (?:on|in|at|under)\b|be based on\b|be delivered\b|go live\b|be open[- ]source\b)"
    r"|is based on|on[- ]premises?\b|licen[cs]ed? (?:under|as|must|costs?)|open[- ]source licen[cs]e|budget (?:is|of|must)|cost(?:s)? (?:must|may|should) not|no later than|go[- ]live\b|by (?:the end of )?(?:Q[1-4]|January|February|March|April|June|July|August|September|October|November|December) (?:20)?\d\d"
    r"|(?:compl(?:y|ies|iant) with|conform(?:s)? to|in accordance with|certified (?:to|under|against))\b|data (?:residency|must (?:stay|remain|be stored) in)|hosted in\b|(?:we|our \w+|the \w+|they) already (?:use|run|have|own)s?\b|we (?:only )?(?:use|run|stay on|are on|standardi[sz]ed on|have people who know) (?-i:[A-Z])|existing (?:database|infrastructure|cluster)|runtime environment|agnostic to|requires? (?:an? |the )?[\w+#.]+ (?:environment|runtime|version)\b)"
)
QUALITY = re.compile(
    r"(?i)(?:\b(?:response times?|latenc(?:y|ies) (?!limit|in\b)|throughput (?:of|must|should)|uptime|(?:high|system|service|overall|monthly) availability|highly available|scalab\w+|scales? (?:to|up|with|horizontally)|reliability|(?:be|is|are) (?:\w+ )?reliable|resilien\w+|fault[- ]toler\w+|fail-?over|"
    r"redundan(?:t|cy)|encrypt\w*|hashed|salted|rate[- ]limit\w*|brute[- ]force|back(?:ed)?[- ]?ups?|RTO|RPO|disaster recovery|audit (?:log|trail)s?|audit considerations|thread[- ]saf\w+|user-friendly|easy to use|usab(?:le|ility)|accessibility|WCAG|"
    r"maintainab\w+|testab\w+|test coverage|observab\w+|GDPR|HIPAA|PCI[- ]DSS|personal data|concurrent(?:ly)? (?:users|requests|sessions|connections|processing)|requests? (?:per|a) second|per second|swiftly|efficiency|(?:be|is|are) (?:\w+ )?efficient|TLS|two[- ]factor|multi[- ]factor|MFA|"
    r"load balanc\w+|penetration|OWASP|vulnerabilit\w+|caller authentication|data (?:privacy|protection|security)|horizontally|performance (?:of|requirements?|targets?)|(?:good|high|better|best) performance|security requirement|security (?:of|against)|tamper\w*|secure (?:environment|interactions))\b"
    r"|\b(?:be|is|are|remain) (?:always )?(?:secured?|fast|available (?:24|9\d|at all)|responsive|robust|portable|consistent)\b|\b(?:within|under|below|less than|in) (?:(?:under|about|at most|less than) )?(?:\d+(?:\.\d+)?|one|two|three|five|ten|a|a few) ?(?:ms|milliseconds?|s|secs?|seconds?)\b|\bwe expect (?:about |around |up to |some )?\d|\b9\d(?:\.\d+)? ?%"
    r"|\b(?:kept|retained|stored|preserved|archived|deleted|erased|purged|anonymi[sz]ed) (?:for|after|within|\w+ )?(?:at (?:least|most) |a minimum of |up to )?\d+ (?:days|months|years)\b|\bprotected (?:with|by|against)\b)"
    r"|^\W{0,3}(?:" + "|".join(sorted(each for each in announced.QUALITIES if each.isascii() and each not in ("load", "audit", "data", "nfr", "nfrs", "capacity"))) + r")\s?:"
)  # fmt: skip
DOES = re.compile(
    r"(?i)\b(?:(?:it|system|platform|service|app|application|api|server|scheduler|tool|project|product|software|module|component|interface|endpoint|backend|functionality|sub-?block|request|response|site|portal|class) (?:also |then |automatically |thus )?"
    r"(?:[a-z]{2,}(?:ies|[a-rt-z]es|[b-hj-rt-z]s))\b(?<!has)(?<!is)(?<!was)|(?:users?|customers?|admins?|administrators?|managers?|members?|staff|clients?|drivers?|organi[sz]ers?|visitors?|buyers?|sellers?|agents?|operators?|employees?|students?|teachers?|patients?|doctors?|nurses?|guests?|owners?|editors?|authors?|reviewers?|subscribers?|residents?|participants) (?!who|that|is|are|of|in|and|or|with|from|for|to|on|at|has|have)[a-z]+(?<!ed)(?<!ing)\b"
    r"|(?:allows?|enables?|lets?|permits?|grants?) (?:\w+ ){1,5}?(?:to\b|the ability)|(?:GET|POST|PUT|PATCH|DELETE) (?:request|/)|(?:is|are) (?:sent|notified|refused|created|updated|deleted|returned|issued|shown|stored|refunded|rejected|locked|charged|assigned|billed|invoiced|credited|printed|flagged|published|exported|imported|paid|calculated|generated|blocked|logged|archived|recorded|reserved|cancelled|approved)\b)"
)
IS_A = re.compile(r"(?i)^\W{0,3}(?:the )?[\w' -]{1,60}? (?:is|are) (?:an? |the |for |our )\w+(?![^.]*\bendpoint\b)")
LEVEL = re.compile(
    r"(?i)\bSLAs?\b|\b(?:max(?:imum|\.)? )?downtime\b|\bavailable 24/7\b|\bmaintenance windows?\b|\b(?:finish|complete|respond|answer|load|start)(?:s|es)? (?:\w+ ){0,2}?(?:quickly|fast|promptly|swiftly|in (?:an? )?(?:few )?(?:seconds|minutes))|\b(?:state of the art|easy to (?:use|learn|operate))\b|^\W{0,4}(?:up to |about |around |some |at most )?\d[\d.,]* (?:[a-z]+ ){1,3}?(?:a|per|each|every) (?:second|minute|hour|day|week|month|year)\b|\b(?:without|survives?|loss of) (?:[\w ]{0,20})?(?:internet|network|connection|connectivity|power)\b|\b(?:kept|retained|stored|archived|deleted|erased) (?:for|after) (?:at least |at most )?(?:one|two|three|four|five|six|seven|eight|ten|twelve|\d{1,4}) (?:days|weeks|months|years)\b"
)
"""What tells a quality in a line under no heading."""
BOUNDS = re.compile(
    r"(?i)\b(?:(?:must|may|shall|can)(?: not|not) leave|(?:may|must|shall) (?:only )?use (?:any |only )?(?:\w+ )?(?:cloud|hosting)|hosting (?:stays|is|remains)|budget\s?:|^\W{0,4}(?:budget|hosting|deadline|licen[cs]e|go[- ]live|languages?|platform)\b|^\W{0,4}(?:Python|Java|Go|TypeScript|PHP|Rust|C#|Ruby|Kotlin|Postgres\w*|MySQL)\b[^.]{0,40}\b(?:because|only|since|preferred)\b|\b(?:nothing|no \w+) (?:may|must|can) be installed\b|^\W{0,4}No [a-z -]{3,30}[.!]?$|deadline\s?:|runs? only on|only (?:in|within) the (?-i:EU|US|UK))\b"
)
"""What tells a limit in a line under no heading."""
NEIGHBOUR = re.compile(
    r"(?i)\b(?:arrives?|comes?|fetche[sd]|pulls?|receives?|imported|pulled|read) (?:[\w-]+ ){0,5}?from (?:the |our |an? )?(?:(?-i:[A-Z]{2,})\w*|[\w ]{0,20}?(?:feed|API|registry|laboratory|scale|sensors?))|\b(?:exported|sent|posted|transferred|delivered|transmitted|transmits [\w ]{2,30}) to (?:the |our |an? )?(?:[\w-]+ ){0,2}(?:systems?|register|API|coast guard|authority|(?-i:[A-Z]{3,}))\b|\bthrough (?:its|their) (?:own )?API\b"
)
"""What tells a neighbour in a line under no heading."""
UNDECIDED = re.compile(
    r"(?i)\b(?:is|are) (?:still|yet) to be (?:decided|defined|agreed|confirmed)\b|\b(?:TBD|undecided)\b"
)
"""What tells a line under no heading to be an open point."""
_LINES = (
    (
        "actor",
        re.compile(
            r"(?i)^\W{0,3}(?:user )?(?:roles?|actors?|users?|personas?|stakeholders?|user groups?|participants)(?: are)?\s?:\s"
        ),
    ),
    (
        "integration",
        re.compile(
            r"(?i)^\W{0,3}(?:inputs?|outputs?|feeds?|interfaces?|imports?|exports?|data sources?|external systems?|integrations?)\s?:.{0,200}?(?:\b(?:from|to|with|via) (?:the |our |an? )?(?-i:[A-Z])|$)"
        ),
    ),
    (
        "functional",
        re.compile(
            r"(?i)^\W{0,3}(?:reports?|exports?|notifications?|e-?mails?|statistics|dashboards?|functions?|features?|lists?)\s?:.{0,300}\b(?:delivered|sent|shown|exported|printed|per|by|when|every|daily|weekly|monthly|quarterly)\b"
        ),
    ),
)
"""What a line says it is before its colon."""
CATEGORY = re.compile(
    r"(?i)\|\s*(?:non[- ]?functional|performance|security|availability|reliability|scalability|usability|privacy|maintainability|quality)\s*\|"
)
"""A row's cell that names its requirement's sort."""
FIELDS_OF_CODE = re.compile(
    r"(?im)^[\s{\[(,]{0,40}(?:\"[\w-]+\"\s*:|[\w-]+\??\s*:\s*(?:string|int(?:eger)?|number|bool(?:ean)?|uuid|date(?:time)?|text|float|decimal|object|array|enum)\b|create\s+table\b|(?:message|type|interface|model|struct|class|entity)\s+\w+\s*(?:\{|\())"
)
SEPARATOR = re.compile(r"(?m)^\s{0,20}\|?\s{0,20}:?-{1,400}:?\s{0,20}(?:\||$)")
_FIELDS = re.compile(
    r"(?i)(?:\b(?:each|every|an?|the)\s[\w-]+(?: [\w-]+){0,3} (?:has|have|consists of|comprises|carries|is described by) (?:an? |the |its |id\b)[^.]{0,300},|\bbelongs? to (?:an?|one|exactly)\b|\bhas (?:many|one|a status)\b|\bcan have many\b|"
    r"\b(?:stores?|records?|holds?|contains?) [^.:]{0,80}\b(?:details|information|fields|relations|attributes)\b[^.]{0,40}\b(?:including|for|with)\b|\b[\w-]+: (?:string|integer|int|boolean|bool|uuid|number|float|decimal|varchar|timestamp|datetime|enum)\b|"
    r"\b(?:comprises|consists of|structured into|split into|has) [^.]{0,40}\btables?\b|\bprimary key\b|\bforeign key\b|\bschema is defined\b)"
)
_LISTED = re.compile(
    r"^[\w ]{2,40}: ?[\w-]+(?: [\w-]+){0,2}(?: ?\([^)]{1,120}\))?(?:, ?(?:and )?[\w-]+(?: [\w-]+){0,2}(?: ?\([^)]{1,120}\))?){2,60}\.?$"
)
_BRACKETED = re.compile(r"^[\w ]{2,40} ?\([\w-]+(?: [\w-]+){0,2}(?:, ?(?:and )?[\w-]+(?: [\w-]+){0,2}){2,60}\)\.?$")
_IDENTIFIER = re.compile(
    r"(?i)^\W{0,4}(N?FR|REQ|NFREQ|QR|QA|US|UC|AC|BR|CON|C|CR|DR|IR|INT|SEC|PERF|F|R|ASM?|ACT)[-_ .]?\d{1,4}(?:\.\d{1,3})*\b\W"
)
_BY_ID = {
    "NFR": "quality", "NFREQ": "quality", "QR": "quality", "QA": "quality", "SEC": "quality", "PERF": "quality", "CON": "constraint",
    "AS": "constraint", "ASM": "constraint", "DR": "data", "IR": "integration", "INT": "integration", "ACT": "actor",
    "FR": "functional", "US": "functional", "UC": "functional", "AC": "functional", "BR": "functional",
}  # fmt: skip


def by_id(text: str) -> str:
    """The class that an identifier such as ``NFR-3`` at the start of ``text`` says, or empty."""
    found = _IDENTIFIER.match(text[:60])
    return _BY_ID.get(found.group(1).upper(), "") if found else ""


def lined(text: str) -> str:
    """The class that a line names before its own colon (``Roles: clerk, driver``), or empty."""
    return next((name for name, pattern in _LINES if pattern.search(text[:600])), "")


def labels(passage: Passage) -> bool:
    """Whether a paragraph or item is a title in all but its mark: bold words alone, or a few words that name a section."""
    if passage.kind not in ("paragraph", "item") or len(passage.text) > 200:
        return False
    if re.fullmatch(r"\s*(?:[-*+•]\s+|\d{1,3}[.)]\s+)?(?:(?:\*\*|__)[^*_\n]+(?:\*\*|__)|`[^`\n]+`):?\s*", passage.text):
        return True
    words = passage.plain
    few = len(words.split()) <= 6 and not words.endswith((".", "!", "?", ",", ";"))
    if not re.fullmatch(r"[\w\s&/,()'’:-]+", words):
        return False
    return (
        few and (passage.kind == "paragraph" or words.endswith(":")) and bool(announced.by_heading(words.rstrip(":")))
    )


def titled(passage: Passage) -> str:
    """The class that a passage's own first line announces, if that line is a title above further lines; else empty."""
    head, _, rest = passage.text.strip().partition("\n")
    words = plain(head)
    few = len(words.split()) <= 6 and not words.endswith((".", "!", "?", ",", ";"))
    return announced.by_heading(words.rstrip(":")) if rest and few and passage.kind in ("paragraph", "item") else ""


def announces(text: str, passage: Passage) -> bool:
    """Whether a passage only leads in what follows ('The following …:')."""
    if passage.kind == "row":
        return False
    return (text.endswith(":") and not re.search(r"(?i)\b(?:to|must|shall|should|can|may|will)\W*:$", text)) or bool(
        re.search(
            r"(?i)\b(?:described in (?:this|section)|(?:is|are|been) (?:given|listed|described) below|listed below)\b",
            text,
        )
    )


def has_fields(text: str) -> bool:
    """Whether ``text`` says which fields something has, or how things belong together."""
    return bool(_FIELDS.search(text) or (len(text) < 2000 and (_LISTED.match(text) or _BRACKETED.match(text))))
