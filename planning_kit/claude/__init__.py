"""Claude over the Messages API: the only room that knows anthropic, and it loads it only to send."""

from .abilities import Abilities, Ability, ask
from .caller import Claude, Patience
from .platforms import check_server, credential, credentials, is_anthropic, platform, server
from .prompt import render

__all__ = [
    "Abilities",
    "Ability",
    "Claude",
    "Patience",
    "ask",
    "check_server",
    "credential",
    "credentials",
    "is_anthropic",
    "platform",
    "render",
    "server",
]
