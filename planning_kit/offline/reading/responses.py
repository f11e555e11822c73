"""The responses a brief states for an endpoint: code, reason, media type and fields."""

from __future__ import annotations

import re
from dataclasses import replace

from ..facts import Field, Response
from . import fields
from .contracts import upper
from .endpoints import Endpoint

_TEXT = re.compile(r"(?<!\w)[\"“‘']([^\"“”‘']{2,120})[\"”’'](?!\w)")
_CODE = re.compile(
    r"(?<![\w.,:/$€£-])[\"'`“]?([1-5]\d\d)[\"'`”]?(?![\w.,]\d|\w|\s*(?:ms|s|seconds?|users?|requests?|%|characters?|items?|records?|rows|days|MB|GB|KB)\b)"
)
_REASONS = {200: "The request succeeded", 201: "Created", 202: "Accepted for processing", 204: "Done, nothing to return", 400: "The input is invalid",
            401: "Not authenticated", 403: "Not allowed", 404: "Not found", 409: "Conflicts with what is there", 422: "The input is invalid",
            429: "Too many requests", 500: "Unexpected failure"}  # fmt: skip


def responses(endpoint: Endpoint) -> tuple[Response, ...]:
    """The responses the brief states, by status code."""
    found: dict[int, Response] = {}
    media = next(
        (
            hit.group(1)
            for sentence in endpoint.sentences
            if (hit := re.search(r"\b((?:text|application|image)/[a-z0-9.+-]+)", sentence.text))
        ),
        "application/json",
    )
    texts = [
        (sentence.text, sentence.source)
        for sentence in endpoint.sentences
        if re.search(r"(?i)\bstatus|\bcodes?\b|\brespon[ds]|\breturns?\b|\bHTTP\b|→|->|\|", sentence.text)
    ]
    for column in ("response", "responses", "returns", "status", "status codes", "success", "errors", "error"):
        texts += [(f"status {endpoint.row[column]}", endpoint.sources[0])] if endpoint.row.get(column) else []
    for text, source in texts:
        for at, hit in enumerate(hits := list(_CODE.finditer(text))):
            status = int(hit.group(1))
            before = text[hits[at - 1].end() if at else 0 : hit.start()]
            after = text[hit.end() : hits[at + 1].start() if at + 1 < len(hits) else len(text)]
            made = Response(
                status,
                _meaning(status, before, after),
                media if status < 300 else "application/json",
                fields=_returned(before, after, status, source),
                sources=(source,),
            )
            old = found.get(status)
            if old is None:
                found[status] = made
            elif source not in old.sources:
                found[status] = replace(old, sources=(*old.sources, source), fields=old.fields or made.fields)
    return tuple(found[status] for status in sorted(found))


def _meaning(status: int, before: str, after: str) -> str:
    """Why the endpoint answers with ``status``: the condition after it, or the one before it."""
    indicating = re.match(
        r"[\"'`”]?\s*(?:status code |code |status |response )?(?:is |was )?(?:indicat\w+|signal\w+|mean\w*|for|on|if|when|in case of|[-–:(=])\s*([^.;]{3,120}?)(?=,| or an? |\)|[.;]|$)",
        after,
    )
    if indicating:
        return upper(indicating.group(1))
    if condition := re.search(r"(?i)(?:^|[.;,]\s+)(?:if|when|in case of)\s+([^.;]{3,160})$", before):
        return upper(
            re.sub(
                r"(?i)\s+an?$",
                "",
                re.sub(r"(?i),\s*(?:then\s+)?(?:it|an?|the|this|we)\b[^,]*$", "", condition.group(1).rstrip()),
            )
        )
    subject = re.search(
        r"(?i)^(?:and |an? |the )?([^.;,]{5,80}?)\s+(?:returns?|results? in|yields?|gives?|leads? to|has|produces?)\b",
        before,
    )
    if subject and not re.match(r"(?i)it|this|the|which|response", subject.group(1)):
        return upper(subject.group(1))
    return _REASONS.get(status, "As the brief says")


def _returned(before: str, after: str, status: int, source: str) -> tuple[Field, ...]:
    """The fields of a response the sentence around its code tells of: a message, a token, a secret."""
    found: list[Field] = []
    about = re.search(r"(?i)\bmessage\b", after) or (status >= 400 and re.search(r"(?i)\bmessage\b", before))
    if token := re.search(
        r"(?i)\b(?:a|an|the)\s+(?:(JWT|access|bearer|session|auth(?:entication)?)\s+)?token\b(?! results| is)", after
    ):
        found.append(Field("token", "string", True, token.group().strip(), (source,), personal="credential"))
    if (
        kept := re.search(
            r"(?i)\b(?:and|with|alongside|returns|containing)\s+the\s+(\w+)\s+(?:associated|for|of|stored|requested|with)\b",
            after,
        )
    ) and status < 300:
        found.append(
            Field(kept.group(1).lower(), fields.typed(kept.group(1).lower()), True, kept.group().strip(), (source,))
        )
    if about:
        said = _TEXT.search(after)
        found.append(Field("message", "string", True, "", (source,), example=said.group(1) if said else ""))
    return tuple(found)
