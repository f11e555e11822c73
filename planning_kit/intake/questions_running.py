"""Questions about how it is reached, how much it has to bear, and under which law."""

from __future__ import annotations

from collections.abc import Iterator

from ..offline.facts import Operation
from ..offline.reading import words
from .proposal_basis import Basis, listed, several
from .questions_candidate import Candidate, crowd, mostly, person_of, public

_COUNTED = r"\b\d[\d,.]* ?(?:k |million |thousand )?(?:[a-z]+ ){0,2}(?:users?|customers?|patients?|members?|employees?|students?|children|guests?|orders?|requests?|parcels?|sensors?|listings?|bookings?|visitors?|tickets?|messages?)\b"
_LOADED = _COUNTED + r"|per second|\brps\b|\btps\b|\bconcurrent\b|\b(?:a|per) (?:day|hour|minute)\b|\bpeak\b"
_AVAILABLE = r"\bavailab(?:le|ility)\b[^.]{0,60}\d|\d[^.]{0,20}\bavailab|\buptime\b|\bSLA\b|\b24/7\b|\bround the clock\b|99[.,]\d|\bis down for\b|\bdowntime\b"


def interface(basis: Basis) -> Iterator[Candidate]:
    """Whether a program that is no server is to become one."""
    if basis.served or not basis.asking:
        return
    name = basis.brief.title
    kind = basis.reading.interface
    what = "command-line program" if kind == "command line" else "library"
    verbs = _verbs(basis.reading.operations)
    done = f"What it does ({verbs})" if verbs else f"What {name} does"
    where = basis.where(r"command[- ]line|\bCLI\b|\blibrary\b|\bpackage\b|java -jar|\./\w")
    yield Candidate(
        86, "interface", f"{name} is described as a {what}: is a service over HTTP wanted as well?", where,
        (f"{name} stays a {what}; nothing is offered over HTTP.", f"{done} is offered over HTTP as well as by the {what}.", f"{done} is offered over HTTP instead of by the {what}."),
        f"the brief asks for a {what} and names no other caller", "whether there is an API design at all, sign-in, hosting and the threat model",
    )  # fmt: skip


def _verbs(operations: tuple[Operation, ...]) -> str:
    """What the first operations do: ``add person, list people``."""
    shown = [" ".join(words.parts(operation.id)) for operation in operations[:4]]
    return listed(list(dict.fromkeys(shown)))


def load(basis: Basis) -> Iterator[Candidate]:
    """How many use it at once, where no number says so."""
    who = [person for person in basis.people if public(person)] or list(basis.people)
    if basis.small or not basis.served or not who or basis.says(_LOADED) or not (found := mostly(basis, who[:2])):
        return
    many, act = crowd(who[:2]), f"{found[1]} {several(found[0].name)}"
    outside = any(public(person) for person in who)
    sizes = (("50", "5"), ("1,000", "100"), ("20,000", "2,000"))
    yield Candidate(
        50, "load", f"How many {many} {act} at once on the busiest day?", basis.mentions(found[0])[:3],
        tuple(f"At most {count} {many} {act} at once, which is about {rate} requests per second." for count, rate in sizes),
        "a second instance and one database carry it, and nothing in the brief asks for more" if outside else f"{many} work in one organisation, and one instance carries them",
        "the number of instances, caching, and whether long lists are counted", 1 if outside else 0,
    )  # fmt: skip


def outage(basis: Basis) -> Iterator[Candidate]:
    """How long it may fail, where nothing says so."""
    who = basis.people[:2]
    if basis.small or not basis.served or not who or basis.says(_AVAILABLE) or not (found := mostly(basis, who)):
        return
    thing = several(found[0].name)
    yield Candidate(
        44, "outage", f"For how long may {crowd(who)} be unable to {found[1]} {thing} when a server or the database fails?", basis.mentions(found[0])[:3],
        (f"The {thing} are available 99.5 % of the time; a failure may last four hours.", f"The {thing} are available 99.9 % of the time; a second instance takes over within minutes.",
         f"The {thing} are available 99.99 % of the time; no release and no failure of one site interrupts them."),
        "the brief names no harm that is done in an hour", "the number of instances, the standby of the database and how releases are made",
    )  # fmt: skip


def countries(basis: Basis) -> Iterator[Candidate]:
    """Under which law personal data falls, where neither law nor country is named."""
    people = [
        p
        for p in basis.reading.personal
        if p.sensitivity != "ordinary" or p.category in ("contact", "identity", "location")
    ]
    text = basis.text.lower().replace("e-mail", "email")
    telling = [p for p in people if p.category not in ("credential", "communication") and _named_by(text, p.element)]
    place = r"\b(?:EU|Europe\w*|Germany|France|Spain|Italy|Netherlands|Switzerland|United (?:States|Kingdom)|USA?|UK|India|Canada|Australia|Brazil|Japan|Korea|Frankfurt|London|Berlin|Paris|Morocco|countr(?:y|ies) of)\b"
    if (
        basis.reading.regulations
        or basis.says(place)
        or len(telling) < 2
        or basis.small
        or not basis.people
        or not basis.served
    ):
        return
    kept = max(basis.reading.entities, key=lambda e: sum(bool(f.personal) for f in e.fields), default=None)
    person = person_of(basis, kept) if kept else ""
    who = person or next((p for p in basis.people if public(p)), basis.people[0])
    data = listed([p.element for p in telling[:3]])
    several_of = several(who)
    weight = 74 if any(p.sensitivity == "special" for p in telling) else 58
    yield Candidate(
        weight, "countries", f"In which countries do the {several_of} live of whom {data} are kept?", tuple(s for p in telling for s in p.sources[:1])[:4],
        (f"The {several_of} live in the European Union, and the GDPR applies to their {data}.", f"The {several_of} live in the United States, and the privacy law of their state applies to their {data}.",
         f"The {several_of} live on several continents, and the {data} of each is stored in the region they live in."),
        "it is the strictest law that is likely, so that a plan that meets it meets the others", "the compliance document, where the data is stored, retention and what is exported on request",
    )  # fmt: skip


def _named_by(text: str, element: str) -> bool:
    """Whether the brief itself names what kind of data it is."""
    return any(
        word in text
        for word in element.lower().replace("telephone", "phone").split()
        if word not in ("address", "number", "data", "of")
    )


def doors(basis: Basis) -> Iterator[Candidate]:
    """What reaches it, where the brief names no interface at all."""
    found = mostly(basis, basis.people[:3])
    if basis.reading.interface != "unstated" or basis.tiny or len(basis.people) < 2 or not found:
        return
    who, thing, first = crowd(basis.people[:3]), several(found[0].name), several(basis.people[0])
    yield Candidate(
        40, "doors", f"With what do {who} reach the {thing}?", basis.mentions(found[0])[:3],
        (f"The {who} use one web application, which calls a JSON API over HTTPS.", f"The {first} use a mobile app and all others a web application; both call one JSON API over HTTPS.",
         f"The {first} call the JSON API over HTTPS from software of their own."),
        "one client and one API are the least that serves all of them", "the API design, sign-in, versioning and how long old versions are kept",
    )  # fmt: skip


RULES = (interface, load, outage, countries, doors)
