"""How callers prove who they are, where the brief names the means: OpenID Connect, API keys, client certificates."""

from __future__ import annotations

import re
from collections.abc import Sequence

from ..facts import Named
from .sentences import Sentence

_SCHEMES = {
    "openIdConnect": r"OpenID Connect|OIDC",
    "oauth2": r"OAuth(?: ?2(?:\.0)?)?",
    "saml": r"SAML(?: 2\.0)?",
    "mutualTLS": r"mTLS|mutual TLS|client certificates?",
    "apiKey": r"API keys?",
    "sso": r"[Ss]ingle sign-on|SSO|Keycloak|Okta|Auth0|Azure AD|Entra ID|Cognito|Active Directory|DigiD|Google Sign-In",
}
_SPOKEN = re.compile(
    r"(?i)\bsign(?:s|ed|ing)?[- ]?(?:in|on)\b|\blog(?:s|ged|ging)?[- ]?(?:in|on)\b|\bauthenticat|\bSSO\b|\bidentif|\bOAuth|\bOIDC|\bmTLS|\bidentity\b|\bprotected (?:by|with)\b|\baccess(?:ed)? (?:by|with|using)\b"
)
PASSWORD = "password"
_PASSWORD = re.compile(r"(?i)\b(?:e-?mail(?: address)? and (?:an? )?)?password\b")
_NOT = re.compile(r"(?i)\b(?:not?|without|no longer|later|future|cannot|instead of|rather than)\b[^.;]{0,30}$")


def means(sentences: Sequence[Sentence]) -> tuple[Named, ...]:
    """Every means of sign-in the brief names, by kind of OpenAPI security scheme (``saml`` and ``sso`` beside them), with the words around it.

    A provider named beside a protocol in one part of a sentence is that protocol's. A password is a means of its own (``password``) where
    others sign in by another; where everybody has one, it is an operation of the system and no means of sign-in elsewhere.
    """
    found: dict[tuple[str, str], tuple[str, list[str]]] = {}
    own: dict[tuple[str, str], tuple[str, list[str]]] = {}
    for sentence in sentences:
        if sentence.excluded or sentence.kind == "heading":
            continue
        for part in re.split(r";\s+|,\s+(?=(?:and|but|while)\s)", sentence.text[:2000]):
            hits = [
                (kind, hit.group())
                for kind, pattern in _SCHEMES.items()
                for hit in [re.search(rf"(?<![\w-])(?:{pattern})(?![\w-])", part)]
                if hit and not _NOT.search(part[: hit.start()])
            ]
            if not hits and _SPOKEN.search(part) and (said := _PASSWORD.search(part)):
                own.setdefault((PASSWORD, said.group()), (part, []))[1].append(sentence.source)
            if not hits or not (_SPOKEN.search(part) or (_SPOKEN.search(sentence.text) and len(sentence.text) < 200)):
                continue
            protocol = [hit for hit in hits if hit[0] != "sso"]
            for kind, name in protocol[:2] or hits[:1]:
                found.setdefault((kind, name), (part, []))[1].append(sentence.source)
    spoken = {**found, **own} if found else found
    return tuple(
        Named(name, kind, part[:300], tuple(dict.fromkeys(sources))) for (kind, name), (part, sources) in spoken.items()
    )
