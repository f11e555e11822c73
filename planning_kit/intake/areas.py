"""The quality areas of a backend: which of them a text speaks about, which matter for a brief, and about which it is silent."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ..brief import Brief
from ..facts import REQUIREMENTS


@dataclass(frozen=True)
class Area:
    """A quality area: what a text about it says (``words``), when it matters (``needs``, on the whole brief), what a sentence about it would say.

    Without ``needs`` it always matters; ``least`` is how many passages must ask for something before the area matters.
    """

    name: str
    words: re.Pattern[str]
    needs: re.Pattern[str] | None
    sentence: str
    least: int = 0


def _area(name: str, words: str, needs: str, sentence: str, least: int = 0) -> Area:
    said, wanted = (re.compile(rf"(?i)(?<![\w-])(?:{each})") for each in (words, needs))
    return Area(name, said, wanted if needs else None, sentence, least)


_ACTING = r"[a-z]{3,20}(?:ers|ors|ists|ants|ents|ees) (?:(?:can|may|must|shall) )?(?:see|say|book|register|upload|share|post|pay|report|enter|join|answer|order|sign|subscribe|confirm|practi[sc]e|submit|apply|rate|write|create|vote)\b"
_PEOPLE = r"customers?\b|members?\b|accounts?\b|log[- ]?ins?\b|sign(?:ed|ing)? (?:in|up)\b|passwords?\b"

AREAS = (
    _area(
        "performance",
        r"performan(?:t|ce)\b|latenc\w+|throughput|response times?|respon(?:ds?|ses?) (?:with)?in \d|(?:answered|within|under|below|in less than) \d+(?:\.\d+)? ?(?:ms\b|s\b|milli|sec)|"
        r"\d ?(?:ms|milliseconds)\b|(?:requests|transactions|messages|events|operations|queries) (?:per|a) (?:second|minute)|rps\b|tps\b|qps\b|(?:p|P)9\d\b|percentile|"
        r"fast(?:er|est)?\b|quick(?:ly|er)?\b|swift(?:ly)?\b|real[- ]time|overhead|efficien(?:t|tly|cy)\b|speed\b|slow\b|resource (?:consumption|usage|utili[sz]ation)|time[- ]critical|high[- ]concurrency",
        "", "what is answered within how many milliseconds, for which share of requests, at how many requests a second",
    ),
    _area(
        "compatibility",
        r"interoperab\w+|compatib\w+|backwards?[- ]compat\w+|REST\b|RESTful\b|GraphQL\b|gRPC\b|SOAP\b|OpenAPI\b|AsyncAPI\b|JSON\b|XML\b|CSV\b|iCal\w*|HL7\b|FHIR\b|EDI\b|protobuf\b|webhooks?\b|"
        r"API versions?\b|versioned\b|protocols?\b|data formats?\b|standards?[- ](?:format|protocol|interface)s?|open standards?\b|interfaces? with\b|co-?exist\w*|ISO 8601|OAuth\b|SAML\b|OIDC\b|standards are applicable",
        r"integrat\w+|third[- ]part\w+|external (?:systems?|services?|applications?|partners?)|existing (?:systems?|applications?|software|ERP|CRM)|import(?:s|ed|ing)? (?:from|of)|export(?:s|ed|ing)? to|"
        r"synchroni[sz]\w+|interfaces? (?:to|with)|legacy\b|payment (?:provider|gateway)|Stripe\b|SAP\b|ERP\b|CRM\b",
        "with which systems data is exchanged, in which format and protocol version, and how a change is announced to them",
    ),
    _area(
        "reliability",
        r"reliab\w+|availability\b|uptime\b|downtime\b|highly[- ]available|(?:be|is|are|remain) available (?:24|9\d|at all|\d)|24/7|24x7|fail(?:s|ed)?[- ]?over\b|fault[- ]toler\w+|resilien\w+|redundan\w+|recover(?:y|able|s|ed)?\b|"
        r"back[- ]?ups?\b|restor(?:e|ed) (?:from|within)|RTO\b|RPO\b|retr(?:y|ies|ied|ying)\b|back-?off\b|circuit breakers?|outages?\b|SLAs?\b|9\d(?:\.\d+)? ?% (?:of the time|availab|uptime|per|a month)|"
        r"data loss|disaster\b|crash\w*|durab\w+|at[- ]least[- ]once|exactly[- ]once|idempoten\w+|after a (?:system )?restart|dead[- ]letter",
        "", "what share of a month it must answer, how much data may be lost (RPO) and how soon it is back (RTO)",
    ),
    _area(
        "security",
        r"secur(?:e|ed|ely|ity|ing)\b|authenticat\w+|authori[sz](?:ation|e|es|ed|ing)\b|log(?:s|ged)?[- ]?in\b|sign(?:s|ed)?[- ]in\b|passwords?\b|encrypt\w+|TLS\b|HTTPS\b|SSL\b|OAuth\w*|OIDC\b|SAML\b|SSO\b|JWTs?\b|bearer\b|API keys?\b|access tokens?\b|"
        r"permissions?\b|(?:user )?roles?:|read[- ]only\b|roles? and (?:rights|permissions)|access rights\b|access control|RBAC\b|role[- ]based|MFA\b|2FA\b|two[- ]factor|multi[- ]factor|rate[- ]limit\w*|throttl\w+|brute[- ]force|OWASP\b|XSS\b|CSRF\b|injection\b|vulnerab\w+|penetration test\w*|pentest\w*|"
        r"hash(?:ed|ing)\b|salted\b|secrets?\b|tamper\w*|firewall\w*|PCI\b|SOC ?2\b|ISO ?27001|certificates?\b|confidential\w*|fraud\w*|audit(?:s|ed|able)?[- ](?:logs?|trails?)|malware\b|virus\b|IAM\b|unauthori[sz]ed|only (?:an |the )?(?:admin\w*|owners?|managers?) (?:can|may)",
        _ACTING + "|" + _PEOPLE + r"|API\b|endpoints?\b|web\b|payments?\b|admin\w*|server\b|portal\b|online\b|app\b|platform\b|service\b",
        "who may do what, how a caller proves who they are, and what is encrypted where",
    ),
    _area(
        "privacy",
        r"privacy\b|personal(?:ly identif\w+)? (?:data|information)|PII\b|PHI\b|GDPR\b|DSGVO\b|CCPA\b|HIPAA\b|LGPD\b|consent\w*|data (?:protection|subjects?|minimi[sz]ation)|right to (?:erasure|be forgotten|access)|"
        r"anonymi[sz]\w+|pseudonymi[sz]\w+|retention\b|retain(?:ed)? (?:for|personal)|(?:erase|delete|export|download)s? (?:their|my|his|her|personal|all (?:personal|customer|user)) (?:own )?(?:data|account|information)|"
        r"(?:deleted|erased|purged|anonymised) (?:after|within|\d+ (?:days|months|years))|kept (?:for|no longer)|sensitive (?:data|information)|cookie\b|27701",
        _ACTING + r"|e-?mail(?: address\w*)?\b|phone\b|home address\w*|shipping address\w*|patients?\b|customers?\b|employees?\b|students?\b|citizens?\b|visitors?\b|members?\b|subscribers?\b|(?:user|customer) accounts?\b|register\b|log in\b|date of birth|"
        r"GPS\b|geolocation|medical\b|health\b|salar(?:y|ies)\b|passport\w*|contact details",
        "which personal data is kept, on which legal basis, for how long, and how a person sees, corrects and erases it",
    ),
    _area(
        "maintainability",
        r"maintainab\w+|modular\w*|testab\w+|test coverage|unit[- ]tests?\b|integration tests?\b|automated tests?|code (?:review\w*|quality|coverage|style)|document(?:ed|ation)\b|coding (?:standards?|guidelines?)|"
        r"reusab\w+|extensib\w+|loosely coupled|refactor\w*|tech(?:nical)? debt|CI/CD|continuous integration|static analysis|lint\w*|maintenance\b|feature flags?|upgrad(?:e|es|able)\b",
        "", "which tests must pass before a change is released, who maintains it, and what must be changeable without a new release",
        least=20,
    ),
    _area(
        "scalability",
        r"scal(?:e|es|ed|able|ability|ing)\b|elastic\w*|concurren\w+|load[- ]balanc\w+|peak\b|portab\w+|flexib\w+|adaptab\w+|horizontal\w*|shard\w*|multi[- ]tenan\w+|containeri[sz]\w+|Kubernetes\b|Docker\b|"
        r"growth\b|grow(?:s|ing)? (?:to|by|from)|\d[\d,.]*[kKM]? (?:\w+ )?(?:users|customers|tenants|records|orders|devices|subscribers|vehicles|members|requests|sites|stores|patients|students)\b|"
        r"(?:per|a|each) (?:day|month)\b.{0,40}\d|\d[\d,.]* \w+ (?:per|a|each) (?:day|hour|month)\b|high (?:volume|throughput|load)|capacity (?:management|planning)|on[- ]premises|cloud[- ]agnostic|auto-?scal\w+|multi[- ]threaded|multiple instances",
        _PEOPLE + r"|users?\b|requests?\b|orders?\b|events?\b|API\b|web\b|server\b|platform\b|records?\b|devices?\b|service\b",
        "how many users, records and requests are expected at the start and in two years, and what may be added to carry more",
    ),
    _area(
        "safety",
        r"safety\b|hazard\w*|harm(?:s|ed|ful)?\b|fail[- ]safe|emergenc\w+|critical alarms?|IEC 62304|IEC 61508|ISO 26262|ISO 14971|risk (?:analysis|assessment)|life[- ]threatening|contraindicat\w+|overdos\w+|interlock\w*",
        r"patients?\b|clinic\w*|medicat\w+|medical devices?|dos(?:e|es|age|ing)\b|hospital\w*|ambulance\w*|infusion|vehicles? control|autonomous|robot\w*|drones?\b|aircraft|railway|train control|industrial|machinery|actuator\w*|elevators?\b|power plant|insulin|therapy|allerg\w+|children\b|minors\b",
        "who can be harmed by a wrong, late or missing answer, and what the system does instead of guessing",
    ),
    _area(
        "operability",
        r"observab\w+|operab\w+|monitor(?:s|ed|ing)?\b|log(?:s|ged|ging)\b|metrics?\b|tracing\b|traces\b|alert(?:ing)? (?:on|when|rules?|the (?:team|operator|on-call))|dashboards? for (?:operat|support)|health[- ]?checks?|deploy(?:s|ed|ment|ments|able|ing)?\b|roll(?:ed)?[- ]?back\b|"
        r"on-?call\b|runbooks?|diagnos(?:e|tics?)\b|Prometheus\b|Grafana\b|OpenTelemetry\b|Datadog\b|blue[- ]green|canary\b|zero[- ]downtime|hosted\b|runs on\b|environments?\b|operators? can",
        r"API\b|server\b|platform\b|web\b|service\b|users?\b|backend\b|system\b|portal\b|app\b",
        "what is logged and measured, who is alerted on which value, and how a release is deployed and taken back",
    ),
)  # fmt: skip
"""The characteristics of ISO/IEC 25010:2023 as a backend meets them (scalability is part of its *flexibility*, availability of *reliability*,
operability of *maintainability*'s analysability), with privacy on its own (ISO/IEC 27701); functional suitability and interaction capability are out."""

NAMES = tuple(area.name for area in AREAS)
_LONGEST = 20_000
_UNSAID = ("other", "out of scope")


def areas(text: str) -> frozenset[str]:
    """The names of the areas that ``text`` (a passage; its first 20,000 characters) speaks about."""
    text = text[:_LONGEST]
    return frozenset(area.name for area in AREAS if area.words.search(text))


def silent(brief: Brief, classes: Mapping[str, str]) -> tuple[Area, ...]:
    """The areas that matter for the brief and that no passage speaks about, but for what is out of scope or no statement at all."""
    told = [passage for passage in brief.passages if classes.get(passage.id, "other") not in _UNSAID]
    open_areas = list(AREAS)
    for passage in told:
        open_areas = [area for area in open_areas if not area.words.search(passage.text[:_LONGEST])]
    asked = sum(name in REQUIREMENTS for name in classes.values())
    return tuple(
        area for area in open_areas if asked >= area.least and (not area.needs or area.needs.search(brief.text))
    )
