"""What an architecture says of callers, roles, secrets, tenants and personal data."""

from __future__ import annotations

import re

from ...document import Document
from .. import openapi
from ..about import About
from ..wrong import Wrong, Wrongs
from . import parts
from .parts import Row

_BLANK = re.compile(r"[-–—.?/\s]*|(?i:n/?a|tbd)")
_KNOWN = re.compile(
    r"(?i)token|bearer|\bjwt|oauth|openid|oidc|saml|api[- ]?key|session|cookie|certificate|mtls|mutual tls|password|passkey|webauthn|"
    r"\bsign|log[- ]?in|authenticat|identity|basic auth|hmac|kerberos|ldap|sso\b"
)
_IN_THE_OPEN = re.compile(
    r"(?i)\W*(?:in )?(?:the )?(?:(?:source )?code|(?:git |source )?repositor(?:y|ies)|git|image|hard-?coded|config(?:uration)? files? in (?:the )?repositor(?:y|ies))\W*"
)
_NEVER = re.compile(r"(?i)\W*(?:never|no|none|not rotated|not planned)\W*")
_TENANT = re.compile(
    r"(?i)tenan|\bsingle|\bone\b|shared|separat|\bapart\b|isolat|\bnone\b|\bno\b|organi[sz]ation|customer|account|workspace"
)
_NO_DATA = re.compile(r"(?i)\b(?:no|none|not|nothing|never|without)\b")
_WORD = re.compile(r"\w+")
_PERSONAL = frozenset(
    [
        "email",
        "emailaddress",
        "phone",
        "phonenumber",
        "mobile",
        "password",
        "firstname",
        "lastname",
        "fullname",
        "surname",
        "dateofbirth",
        "birthdate",
        "ssn",
        "insurancenumber",
        "passportnumber",
        "iban",
        "address",
        "homeaddress",
        "postaladdress",
    ]
)
"""Properties, as one word, that are about a person wherever they stand."""
ACCESS, SECRETS, TENANCY, PERSONAL = "Authentication and authorization", "Secrets and keys", "Tenancy", "Personal data"


def says_who_may_see_what(document: Document, about: About) -> Wrongs:
    """Say how callers are known, who may do what, where each secret is kept and how it is rotated, how tenants are kept apart, and what is personal, or that there is none of it."""
    yield from _access(document)
    for row in parts.listed(document, SECRETS, "Secret", "Kept in", "Rotated"):
        yield from _secret(row)
    yield from _tenancy(document)
    yield from _personal(document)


def _access(document: Document) -> Wrongs:
    place = parts.place(document, ACCESS)
    closed = [each for each in openapi.operations(document) if each.security and () not in each.security]
    if not place:
        return
    if closed and not parts.mention(document, _KNOWN, ACCESS):
        said = f"{len(closed)} operations are protected, and {ACCESS!r} does not say how a caller is known"
        yield Wrong(place, said, "say what a caller shows: a token and who issues it, a key, a certificate", 1)
    found = parts.listed(document, ACCESS, "Role", "Actions")
    if closed and not found:
        said = f"{len(closed)} operations are protected, and no role may do anything"
        yield Wrong(place, said, "add a row for each role and resource with the actions allowed", 1)
    for row in found:
        if _BLANK.fullmatch(row["Actions"]):
            hint = "name the actions that are allowed, or 'none'"
            yield Wrong(row.line, f"it is not said what {row['Role'][:60]!r} may do with {row['Resource'][:60]!r}", hint)  # fmt: skip


def _secret(row: Row) -> Wrongs:
    name = row["Secret"][:60]
    if _BLANK.fullmatch(row["Kept in"]):
        yield Wrong(row.line, f"it is not said where {name!r} is kept", "name the store it is kept in")
    elif _IN_THE_OPEN.fullmatch(row["Kept in"]):
        said = f"{name!r} is kept where everybody who reads the code reads it"
        yield Wrong(row.line, said, "keep it in a secret store outside code and image")
    if _BLANK.fullmatch(row["Rotated"]):
        yield Wrong(row.line, f"it is not said how often {name!r} is rotated", "give the time, or what makes it change")
    elif _NEVER.fullmatch(row["Rotated"]):
        said = f"{name!r} is never rotated"
        yield Wrong(row.line, said, "say how often, or why a leak of it would do no harm", severity="warning")


def _tenancy(document: Document) -> Wrongs:
    place = parts.place(document, TENANCY)
    said = " ".join(line for _, line in parts.lines(document, TENANCY))
    if place and len(_WORD.findall(said)) < 3:
        hint = "say whether there are tenants, and how the data of each is kept apart"
        yield Wrong(place, f"{TENANCY!r} answers nothing", hint, 1)
    elif place and not _TENANT.search(said):
        hint = "say whether there is one tenant or several, and how their data is kept apart"
        yield Wrong(place, f"{TENANCY!r} does not say whether there are tenants", hint, 1, severity="warning")


def _personal(document: Document) -> Wrongs:
    place = parts.place(document, PERSONAL)
    if not place:
        return
    found = parts.listed(document, PERSONAL, "Data", "Class")
    for row in found:
        for name, hint in (
            ("Class", "say which kind of data it is"), ("Protection", "say how it is protected"),
            ("Kept for", "say how long, or that it is an open question"),
        ):  # fmt: skip
            if name.casefold() in row.cells and _BLANK.fullmatch(row[name]):
                yield Wrong(row.line, f"{name!r} of {row.first[:60]!r} is empty", hint)
    if found:
        return
    said = " ".join(line for _, line in parts.lines(document, PERSONAL))
    if not _NO_DATA.search(said):
        hint = "add a row for each kind of personal data, or say that there is none and what was looked for"
        yield Wrong(place, f"{PERSONAL!r} neither lists personal data nor says that there is none", hint, 1)
        return
    held = {name: None for each in openapi.schemas(document) for one in each.properties if re.sub(r"[\W_]", "", (name := one.name)).lower() in _PERSONAL}  # fmt: skip
    if held:
        shown = ", ".join(list(held)[:4])
        hint = "add a row for each, with class, protection and how long it is kept"
        yield Wrong(place, f"the OpenAPI document has {shown}, and {PERSONAL!r} lists no data", hint, 1, severity="warning")  # fmt: skip
