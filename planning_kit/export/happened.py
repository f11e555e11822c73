"""The journal: every record in words, in order, with its digest."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from .. import digest
from ..gate import Decision
from ..journal import Record
from ..remarks import Comment
from ..run import Run
from .markup import Safe, code, fold, joined, table, tag


def happened(run: Run) -> Safe:
    """Every record, oldest first."""
    rows = [
        (tag("span", str(each.seq), id_=f"r{each.seq}"), tag("time", each.at, datetime=each.at), each.kind, tag("span", words(each), class_="words"), code(digest.short(digest.of_bytes(each.bytes()))))
        for each in run.journal
    ]  # fmt: skip
    if not rows:
        return tag("p", "Nothing is recorded yet.")
    shown = table("The journal", ("record", "when (UTC)", "kind", "what it says", "SHA-256"), rows, "journal")
    return joined([tag("p", "Each record names the digest of the one before it; the first names that of run.json."), shown, _whole(run)])  # fmt: skip


def _whole(run: Run) -> Safe:
    """The records to the byte, so that the chain can be reckoned from this page alone."""
    lines = "".join(each.bytes().decode("utf-8") for each in run.journal)
    head = "The records as they are kept, one a line, after the digest the first one names"
    return tag("div", fold(head, tag("pre", tag("code", run.start, "\n", lines))), class_="screen")


def words(record: Record) -> str:
    """What a record says, in one sentence."""
    body = record.body
    told = _TOLD.get(record.kind)
    try:
        return told(record) if told else _plain(body)
    except (KeyError, TypeError, ValueError):
        return _plain(body)


def _plain(body: Mapping[str, Any]) -> str:
    return ", ".join(f"{name}: {value}" for name, value in body.items())


def _decided(record: Record) -> str:
    decision = Decision.of(record)
    kept = record.body.get("kept", {})
    more = f"; names {len(kept)} more files that are written once" if kept else ""
    signed = f"; signed with {decision.signed}" if decision.signed else ""
    about = ", ".join(name.rpartition("/")[2] for name in decision.subject)
    return f"'{decision.phase}' {decision} (about {about}){signed}{more}"


def _drafted(record: Record) -> str:
    body = record.body
    found = body.get("findings", 0)
    return (
        f"{body['document']}, version {body.get('version', '?')}, written by {body.get('seat', 'an author')} "
        f"({body.get('model', '')}), ended with '{body.get('stop', '')}', {found} finding{'' if found == 1 else 's'}, "
        f"text {digest.short(str(body['digest']))}"
    )


def _commented(record: Record) -> str:
    comment = Comment.of(record)
    where = f"{comment.anchor.document}, " if comment.anchor.document else ""
    return f"{comment.by} on {where}{comment.anchor.words}: {comment.text}"


def _settled(record: Record) -> str:
    body = record.body
    by = f" by {body['by']}" if body.get("by") else ""
    refused = f"; the answer could not be used: {body['refused']}" if body.get("refused") else ""
    return f"the facts, {body.get('why', 'changed')}{by} ({body.get('how', '')}), text {digest.short(str(body['digest']))}{refused}"


_TOLD: Mapping[str, Callable[[Record], str]] = {
    "decided": _decided,
    "drafted": _drafted,
    "commented": _commented,
    "settled": _settled,
    "placed": lambda record: (
        f"{record.body['document']} is in its place, text {digest.short(str(record.body['digest']))}"
    ),
    "edited": lambda record: (
        f"{record.body['document']}, edited by {record.body.get('by') or 'a person, in the file'}, text {digest.short(str(record.body['digest']))}"
    ),
    "withdrawn": lambda record: f"comment {record.body['comment']} was taken back by {record.body.get('by', '')}",
    "looked-up": lambda record: (
        f"the web {'can' if record.body.get('searches') else 'could not'} be searched; of {len(record.body.get('packages', ()))} packages that are named the newest versions of {record.body.get('found', 0)} were found"
    ),
    "budget": lambda record: f"the cap is ${float(record.body['dollars']):.2f} from here on",
}
