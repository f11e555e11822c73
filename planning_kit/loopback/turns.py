"""Answers in several turns: what was said already, what is left to say, and whether a paused turn came back as it was sent."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

from .. import digest
from .answers import Body, blocks
from .refused import Refused

Block = dict[str, Any]


def given(body: Body) -> list[Mapping[str, Any]]:
    """Every block the assistant has said in earlier turns of ``body``."""
    turns = [message for message in body.get("messages") or () if message.get("role") == "assistant"]
    return [block for message in turns for block in blocks(message.get("content"))]


def remaining(content: Sequence[Block], before: Sequence[Mapping[str, Any]]) -> list[Block]:
    """What is left of an answer after its beginning was said; all of it when something else was said, or nothing is left.

    Args:
        content: the whole answer.
        before: what the earlier turns said; of texts, white space at the seams does not matter.
    """
    left = [dict(block) for block in content]
    for block in before:
        if block.get("type") == "text":
            if not _past(left, str(block.get("text", ""))):
                return list(content)
        elif block.get("type") != "thinking":
            if not left or _plain(left[0]) != _plain(block):
                return list(content)
            del left[0]
    return left if any(str(block.get("text", "-")).strip() for block in left) else list(content)


def _past(left: list[Block], words: str) -> bool:
    """Take ``words`` off the beginning of what is left; whether it began so. Blocks between texts may be missing."""
    while words.strip() and left:
        if left[0].get("type") != "text":
            del left[0]
            continue
        own: str = left[0]["text"]
        if own[:1] != words[:1]:
            own, words = own.lstrip(), words.lstrip()
        if own.startswith(words.rstrip()):
            left[0]["text"] = own.removeprefix(words) if own.startswith(words) else own[len(words.rstrip()) :]
            words = ""
        elif own and not words.startswith(own.rstrip()):
            return False
        else:
            words = words[len(own) :] if words.startswith(own) else words[len(own.rstrip()) :]
            left[0]["text"] = ""
        if not left[0]["text"]:
            del left[0]
    return not words.strip()


class Paused:
    """The turns that were paused, and so may be sent back as they were."""

    def __init__(self) -> None:
        self._questions: set[str] = set()
        self._turns: set[str] = set()
        self._lock = threading.Lock()

    def keep(self, body: Body, content: Sequence[Block]) -> None:
        """``content`` was the answer to ``body``, and paused."""
        question, said = _split(body)
        with self._lock:
            self._questions.add(digest.of_fact(question))
            self._turns.add(digest.of_fact([question, [*said, *map(_plain, content)]]))

    def check(self, body: Body, prefills: bool) -> None:
        """Refuse an assistant's turn at the end that was not paused, or not sent back as it was.

        Args:
            body: the request.
            prefills: whether the model goes on with any text that is put into its mouth.

        Raises:
            Refused: see above.
        """
        question, said = _split(body)
        if not said:
            return
        with self._lock:
            known = digest.of_fact([question, said]) in self._turns
            paused = digest.of_fact(question) in self._questions
        if paused and not known:
            raise Refused("messages: the paused assistant turn must come back unchanged, server tool blocks included")
        if not known and not prefills:
            raise Refused(
                "This model does not support assistant message prefill. The conversation must end with a user message."
            )


def _split(body: Body) -> tuple[list[Any], list[Any]]:
    """The messages up to the last user's, and the assistant's blocks behind it, without what says nothing."""
    messages = list(body.get("messages") or ())
    end = len(messages)
    while end and messages[end - 1].get("role") == "assistant":
        end -= 1
    question = [[message.get("role"), *map(_plain, blocks(message.get("content")))] for message in messages[:end]]
    return question, [_plain(block) for message in messages[end:] for block in blocks(message.get("content"))]


def _plain(value: Any) -> Any:
    """A block without its marks and without what is empty: the SDK drops or adds such fields on the way back."""
    if isinstance(value, Mapping):
        kept = {name: _plain(one) for name, one in value.items() if name != "cache_control"}
        return {name: one for name, one in kept.items() if one is not None and one != []}
    return [_plain(one) for one in value] if isinstance(value, list) else value
