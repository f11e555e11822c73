"""What the brief says about a named endpoint: its purpose, parameters, body, responses and who may call it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from ..facts import Field, Parameter
from . import fields, words
from .endpoints import Endpoint
from .sentences import Sentence

QUOTED = re.compile(r"(?<![\w])[\"'`“‘]([A-Za-z_][\w.-]{0,60})[\"'`”’](?!\w)")
_EXAMPLE = (
    re.compile(
        r"(?i)\b(?:an?|the)\s+[\"'`]?([a-z_]\w*)[\"'`]?\s+(?:might|could|may|can|would)\s+be\s+[\"'“`]([^\"'”`]{1,80})[\"'”`]"
    ),
    re.compile(
        r"(?i)\bexample(?: value)?(?: for| of)?\s+[\"'“`]?([a-z_]\w*)[\"'”`]?\s*(?:is|=|:|could be)\s+[\"'“`]([^\"'”`]{1,80})[\"'”`]"
    ),
)
_PURPOSES = (
    re.compile(
        r"(?i)\bwhich ((?:retriev|return|creat|updat|delet|list|stor|send|add|remov|fetch|get)\w*\s[^.,;]{3,120})"
    ),
    re.compile(
        r"(?i)\b(?:allows?|enables?|lets?|permits?)\s+(?!access)(?:[\w-]+\s+){1,3}?to\s+([^.;]{3,120}?)(?=\s+by\s+\w+ing\b|[.;,]|$)"
    ),
    re.compile(r"(?i)\b(?:is|are)\s+(?:used|responsible)\s+(?:for|to)\s+([^.;]{3,120}?)(?=[.;,]|$)"),
)
_METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")
_SCHEMA = re.compile(r"\b(?!JSON\b|XML\b|The\b|This\b|An?\b)([A-Z]\w+)[\"'`”]?\s+(?:schema|model|object)\b")
_SENDING = re.compile(
    r"(?i)\b(?:request body|body|payload|JSON object|form data|(?:by|requires?|must|should) (?:provid|includ|contain|send|supply)\w*|accepts?|takes?)\b"
)
_ANSWERING = re.compile(r"(?i)\b(?:status code|respon[ds]|returns?|query param)")
_SENT = re.compile(
    r"(?i)\b(?:body|payload|JSON object|accepts?|takes?|fields?)\b"
    r"(?: (?:with|containing|includes?|fields?|parameters?|of|must|contains?|include|the|has|should))*\s*:?\s*(.{3,300})"
)
_LISTED = re.compile(r"\(([a-z_]+(?: [a-z_]+)?(?:, ?(?:and )?[a-z_]+(?: [a-z_]+)?){1,12})\)")
_BEARER = re.compile(
    r"(?i)\bbearer\b|\bauthorization header\b|\b(?:authentication|access|auth|jwt|valid) token\b|\brequires? (?:authentication|a token|login)\b|\bauthenticated (?:users?|requests?|clients?)\b|\bJWT\b"
)
_ENTRY = re.compile(
    r"(?i)(?:^|[/_-])(?:register|signup|sign-up|sign_up|login|log-in|signin|sign-in|token|authenticate|forgot-password|password-reset)$"
)


def purpose(endpoint: Endpoint) -> str:
    """What the endpoint is for, in the brief's words."""
    for column in ("description", "purpose", "summary", "action", "notes", "meaning"):
        if endpoint.row.get(column):
            return upper(endpoint.row[column])
    text = " ".join(sentence.text for sentence in endpoint.sentences)[:3000]
    said = [hit for pattern in _PURPOSES if (hit := pattern.search(text))]
    if said:
        return upper(min(said, key=lambda hit: hit.start()).group(1))
    for sentence in endpoint.sentences:
        rest = (
            sentence.text.split(endpoint.path.split("{")[0].rstrip("/"), 1)[-1]
            if endpoint.path.split("{")[0] != "/"
            else sentence.text
        )
        rest = re.sub(r"^[\w{}/:<>?=&.-]*[\"'`”’)|\s]*[-–—:|]?\s*", "", rest)
        if re.match(r"[A-Za-z]", rest) and len(rest) > 4:
            return upper(re.split(r"(?<=[a-z)])[.;|]", rest)[0])
    return ""


