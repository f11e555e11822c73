"""What kinds of question a topic can be, with the ways that are commonly taken, the component it needs and how it is tested.

Everything here is general practice: where it is written down it is marked as assumed. ``{kept}`` is the database, ``{name}`` the
topic in words.
"""

from __future__ import annotations

import re

from .kinds import Kind, Piece, Way

KINDS: tuple[Kind, ...] = (
    Kind(
        r"concurren|overlap|double-book|locking|race",
        (
            Way("A constraint of {kept}", "no code path gets round it, and the second of two requests is refused by the database itself", "only what can be said of one row or one range fits into a constraint"),
            Way("A row lock for the length of the transaction", "covers rules over several rows and tables", "requests wait under load, and a deadlock has to be repeated by the caller or the service"),
            Way("A version number compared at every write", "no lock is held between reading and writing", "callers have to send the version and to repeat what was refused"),
        ),
        Piece("write guard", "refuses the second of two writes that exclude each other", "409 with what it clashes with", "a constraint or lock in {kept}"),
        "which writes exclude each other", "two requests at the same time: one succeeds, the other is answered 409",
        "100 repetitions with 2 requests at once leave exactly 1 row each", "a real {kept}, the version that production runs",
        "a race shows only when both transactions overlap, so the test has to hold one of them open",
    ),
    Kind(
        r"payment|idempoten|refund|checkout",
        (
            Way("An idempotency key kept with the outcome", "a repeat is answered from {kept} without asking the provider again", "keys have to be kept for as long as anybody may repeat"),
            Way("The provider's own idempotency key", "the provider, who moves the money, refuses the second time", "says nothing about our own rows, and lasts only as long as the provider keeps it"),
        ),
        Piece("payment client", "sends each payment or refund once, and takes in what the provider reports", "pay and refund under a key, verified webhooks", "the provider's credentials, a table of keys and outcomes"),
        "the same key gives the same outcome, and a webhook with a wrong signature is refused", "a payment that is sent twice, and one whose answer is lost",
        "each key moves money exactly 1 time in the provider's test account", "the provider's test environment",
        "a lost answer and a late webhook have to be brought about on purpose", 5,
    ),
    Kind(
        r"tenant|multi-",
        (
            Way("A tenant column with row-level security", "one schema to migrate, and the database refuses what a query forgets", "every connection has to say whose it is"),
            Way("A schema for each tenant", "a tenant can be restored or removed alone", "each migration runs once per tenant"),
            Way("A database for each tenant", "nothing is shared, so nothing leaks", "connections, backups and migrations multiply with the tenants"),
        ),
        Piece("tenant context", "every query is limited to the caller's tenant", "the tenant of the request to every service", "the tenant in the caller's token"),
        "a request without a tenant is refused", "each operation called by one tenant with the ids of another's records",
        "every operation answers 404 or 403 to another tenant's id", "a real {kept} with 2 tenants in it",
        "one query that was forgotten is enough, so every operation has to be in the test", 4,
    ),
    Kind(
        r"time-series|telemetry|sensor",
        (
            Way("Partitions by time in {kept}", "old rows go with their partition, and there is one database to run", "summaries over long spans have to be kept beside"),
            Way("A database made for time series", "compression and summaries come with it", "one more database to run, back up and learn"),
        ),
        Piece("ingest", "takes rows in batches and keeps them by time", "a batch endpoint, summaries", "partitions and a job that drops old ones"),
        "a batch with one bad row", "a day's rows written and read back by span", "the rows of 1 day at the named rate are written without a backlog",
        "{kept} with a month of generated rows", "the volume of a year cannot be had in a test, only extrapolated", 4,
    ),
    Kind(
        r"optimi[sz]ation|routing|planning-of|scheduling-engine",
        (
            Way("A maintained solver library", "constraints are stated, and the search is done by code others maintain", "its model has to be learned, and its time has to be bounded"),
            Way("A heuristic of our own", "can be explained step by step and changed at once", "nobody knows how far from the best plan it ends"),
            Way("A provider's service", "maps and traffic come with it", "each plan costs, and nothing is planned while it is down"),
        ),
        Piece("planner", "makes a plan within its time and says what it could not fit in", "plan and replan as a job", "the records to plan and their constraints"),
        "small cases whose best plan is known by hand", "a day's real data within the time allowed", "every hard constraint is met in 100 generated cases",
        "cases with known best plans", "there is no one right answer, so constraints and cost are asserted, never the plan", 8,
    ),
    Kind(
        r"sign-?in-by-saml|saml",
        (
            Way("A maintained SAML library on {stack}", "signatures and conditions of assertions are checked by code others maintain", "XML signatures come with it, and certificates have to be rotated with the provider"),
            Way("A bridge that turns SAML into OpenID Connect", "services see only signed tokens", "one more thing to run, and to be trusted"),
        ),
        Piece("caller check", "takes in the provider's assertion once, and knows who calls before a handler runs", "the caller's id and roles", "the provider's metadata and certificates"),
        "expired, replayed, unsigned and foreign assertions are refused", "each protected operation without a session and with the wrong role",
        "every protected operation answers 401 without a session and 403 for the wrong role", "an identity provider for tests",
        "a rotation of certificates and an outage of the provider can only be simulated", 3,
    ),
    Kind(
        r"sign-?in|oidc|openid|oauth|jwt|token|saml|sso|session|auth|login|password|identity|bearer",
        (
            Way("Tokens checked with the framework's own library", "signature, audience and expiry are checked by code others maintain", "tied to that library's releases"),
            Way("A gateway in front that checks tokens", "services see only callers that are known", "one more thing to run, and a call that gets past it is unchecked"),
            Way("Server-side sessions", "a session can be withdrawn at once", "callers other than browsers have to keep cookies, and each request asks a store"),
        ),
        Piece("caller check", "knows who calls before a handler runs, and refuses everybody else", "the caller's id and roles", "the issuer's keys or the accounts"),
        "expired, forged, missing and foreign tokens are refused", "each protected operation without a token and with the wrong role",
        "every protected operation answers 401 without a token and 403 for the wrong role", "an issuer of test tokens",
        "a rotation of keys and an outage of the issuer can only be simulated", 3,
    ),
    Kind(
        r"duties|gdpr|hipaa|privacy|special-category|personal-data|compliance",
        (
            Way("Personal data in tables of its own, referred to by key", "erasure and export touch one place", "every list that shows a name joins"),
            Way("Erase and pseudonymise in place by a job", "no table has to be divided", "each new column has to be thought of"),
            Way("A key for each person that is thrown away", "backups become unreadable too", "keys have to be kept, rotated and never lost"),
        ),
        Piece("personal data service", "exports and erases what is kept of one person, and keeps to retention", "export and erase for one person", "the list of personal data with its retention"),
        "which fields belong to a person", "a person with records in every table is exported, then erased",
        "after erasure a search over all tables finds 0 fields of that person", "a real {kept} with one person in every table",
        "backups and logs are outside of what a test of the service sees", 4,
    ),
    Kind(
        r"search|full-text|autocomplete",
        (
            Way("Indexes of {kept}", "nothing else to run, and what is found is never behind what is stored", "ranking and typing errors are weak"),
            Way("The full-text index of {kept}", "words and ranking, in the same transaction", "bound to what the database can do with the language", r"full[- ]text|highlight"),
            Way("A search engine beside it", "ranking, typing errors, facets", "has to be kept in step, and is behind by some seconds"),
        ),
        Piece("search query", "turns filters into one indexed query with a stable order", "the filtered list, page by page", "indexes that fit the filters"),
        "each filter alone and together", "the search over a generated amount of rows", "every filter uses an index in the query plan",
        "{kept} with as many rows as two years bring", "test data of a few rows never shows a slow plan",
    ),
    Kind(
        r"file|upload|attachment|document-storage|(?<![a-z])media(?![a-z])|pdf",
        (
            Way("Object storage with signed links", "large files never pass through the service", "a file and its row can part company, so a job has to look"),
            Way("Files in {kept}", "one backup, one transaction", "large files make backups and memory grow"),
        ),
        Piece("file store", "keeps files, and gives them only to those who may have them", "upload and download links that expire", "storage, and a row for each file"),
        "who may fetch which file, and which types and sizes are refused", "upload, download and an expired link",
        "every link is refused after it expired and for another caller", "a storage server of the same interface", "files that are cut off half way",
    ),
    Kind(
        r"job|queue|schedul|worker|batch|cron",
        (
            Way("A job table in {kept} with a worker", "a job is queued in the transaction that needs it, and there is nothing else to run", "the table is polled, which ends at some hundreds of jobs a second"),
            Way("A message queue", "takes bursts, and several workers share it", "one more thing to run, and what is sent and what is stored can differ"),
            Way("The platform's own timer", "nothing to run", "no repeat of a job that failed, unless it is written"),
        ),
        Piece("worker", "runs what is due, repeats what failed, and sets aside what keeps failing", "queue a job, list failed ones", "a job table or a queue"),
        "when a job is due, and when it is given up", "a worker that is stopped in the middle of a job",
        "every job is run at least 1 time and its effect is there exactly 1 time", "a real {kept}, a clock that can be set",
        "time: the test has to set the clock instead of waiting", 3,
    ),
    Kind(
        r"live|real-time|push|websocket|server-sent",
        (
            Way("Server-sent events", "plain HTTP, and browsers reconnect by themselves", "one direction only"),
            Way("WebSockets", "both directions on one connection", "proxies, sign-in and reconnecting have to be seen to"),
            Way("Polling with If-None-Match", "nothing new to run", "as late as its interval, and a request for every interval"),
        ),
        Piece("event stream", "tells callers who listen what has changed", "a stream for each caller", "a source of changes"),
        "who may hear what", "a change that is seen by two listeners", "a change is seen within the time the brief names in 99 of 100 cases",
        "two instances of the service", "connections that die without a word", 3,
    ),
    Kind(
        r"offline|sync|merge",
        (
            Way("Changes with a version, refused when they are behind", "nobody overwrites what they have not seen", "a person has to decide what is refused"),
            Way("The last write wins", "nothing to decide", "loses changes without a word"),
        ),
        Piece("sync", "takes in changes made elsewhere, and says what clashes", "changes since a mark, a batch of changes", "a version on each record"),
        "each pair of changes to one record", "two devices that change the same record without a connection", "no change is lost without being reported in 50 cases",
        "two clients with clocks that differ", "the orders in which things can arrive are many", 5,
    ),
    Kind(
        r"webhook|callback",
        (
            Way("An outbox with signed deliveries", "what is stored is sent, and a receiver can check who sent it", "a worker has to run"),
            Way("Sent within the request", "nothing to run beside", "a slow receiver makes the caller wait, and what fails is lost"),
        ),
        Piece("outbox", "sends what happened to those who asked, until they confirm it", "subscriptions, deliveries with their state", "a table of events, a worker"),
        "signature, and the wait between repeats", "a receiver that is down for an hour", "every event arrives at least 1 time, in the order of its record",
        "a receiver that fails on purpose", "order under repeats", 4,
    ),
    Kind(
        r"audit|trail|event-log|history",
        (
            Way("An append-only table written in the same transaction", "what changed and who did it stand or fall together", "each service has to write it"),
            Way("Triggers of {kept}", "no code path gets round them", "the database does not know who calls unless every connection says so"),
            Way("An event log outside", "cannot be changed by those who run the database", "one more thing to run, and a change can be without its entry"),
        ),
        Piece("audit trail", "keeps who changed what and when, unchangeably", "the changes of one record", "the caller, and the transaction of the change"),
        "what an entry holds", "each operation that changes something, and an attempt to change an entry",
        "every changing operation leaves exactly 1 entry, and an update or delete of an entry is refused", "a real {kept} with the rights of production",
        "rights differ between test and production databases",
    ),
    Kind(
        r"residen|data-location|region",
        (
            Way("One region inside the borders, backups included", "one place to show to an auditor", "an outage of the region is an outage"),
            Way("Servers of one's own", "nobody else holds the data", "everything a provider does has to be done"),
        ),
        Piece("placement", "each store, backup and log is in a place that is allowed", "a list of what is kept where", "the provider's regions"),
        "the list of stores against the list of regions", "the deployment's own settings", "0 resources outside the regions that are allowed",
        "the deployment as code", "services of others that keep logs elsewhere",
    ),
    Kind(
        r"availab|failover|disaster|backup|recovery",
        (
            Way("Two instances behind a health check, and a standby database", "one of each may fail, and releases go one after the other", "failing over has to be rehearsed"),
            Way("One instance that the platform starts again", "the least to run", "each release and each failure is a break"),
        ),
        Piece("health check", "an instance that cannot serve gets no requests", "readiness and liveness", "a balancer, a standby"),
        "when an instance calls itself ready", "an instance and the database are stopped under load", "requests that fail while 1 of 2 instances is stopped: at most 1 %",
        "an environment like production", "a failure of a whole site cannot be tried in a test environment", 3,
    ),
    Kind(
        r"load|scal|perform|throughput|latency|caching|cache",
        (
            Way("Measure one instance, then add instances", "what is measured decides, and the service holds no state", "the database stays one"),
            Way("A cache in front of what is read most", "takes load off the database", "answers can be old, and every change has to clear it"),
            Way("A replica for reading", "long lists leave the main database alone", "what was just written may not be there yet"),
        ),
        Piece("load test", "shows at which load the service stops meeting its figures", "a report for each release", "generated data, an environment like production"),
        "nothing: a figure of one function says little", "the load the brief names, for 30 minutes", "the figures the brief names hold at the 95th percentile",
        "an environment of the size of production", "generated load is more even than real load", 3,
    ),
    Kind(
        r"import|migrat(?:e|ion)-of|legacy|spreadsheet",
        (
            Way("One import that can be repeated", "can be rehearsed until its counts agree, then run once", "needs a moment at which nobody changes the old data"),
            Way("Both systems side by side, kept in step", "no moment of truth", "two sources of truth, for as long as it lasts"),
        ),
        Piece("import", "takes over what is there, and reports what it could not", "a run with a report", "the old data, as a file or a connection"),
        "each rule that changes a value, and each row that is refused", "a copy of the real data", "rows read = rows taken over + rows reported, and a second run changes 0 rows",
        "a copy of the real data with names replaced", "real data has cases that nobody thinks of", 4,
    ),
    Kind(
        r"migrations?-with|schema-migration|migration",
        (
            Way("Expand and contract over two releases", "the running version keeps working, and each step can be taken back", "a column lives for a release longer than it is needed"),
            Way("A window for maintenance", "one step, easily thought through", "the service is down for as long as it takes"),
        ),
        Piece("schema migrations", "the schema changes in steps that are run once, in order", "up and down for each step", "the right to change the schema at release time"),
        "nothing: a migration is only what it does to a database", "each step up, down and up again on a database with rows", "every migration is applied and taken back without an error",
        "a real {kept} with rows in it", "a table that is large only in production",
    ),
    Kind(
        r"paging|pagination|filter|list",
        (
            Way("Pages after a key", "as fast on page 1,000 as on page 1, and no row is shown twice", "no jump to a page by number"),
            Way("Offset and limit", "any page at once", "slower with each page, and rows move between pages"),
        ),
        Piece("page", "cuts every list the same way, in an order that is the same each time", "a page and the mark of the next one", "an index for each order"),
        "first, last and empty page, and a limit beyond the largest", "walking all pages while rows are added", "walking all pages shows each of 1,000 rows exactly 1 time",
        "{kept} with 1,000 rows", "rows that are added in between", 1,
    ),
    Kind(
        r"api$|client$|gateway|integration|twilio|provider|block",
        (
            Way("A client module of our own", "one place for time limits, repeats and credentials, and it can be replaced", "the provider's changes have to be followed by hand"),
            Way("The provider's own library", "new versions of the interface come with it", "brings its own dependencies, and its errors reach into our code"),
            Way("Through an outbox and a worker", "a provider that is down stops nobody", "the caller learns the outcome later"),
        ),
        Piece("{name} client", "the only place that knows {name}'s interface", "calls with a time limit, errors of our own", "credentials, an address for each environment"),
        "each answer and each error of the provider, from recorded ones", "the calls that matter against the provider's test environment",
        "every recorded error becomes an error of ours, and none an answer 500", "the provider's test environment, recorded answers for every other run",
        "limits and outages of the provider can only be simulated", 3,
    ),
    Kind(
        r"hl7|fhir|mqtt|icalendar|scim|grpc|graphql|protocol",
        (
            Way("A maintained library", "the format's corner cases are others' work", "has to be kept current"),
            Way("Only the messages that are needed, by hand", "no dependency", "what others send does not keep to what we need"),
        ),
        Piece("{name} endpoint", "speaks {name} to the outside and nothing of it inside", "the messages the brief names", "a library or a parser"),
        "each message, whole and broken", "an exchange with another implementation", "every message of the brief is read back as it was written",
        "another implementation of the same protocol", "what others really send", 4,
    ),
    Kind(
        r"framework|runtime|stack|language",
        (
            Way("What the team runs already", "no new thing to learn or to run", "may not be the best fit, and the brief does not name it"),
            Way("{framework}", "a service over HTTP with a contract in OpenAPI is what it is made for", "nobody has said that the team knows it"),
        ),
        Piece("service skeleton", "starts, answers a health check, logs and reports its errors the same way everywhere", "a place for each domain", "a repository and a pipeline"),
        "settings that are missing or wrong", "start, health check and stop", "the service starts from nothing and answers within 30 seconds",
        "the image that is deployed", "what only happens on the platform it is deployed to", 3,
    ),
)  # fmt: skip
OTHER = Kind(
    r"",
    (
        Way("The smallest part of it first, on {stack}", "something can be shown early, and what is unknown shows while it is cheap", "what comes later may ask for another cut"),
        Way("A product or library that does it already", "others maintain it", "whether there is one that fits has to be looked up, and it has to be adapted to"),
    ),
    Piece("{name} module", "what the brief asks for under this topic, in one place", "what the brief asks of it", "what it stores"),
    "each rule the brief states", "each operation with what it stores", "every statement of the brief has a test that passes",
    "a real {kept}", "what the brief leaves open",
)  # fmt: skip
"""What no rule knows."""

API = next(each for each in KINDS if each.mark.startswith("api"))
"""The interface of a system that others run."""
BASE = KINDS[-1]
"""What everything is built on: framework, language, runtime."""


def kind(name: str, why: str = "") -> Kind:
    """The kind of question a topic is, by its name, else by why it matters; ``somebody-api`` is about that interface, whatever its name holds."""
    if name.casefold().endswith("-api"):
        return API
    for said in (name.casefold(), why.casefold()[:120]):
        found = next((each for each in KINDS if re.search(each.mark, said)), None) if said else None
        if found:
            return found
    return OTHER
