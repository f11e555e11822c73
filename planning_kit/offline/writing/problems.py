"""How an error is sent when the brief states no form of its own: problem details, RFC 9457."""

from __future__ import annotations

from ..facts import Response
from .naming import words
from .values import Schema

PROBLEM: Schema = {
    "type": "object",
    "description": "Problem details, RFC 9457.",
    "required": ["title", "status"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "code": {"type": "string", "description": "The code of the error table, an extension member."},
        "instance": {"type": "string", "format": "uri-reference"},
    },
}
_CODES = {
    400: "invalid_request",
    401: "unauthenticated",
    403: "forbidden",
    404: "not_found",
    409: "conflict",
    422: "invalid_request",
    429: "too_many_requests",
}


def error_code(response: Response) -> str:
    """The short name of an error, the same in the error table and in what is sent."""
    return _CODES.get(response.status) or "_".join(words(response.meaning).split()[:3]) or f"error_{response.status}"
