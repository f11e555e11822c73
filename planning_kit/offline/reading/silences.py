"""What every plan needs and a brief may not say: asked unless its words appear, with what the draft assumes meanwhile."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Silence:
    """A question asked when ``said`` (a pattern) is nowhere in the brief and the reading has ``needs``: operations, entities, personal, times or nothing."""

    area: str
    said: str
    needs: str
    text: str
    assumed: str


SILENCES = (
    Silence(
        "api", r"error (?:format|response|body|object)|problem\+json|RFC ?(?:7807|9457)", "operations",
        "In which format are errors returned?", "Problem details (RFC 9457, application/problem+json).",
    ),
    Silence(
        "api", r"\bversion(?:ed|ing)\b.{0,30}\bAPI|API version|base (?:path|url).{0,60}/v\d|/v\d+/", "operations",
        "How is the API versioned?", "Version 1 in the server URL.",
    ),
    Silence(
        "api", r"idempot|without duplicat|duplicat|\btwice\b[^.]{0,60}\bignored\b", "created",
        "May a request that creates something be sent twice without creating it twice?", "No idempotency key; a client that repeats a request creates a second record.",
    ),
    Silence(
        "data", r"\b\d[\d,. ]*\s?(?:k|million|M)?\s?(?:[a-z]+ )?(?:users|records|rows|orders|messages|customers|GB|TB|MB)\b", "entities",
        "How many records are expected, and how fast do they grow?", "Up to a million rows a table; no partitioning.",
    ),
    Silence("data", r"\bUTC\b|\btime ?zones? (?:of|is|are)\b", "times", "In which time zone are times given and shown?", "All times are stored in UTC."),
    Silence(
        "technology", r"\bhost(?:ed|ing)\b[^.;]{0,30}\b(?:in|on|by|at|with)\b|\bdata cent(?:re|er)\b|\bHetzner\b|\bHeroku\b|\bOVH|\bruns? on\b|\bruns? in\b|on[- ]premises?\b|\bdeploy(?:ed|ment)\b|cloud-based|\bAWS\b|\bAzure\b|\bGoogle Cloud\b|\bGCP\b|\bKubernetes\b", "",
        "Where does it run (cloud provider, own data centre, region)?", "Containers, with no provider assumed.",
    ),
    Silence(
        "technology", r"per second|\brps\b|\btps\b|concurrent (?:users|connections)|requests per|daily active|peak load|\b\d[\d,]* [a-z]+ (?:a|per) (?:day|hour|minute)\b", "",
        "How many requests a second, at the mean and at the peak?", "Tens of requests a second; one instance and one database suffice.",
    ),
    Silence("technology", r"\b9\d(?:\.\d+)? ?% (?:of the time|availab|uptime|per month)|availab\w+[^.]{0,30}9\d(?:\.\d+)? ?%|99\.\d|uptime|availability (?:of|target|must)|\bSLA\b", "", "Which availability is promised?", "99.5 % a month, with no failover."),
    Silence("technology", r"\bbackups?\b|\bRPO\b|\bRTO\b|disaster recovery|\brecovery[- ](?:points?|times?)\b|\b(?:data loss|loss of data)\b|\blose\b[^.;]{0,40}\bof data\b", "", "How often are backups made, and how much data may be lost?", "A daily backup, kept for 30 days."),
    Silence("technology", r"\d+ ?(?:ms|milliseconds)|response time|latency|\bwithin (?:\d+|one|two|a) seconds?\b", "", "How fast must an answer come?", "95 % of requests within 300 ms."),
    Silence("security", r"rate[- ]limit|throttl|brute|lock(?:ed)? ?out", "", "How many requests may one caller make?", "100 a minute for each caller, 5 a minute for signing in."),
    Silence("security", r"\baudit|\brecorded with who\b|\bwho (?:changed|made|did) (?:it|them|what)\b|\btraceab|\bchange log\b|\bhistory of (?:all )?changes\b|\brecorded[^.]{0,40}\bwho\b", "", "Which actions must be traceable afterwards, and for how long?", "Every change and every refused access, kept for a year."),
    Silence(
        "compliance", r"\bconsent|\blegal basis|\blegitimate interest", "personal",
        "On which legal basis is the data handled (contract, consent, duty)?", "Contract; consent only for what is not needed to provide the service.",
    ),
    Silence(
        "compliance", r"copy of their data|\bits? deletion\b|erase the data|erasure|export or erase|right to (?:erasure|be forgotten|access)|data (?:export|subject)|export (?:their|my|personal) data|delete (?:their|my) (?:account|data)", "personal",
        "How does a person see, correct, export and erase their data?", "On request, by an administrator, within 30 days.",
    ),
)  # fmt: skip
