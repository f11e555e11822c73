"""Questions about who gets in and who sees what."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..offline.facts import Entity
from .proposal_basis import SIGNS_IN, Basis, article, listed, several, spoken
from .questions_candidate import Candidate, crowd, makers, outside, public, sources, things

_CHANGES = "tables, the OpenAPI security scheme and the threat model"
_OPEN = r"\bwithout signing in\b|\banonymous|\bpublicly (?:available|accessible)\b|\bno (?:login|authentication|sign-in)\b|\banybody (?:can|may)\b"
_OWN = r"\b(?:own|only their|only his|my|private|public|visible|hidden|shared?|see all|sees all|belong(?:s|ing)? to them|assigned to (?:them|me)|of their|in their|can access|may see|may access)\b"
_UNIT = (
    r"compan(?:y|ies)|organi[sz]ations?|tenants?|clinics?|schools?|hotels?|hospitals?|agenc(?:y|ies)|restaurants?|workspaces?|municipalit(?:y|ies)|"
    r"universit(?:y|ies)|franchises?|practices|law firms?|museums?|libraries|gyms?|campsites?|nurseries"
)
_BOUND = rf"\b(?:of|in|from|at|to|for) (?:their|his|her|its|the same|own) (?:own )?(?:{_UNIT})\b|\bown (?:{_UNIT})\b|\baffiliated\b|\b(?:each|every) (?:{_UNIT}) (?:sees|has its own|can only)|\btenant isolation\b|\bonly (?:from|of|in) "
_MACHINE = r"\b(?:through|via|over|using) (?:an|the|our) (?:public |REST |HTTP )?API\b|\bpartner (?:systems?|applications?)\b|\bthird[- ]part(?:y|ies) (?:systems?|applications?|developers?|can|must)\b|\bexternal (?:systems?|applications?) (?:can|may|must|call|send)\b"
_MACHINE_SIGNS = r"\bAPI keys?\b|\bclient credentials\b|\bmTLS\b|\bclient certificates?\b|\bsigned requests?\b|\bOAuth\b|\baccess tokens?\b|\btoken\b"
_SEVERAL = (
    "user",
    "member",
    "organizer",
    "organiser",
    "driver",
    "seller",
    "host",
    "agent",
    "worker",
    "teacher",
    "author",
    "editor",
    "technician",
    "accountant",
    "inspector",
)
"""Nouns for people of whom each has work of their own."""
_OVER = re.compile(
    r"(?i)\b(?:admin|administrator|manager|moderator|supervisor|dispatcher|officer|clerk|receptionist|librarian|auditor|planner|owner)$"
)
_NAMING = re.compile(
    r"^(?:user_?name|user_?id|user|e?mail|email|owner_?id|owner|account_?id|customer_?id|member_?id)$", re.IGNORECASE
)


def signin(basis: Basis) -> Iterator[Candidate]:
    """How people prove who they are, where nothing says so."""
    unsaid = [o for o in basis.reading.operations if o.auth == "open"]
    known = basis.reading.signin or basis.says(SIGNS_IN) or basis.says(_OPEN)
    if known or not unsaid or not basis.served:
        return
    if all(o.stated for o in unsaid):
        yield from _bare(basis)
        return
    if basis.tiny or not basis.people:
        return
    people = [person for person in basis.people if not _unregistered(basis, person)][:4]
    guests = [person for person in people if outside(basis, person)]
    inside = [person for person in people if person not in guests]
    if not people:
        return
    everybody = crowd((*guests, *inside)[:4])
    options = [
        f"{everybody} sign in with an e-mail address and a password.",
        f"{everybody} sign in through the organisation's existing identity provider by OpenID Connect.",
    ]
    because, best = "the brief names no identity provider, and nobody has an account elsewhere", 0
    if inside and guests:
        options.append(
            f"{crowd(guests)} sign in with an e-mail address and a password; {crowd(inside)} sign in through the organisation's identity provider by OpenID Connect."
        )
        because, best = (
            f"{crowd(inside)} work for the organisation and leave it one day, {crowd(guests)} have no account there",
            2,
        )
    elif inside:
        because, best = f"{crowd(inside)} work for the organisation: who leaves it loses access in one place", 1
    yield Candidate(
        90, "signin", f"How do {everybody} sign in? The brief names them and no means of signing in.", sources(basis, (*guests, *inside)[0])[:2] + tuple(s for o in unsaid[:2] for s in o.sources[:1]),
        tuple(options), because, _CHANGES, best,
    )  # fmt: skip


def _unregistered(basis: Basis, person: str) -> bool:
    """Whether the brief says in the same passage that ``person`` needs no account."""
    free = re.compile(_OPEN + r"|\b(?:no|without) (?:registration|registering|account|sign-?up)\b", re.IGNORECASE)
    name = re.compile(rf"(?i)\b{re.escape(person)}s?\b")
    return any(free.search(passage.plain) and name.search(passage.plain) for passage in basis.told)


def _bare(basis: Basis) -> Iterator[Candidate]:
    """The same for a brief that names its endpoints outright."""
    reads = [o for o in basis.reading.operations if o.method == "GET" and o.auth == "open"]
    writes = [o for o in basis.reading.operations if o.method != "GET" and o.auth == "open"]
    kept = next((several(o.entity) for o in (*writes, *reads) if o.entity), "")
    if not writes or not kept:
        return
    who = several(basis.people[0]) if basis.people else "callers"
    shown = listed([f"{o.method} {o.path}" for o in (*reads[:2], *writes[:2])])
    refusing = any(r.status in (401, 403) for o in writes for r in o.responses)
    yield Candidate(
        90, "signin", f"{shown} are named without sign-in: may anybody write {kept}?", tuple(s for o in (*writes, *reads) for s in o.sources[:1])[:4],
        (f"Anybody reads and writes {kept} without signing in.", f"Anybody reads {kept}; {who} sign in with an e-mail address and a password before they write any.",
         f"{who} sign in with an e-mail address and a password before they read or write {kept}."),
        "the brief lists an answer for a caller who is refused" if refusing else "the brief lists the answers of each request, and none for a caller who is not signed in",
        _CHANGES, 1 if refusing else 0,
    )  # fmt: skip


def another(basis: Basis) -> Iterator[Candidate]:
    """An operation behind a token that also takes whose record it is."""
    for o in basis.reading.operations:
        given = [p.name for p in o.parameters if p.place == "query"] + [f.name for f in o.body]
        whose = next((name for name in given if _NAMING.match(name)), "")
        if (
            o.auth != "bearer"
            or not o.stated
            or not whose
            or not o.entity
            or re.search(r"(?i)user|account|login|register", o.entity)
        ):
            continue
        one, many = spoken(o.entity), several(o.entity)
        where = tuple(s for other in basis.reading.operations if other.entity == o.entity for s in other.sources[:1])
        yield Candidate(
            88, "another", f"{o.method} {o.path} takes {article(whose)} beside the token: may a user reach another user's {one} by naming them?", where,
            (f"A user reaches only their own {many}; a {whose} other than the one the token was issued to is refused with 403.", f"A user who is signed in reaches the {many} of any {whose}.",
             f"The {whose} is ignored; the token alone says whose {one} it is."),
            f"the brief names the {whose} as a parameter, and the {one} of a user is of no use to another", "the authorization rule of every operation on " + many + ", the error answers and the threat model",
        )  # fmt: skip
        return


def sees(basis: Basis) -> Iterator[Candidate]:
    """Whose records one of several people of a kind may see."""
    if basis.small or basis.tiny or not basis.served:
        return
    for entity in things(basis)[:4]:
        made = makers(basis, entity)
        owner = next((m for m in made if m.split()[-1] in _SEVERAL), "")
        readers = {role for o in basis.operations(entity) if o.method == "GET" for role in o.roles}
        where = basis.mentions(entity)
        said = [p.plain for p in basis.told if p.id in where]
        if not owner or readers - {owner} or any(re.search(_OWN, text, re.IGNORECASE) for text in said):
            continue
        yield _seen(basis, entity, owner, where)
        return


def _seen(basis: Basis, entity: Entity, owner: str, where: tuple[str, ...]) -> Candidate:
    many = several(entity.name)
    within = _container(basis, entity)
    over = next((p for p in basis.people if p != owner and _OVER.search(p)), "")
    beside = f"; {several(over)} see all of them" if over else ""
    options = [f"{article(owner)} sees and changes only the {many} they made themselves{beside}.", f"{article(owner)} sees the {many} of all {several(owner)}, and changes only those they made themselves.",
               f"{article(owner)} sees and changes the {many} of all {several(owner)}."]  # fmt: skip
    best, because = 0, "access that is given too narrowly is noticed at once, access that is given too widely is not"
    if within:
        options[1] = (
            f"{article(owner)} sees and changes the {many} of every {within} they are a member of, and no others."
        )
        best, because = (
            1,
            f"the brief has people join {article(within)}, which is of use only if they see what is in it",
        )
    return Candidate(
        78, "sees", f"Which {many} may {article(owner)} see and change: their own, or those of other {several(owner)} too?", where[:4], tuple(options), because,
        f"the authorization rule of every operation on {many}, the columns that say whose they are, and the filters of the lists", best,
    )  # fmt: skip


def _container(basis: Basis, entity: Entity) -> str:
    """What people are members of, if the brief has such a thing beside ``entity``."""
    joined = re.search(
        r"(?i)\b(?:invites?|adds?) (?:\w+ ){0,3}?(?:members?|people|users|colleagues|friends) to (?:an? |the |their )?([a-z]{3,20})",
        basis.text,
    )
    name = joined.group(1).rstrip("s").lower() if joined else ""
    return name if name and basis.reading.entity(name.capitalize()) and name != spoken(entity.name) else ""


def tenants(basis: Basis) -> Iterator[Candidate]:
    """Whether one organisation sees what belongs to another, where there are several."""
    hits = re.findall(rf"(?i)\b({_UNIT})\b", basis.text)
    if basis.tiny or basis.says(_BOUND) or not basis.served or not basis.people:
        return
    many = [hit.lower() for hit in hits if hit.lower().endswith("s")]
    saas = basis.says(r"\bSaaS\b|\bmulti-?tenan")
    numbered = re.search(
        rf"(?i)\b(?:\d+|two|three|four|five|six|seven|eight|nine|ten|several|many|all|our \w+) (?:small |large )?({_UNIT})\b",
        basis.text,
    )
    if not many or not (saas or (numbered and len(hits) > 1)):
        return
    unit = numbered.group(1).lower() if numbered else max(many, key=many.count)
    unit = unit if unit.endswith("s") else several(unit)
    one = re.sub(r"ies$", "y", unit) if unit.endswith("ies") else re.sub(r"(?<=ch)es$|s$", "", unit)
    kept = next((several(e.name) for e in things(basis) if spoken(e.name) != one), "records")
    staff = next((p for p in basis.people if not public(p) and p.split()[0] != one), basis.people[0])
    yield Candidate(
        83 if saas else 79, "sees", f"May {several(staff)} of one {one} see and change the {kept} of another {one}?", basis.where(rf"\b(?:{_UNIT})\b", 4),
        (f"{article(staff)} sees and changes only the {kept} of their own {one}.", f"{article(staff)} sees the {kept} of all {unit}, and changes only those of their own {one}.",
         f"{article(staff)} sees and changes the {kept} of all {unit}."),
        f"each {one} answers for its own {kept}" if saas else f"mistakes stay inside one {one}, and the right can be widened later", f"a key of the {one} in every table, the authorization rule of every operation, and every index", 0,
    )  # fmt: skip


def machines(basis: Basis) -> Iterator[Candidate]:
    """How other software proves who it is."""
    where = basis.where(_MACHINE)
    if not where or basis.says(_MACHINE_SIGNS) or not basis.served:
        return
    told = {p.id: p.plain for p in basis.told}
    who = next((p for p in basis.people if re.search(rf"(?i)\b{re.escape(p)}s?\b", told[where[0]])), "partner")
    yield Candidate(
        80, "machines", f"With what does the software of {article(who)} prove whose it is when it calls the API?", where,
        (f"The software of each {who} sends an API key of its own, which can be withdrawn.", f"The software of each {who} gets an access token by OAuth 2.0 client credentials.",
         f"The software of each {who} presents a client certificate (mutual TLS)."),
        f"a {who} can use it from any language within an hour", _CHANGES,
    )  # fmt: skip


RULES = (signin, another, sees, tenants, machines)