def upper(text: str) -> str:
    """``text`` as the beginning of a sentence, at most 140 characters."""
    text = re.sub(r"\s+", " ", text).strip(" .:-–—")
    return (text[:1].upper() + text[1:])[:140]


def parameters(endpoint: Endpoint) -> tuple[Parameter, ...]:
    """Path parameters from the path, query parameters from its query string, its row and the sentences that call them so."""
    found: dict[str, Parameter] = {}
    first = endpoint.sources[:1]
    for name in re.findall(r"\{([\w-]+)\}", endpoint.path):
        found[name] = Parameter(name, "path", _key_type(name, endpoint), True, _which(name), first)
    for name in re.findall(r"(?:^|[&,])([A-Za-z_][\w-]*)", endpoint.query):
        found[name] = Parameter(name, "query", fields.typed(name), False, "", first)
    for column in ("query", "query parameters", "parameters", "params"):
        listed = (
            fields.listed(endpoint.row.get(column, ""), "".join(first), sure=True) if endpoint.row.get(column) else []
        )
        for made in listed if endpoint.method in ("GET", "DELETE") or column.startswith("query") else []:
            found.setdefault(
                made.name, Parameter(made.name, "query", made.type, False, made.meaning, made.sources, made.values)
            )
    for sentence in endpoint.sentences:
        for query in _queried(sentence, endpoint):
            found.setdefault(query.name, query)
    return tuple(_described(made, endpoint.sentences) for made in found.values())


def _key_type(name: str, endpoint: Endpoint) -> str:
    whole = re.compile(rf"(?i)\b{re.escape(name)}\b\W+(?:is |as )?an? ?integer")
    if any(whole.search(sentence.text) for sentence in endpoint.sentences):
        return "integer"
    return "uuid" if re.search(r"(?:^|_)id$|Id$", name) else "string"


def _which(name: str) -> str:
    return "Which one" if name == "id" else f"Which {re.sub(r'_id$|Id$', '', name).replace('_', ' ')}"


def _queried(sentence: Sentence, endpoint: Endpoint) -> list[Parameter]:
    """The query parameters a sentence names as such."""
    text = sentence.text
    if not re.search(r"(?i)\bquery[- ](?:string[- ])?param|\bquery string|\bas (?:a |the )?query\b", text):
        return []
    optional = bool(re.search(r"(?i)\boptional|\bmay\b|\bcan\b", text))
    names = [
        name for name in QUOTED.findall(text) if name.upper() not in _METHODS and endpoint.path.lstrip("/") != name
    ]
    names = names or [
        made.name for made in fields.listed(re.split(r"(?i)parameters?\W*", text, maxsplit=1)[-1], sentence.source)
    ]
    return [Parameter(name, "query", fields.typed(name), not optional, "", (sentence.source,)) for name in names]


def _described(made: Parameter, sentences: Sequence[Sentence]) -> Parameter:
    """``made`` with the meaning, type and values its own sentences give it."""
    values, meaning, kind, sources = made.values, made.meaning, made.type, made.sources
    for sentence in sentences:
        about = re.search(
            rf"(?i)[\"'`“]{re.escape(made.name)}[\"'`”]\s+(?:query )?(?:parameter|param)?\s*(?:which |that )?(specifies|specifying|is|indicates|determines|sets|controls|limits|filters|defines)\s+([^.;\"]{{3,120}}?)(?=,\s+(?:the|and)\b|[.;]|$)",
            sentence.text,
        )
        allowed = re.search(
            rf"(?i)[\"'`“]{re.escape(made.name)}[\"'`”][^.]{{0,40}}?\b(?:two|three|four|five|following|possible|allowed|valid|either|one of)\b(?: possible| allowed| following)?(?: values?)?[^\"'`“]{{0,20}}(.+)",
            sentence.text,
        )
        if about and not meaning:
            meaning = about.group(2).strip() if about.group(1) != "is" else meaning
        if about:
            kind = fields.typed(made.name, about.group(2)) if kind == "string" else kind
        if allowed and not values:
            values = tuple(dict.fromkeys(name for name in QUOTED.findall(allowed.group(1)) if name != made.name))
        if (about or allowed) and sentence.source not in sources:
            sources = (*sources, sentence.source)
    return replace(made, values=values, meaning=upper(meaning), type="string" if values else kind, sources=sources)


