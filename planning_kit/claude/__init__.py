"""Claude over the Messages API: the only room that knows anthropic, and it loads it only to send."""

from .address import check_server, credential, credentials, is_anthropic, server
from .caller import MODEL, Claude, Patience
from .prompt import render

__all__ = [
    "MODEL",
    "Claude",
    "Patience",
    "check_server",
    "credential",
    "credentials",
    "is_anthropic",
    "render",
    "server",
]
