"""A web search that looks nothing up: two invented results each, quoted in the answer.

Source: https://platform.claude.com/docs/en/agents-and-tools/tool-use/web-search-tool
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .. import digest
from .answers import Body, asked, blocks
from .refused import Refused

Block = dict[str, Any]

SEARCHES = 2
"""How often an answer searches, if it may that often."""


def tool(body: Body) -> Mapping[str, Any] | None:
    """The web search tool a request offers, if any.

    Raises:
        Refused: it names both allowed and blocked domains.
    """
    for offered in body.get("tools") or ():
        if str(offered.get("type", "")).startswith("web_search_"):
            if offered.get("allowed_domains") and offered.get("blocked_domains"):
                raise Refused("tools: only one of allowed_domains and blocked_domains may be given")
            found: Mapping[str, Any] = offered
            return found
    return None


def research(body: Body, text: str, cited: bool = True) -> list[Block]:
    """``text`` with searches in it: each a call, its two results, and a part of the text that quotes the first of them.

    Args:
        body: the request, with its search tool.
        text: the answer; its blocks joined are this text.
        cited: whether the text quotes its sources; a structured answer cannot.
    """
    offered = tool(body) or {}
    times = min(SEARCHES, int(offered.get("max_uses") or SEARCHES))
    seat, domain = asked(body).seat or "author", (offered.get("allowed_domains") or ["docs.example"])[0]
    told: list[Block] = []
    for number, part in enumerate(_parts(text, times), start=1):
        query = f"{seat.replace('-', ' ')} question {number}"
        call = _call(query)
        found = [_result(query, domain, at) for at in (1, 2)]
        told += [call, _results(call["id"], found)]
        told += _quoting(part, found[0], query) if cited else [{"type": "text", "text": part}]
    return [block for block in told if block.get("text", "-")]


def failed(body: Body, text: str, code: str) -> list[Block]:
    """A search that went wrong with ``code``, and the text that was written without it."""
    call = _call(f"{(asked(body).seat or 'author').replace('-', ' ')} question 1")
    problem = {"type": "web_search_tool_result_error", "error_code": code}
    return [call, _results(call["id"], problem), {"type": "text", "text": text}]


def made(content: list[Block]) -> int:
    """How many searches are billed: those with results."""
    return sum(block["type"] == "web_search_tool_result" and isinstance(block["content"], list) for block in content)


def check(body: Body) -> None:
    """Refuse what was found when it does not come back as it was sent, or a search without what it found.

    Raises:
        Refused: a block was changed, or left out.
    """
    messages = body.get("messages") or ()
    for at, message in enumerate(messages):
        content = blocks(message.get("content")) if message.get("role") == "assistant" else []
        calls = {block.get("id") for block in content if block.get("type") == "server_tool_use"}
        answered = {block.get("tool_use_id") for block in content if block.get("type") == "web_search_tool_result"}
        follows = at + 1 < len(messages) and messages[at + 1].get("role") == "user"
        if follows and calls - answered:
            raise Refused(f"messages.{at}: web_search tool use without a corresponding web_search_tool_result block")
        for found in (one for block in content for one in _found(block)):
            if found.get("encrypted_content") != _sealed(found.get("url"), found.get("title")):
                raise Refused(f"messages.{at}: Invalid encrypted_content in web_search_tool_result block")


def _found(block: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    content = block.get("content")
    return list(content) if block.get("type") == "web_search_tool_result" and isinstance(content, list) else []


def _call(query: str) -> Block:
    name = f"srvtoolu_{digest.of_text(query)[:24]}"
    caller = {"type": "direct"}
    return {"type": "server_tool_use", "id": name, "name": "web_search", "input": {"query": query}, "caller": caller}


def _results(name: str, content: Any) -> Block:
    return {"type": "web_search_tool_result", "tool_use_id": name, "content": content, "caller": {"type": "direct"}}


def _result(query: str, domain: str, number: int) -> Block:
    slug = re.sub(r"[^a-z0-9]+", "-", query.lower()).strip("-")
    url, title = f"https://{domain}/{slug}-{number}", f"{query.capitalize()}, page {number}"
    return {
        "type": "web_search_result",
        "url": url,
        "title": title,
        "page_age": "November 2, 2026",
        "encrypted_content": _sealed(url, title),
    }


def _sealed(url: Any, title: Any) -> str:
    return digest.of_fact(["result", str(url), str(title)])


def _quoting(part: str, found: Block, query: str) -> list[Block]:
    """``part`` in up to three blocks, the one in the middle a paragraph with its source."""
    start, end = _paragraph(part)
    words = f"What there is to say about the {query} stands here, word for word, and was invented."[:150]
    quoted = {
        "type": "web_search_result_location",
        "url": found["url"],
        "title": found["title"],
        "cited_text": words,
        "encrypted_index": digest.of_fact(["quoted", found["url"], words]),
    }
    return [
        {"type": "text", "text": part[:start]},
        {"type": "text", "text": part[start:end], "citations": [quoted]},
        {"type": "text", "text": part[end:]},
    ]


def _paragraph(part: str) -> tuple[int, int]:
    """Where the first paragraph of running text stands: no heading, table, list, and nothing in a fence."""
    at = 0
    for piece in part.split("\n\n"):
        words = piece.strip("\n")
        fenced = part[:at].count("```") % 2 or "```" in piece
        if words and not fenced and words[0].isalpha():
            start = at + len(piece) - len(piece.lstrip("\n"))
            return start, start + len(words)
        at += len(piece) + 2
    return 0, len(part.rstrip("\n"))


def _parts(text: str, number: int) -> list[str]:
    """``text`` in ``number`` parts of about the same length, cut between paragraphs outside of fences."""
    parts, start = [], 0
    for wanted in range(1, number):
        cut = text.find("\n\n", len(text) * wanted // number)
        while cut >= 0 and text[:cut].count("```") % 2:
            cut = text.find("\n\n", cut + 2)
        end = cut + 2 if cut >= start else len(text)
        parts.append(text[start:end])
        start = end
    return [*parts, text[start:]]