def body(endpoint: Endpoint) -> tuple[tuple[Field, ...], str]:
    """The fields of the request body and the name of its schema, as far as the brief gives them."""
    if endpoint.method in ("GET", "DELETE"):
        return (), ""
    found: list[Field] = []
    schema = ""
    for sentence in endpoint.sentences:
        named = _SCHEMA.search(sentence.text)
        if named and re.search(r"(?i)\b(?:body|conform|request|payload)", sentence.text):
            schema = schema or named.group(1)
        found += _sent(sentence, endpoint, bool(named))
    listed = _LISTED.search(endpoint.sentences[0].text) if endpoint.sentences else None
    if listed and not found:
        found += fields.listed(listed.group(1), endpoint.sentences[0].source, sure=True)
    for column in ("body", "request", "request body", "payload", "fields", "input"):
        text = re.sub(r"^[{\[]\s*|\s*[}\]]$", "", endpoint.row.get(column, ""))
        if text and text not in ("-", "—", "none", "None"):
            found += fields.listed(text, endpoint.sources[0], sure=True)
    for passage in endpoint.code[:1]:
        inner = re.search(r"[{\[][\s\S]*[}\]]", passage.text)
        found += fields.of_json(inner.group(), passage.id) if inner and not found else []
    return tuple(exampled(made, endpoint.sentences) for made in fields.merged(found, ())), schema


def _sent(sentence: Sentence, endpoint: Endpoint, schema: bool) -> list[Field]:
    """The fields a sentence says are sent: as a JSON object, by name, or in a list."""
    text, source = sentence.text, sentence.source
    inline = re.search(r"\{[^{}]{2,400}\}", text)
    if inline and (literal := fields.of_json(inline.group(), source)):
        return literal
    if schema or not _SENDING.search(text) or _ANSWERING.search(text):
        return []
    names = [name for name in QUOTED.findall(text) if endpoint.path.lstrip("/") != name]
    if names:
        return [Field(name, fields.typed(words.snake(words.parts(name))), True, "", (source,)) for name in names]
    after = _SENT.search(text)
    return fields.listed(after.group(1), source) if after else []


def exampled(made: Field, sentences: Sequence[Sentence]) -> Field:
    """``made`` with the example value the brief gives for it, if it gives one."""
    for sentence in sentences:
        for pattern in _EXAMPLE:
            for name, example in pattern.findall(sentence.text):
                if name.lower() == made.name.lower() and not made.example:
                    return replace(
                        made, example=example, sources=tuple(dict.fromkeys((*made.sources, sentence.source)))
                    )
    return made


def auth(endpoint: Endpoint, everywhere: str) -> str:
    """``none``, ``bearer`` or ``open``, from its own sentences, its row, or what the brief says of all endpoints (``everywhere``)."""
    said = next(
        (value for column, value in endpoint.row.items() if re.search(r"auth|access|security|role", column)), ""
    )
    if said:
        return (
            "none" if re.search(r"(?i)^(?:no|none|public|anonymous|-|—|✗|n/a)\b|^$|^[-—✗]", said.strip()) else "bearer"
        )
    own = " ".join(sentence.text for sentence in endpoint.sentences)
    if re.search(
        r"(?i)\b(?:public(?:ly)?|no authentication|without authentication|unauthenticated|does not require auth)", own
    ) or _ENTRY.search(endpoint.path):
        return "none"
    return "bearer" if _BEARER.search(own) else everywhere


def everywhere(sentences: Sequence[Sentence]) -> str:
    """``bearer`` when the brief says all endpoints want a token, else ``open``."""
    for sentence in sentences:
        if (
            not sentence.excluded
            and re.search(
                r"(?i)\b(?:all|every|each|any)\b[^.]{0,40}\b(?:endpoints?|requests?|calls?|routes?|operations?|APIs?)\b",
                sentence.text,
            )
            and (_BEARER.search(sentence.text) or re.search(r"(?i)\btoken\b|\bauthenticat", sentence.text))
        ):
            return "bearer"
    return "open"
