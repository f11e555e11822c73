"""What the API answers when it does not answer: a status, a kind of error, a sentence."""

from __future__ import annotations

import json
from typing import Any

ERRORS = {
    400: "invalid_request_error",
    401: "authentication_error",
    402: "billing_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    529: "overloaded_error",
}
"""The API's kinds of errors by status; any other status is an ``api_error``."""


class Refused(ValueError):
    """A request that breaks a rule of the API.

    Args:
        message: which rule, in the API's words as far as they are known.
        status: the HTTP status it is answered with.
    """

    def __init__(self, message: str, status: int = 400) -> None:
        super().__init__(message)
        self.status = status


def error(status: int, message: str, code: str = "") -> bytes:
    """The body of an error in the API's shape, with an ``error_code`` if there is one."""
    said: dict[str, Any] = {"type": ERRORS.get(status, "api_error"), "message": message}
    if code:
        said["details"] = {"error_code": code}
    return json.dumps({"type": "error", "error": said, "request_id": "req_loopback"}).encode()
