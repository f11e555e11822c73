"""A model or table: its name, its table, its fields and what they refer to."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

MOST_FIELDS = 10
"""Fields that are named of one model."""
MOST_VALUES = 8
"""Values that are named of one field."""


@dataclass(frozen=True)
class Field:
    """A field: its ``name`` and the table or model it ``refers`` to, if any."""

    name: str
    refers: str = ""
    values: tuple[str, ...] = ()
    """What it may hold, where only a few values are allowed."""

    def __str__(self) -> str:
        if self.values:
            more = "|…" if len(self.values) > MOST_VALUES else ""
            return f"{self.name}: {'|'.join(self.values[:MOST_VALUES])}{more}"
        return f"{self.name} -> {self.refers}" if self.refers else self.name


@dataclass(frozen=True)
class Model:
    """One model: ``table`` is empty when nothing says so; ``schema`` when it comes from a schema or migration, not a class."""

    name: str
    table: str
    fields: tuple[Field, ...]
    file: str
    line: int
    schema: bool = False
    partial: bool = False
    """Whether the class leaves its columns to the schema."""
    dropped: bool = False
    """Whether a migration takes the table away."""
    message: bool = False
    """Whether it is sent, not kept."""

    def __str__(self) -> str:
        parts = ["message"] if self.message else [f"table {self.table}"] if self.table else []
        if self.fields:
            kept = _key_fields(self.fields)
            more = [f"{len(self.fields) - len(kept)} more"] if len(kept) < len(self.fields) else []
            parts.append(", ".join([*map(str, kept), *more]))
        return f"{self.name}: {'; '.join(parts)}" if parts else self.name


def _key_fields(fields: tuple[Field, ...]) -> list[Field]:
    """The first fields, in their order; a key or a reference goes before an ordinary one."""
    if len(fields) <= MOST_FIELDS:
        return list(fields)
    weighed = sorted(
        range(len(fields)),
        key=lambda at: (not (fields[at].refers or fields[at].values or fields[at].name.lower() == "id"), at),
    )
    return [fields[at] for at in sorted(weighed[:MOST_FIELDS])]


def snake(name: str) -> str:
    """``OrderItem`` as ``order_item``."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", "_", name[:200]).lower()


def plural(word: str) -> str:
    """``order`` as ``orders``: by the regular English rules only."""
    if re.search(r"[^aeiou]y$", word):
        return word[:-1] + "ies"
    return word + ("es" if re.search(r"(?:s|x|z|ch|sh)$", word) else "s")


def folded(name: str) -> str:
    """A name as two spellings of one table share it: lower case, no underscores, no plural, no schema."""
    word = re.sub(r"[\W_]", "", name.rpartition(".")[2].lower())
    return (
        re.sub(r"ies$", "y", word)
        if word.endswith("ies")
        else re.sub(r"(?:(?<=[sxz])es|(?<=[cs]h)es|(?<!s)s)$", "", word)
    )


def distinct(fields: Iterable[Field]) -> tuple[Field, ...]:
    """The fields, each name once; what it refers to is kept."""
    kept: dict[str, Field] = {}
    for field in fields:
        known = kept.get(field.name)
        if field.name and (known is None or field.refers and not known.refers):
            kept[field.name] = replace(field, values=field.values or known.values) if known else field
    return tuple(kept.values())


def merged(models: Iterable[Model]) -> list[Model]:
    """Each table once: a class before a schema, which gives its fields to a class without any; later migrations add fields."""
    classes: list[Model] = []
    schemas: dict[str, Model] = {}
    seen: set[tuple[str, str]] = set()
    for model in models:
        if model.schema:
            key = folded(model.table)
            known = schemas.get(key)
            if model.dropped:
                schemas.pop(key, None)
                continue
            schemas[key] = replace(known, fields=distinct((*known.fields, *model.fields))) if known else model
        elif (model.name, model.file) not in seen:
            seen.add((model.name, model.file))
            classes.append(model)
    done: list[Model] = []
    used: set[str] = set()
    for model in classes:
        keys = [folded(each) for each in (model.table, model.name) if each]
        match = next((schemas[key] for key in keys if key in schemas), None)
        used |= set(keys)
        done.append(_completed(model, match) if match else model)
    return done + [model for key, model in schemas.items() if key not in used and model.name]


def _completed(model: Model, schema: Model) -> Model:
    """A class with what only the schema of its table says: its columns when the class leaves them out, what they refer to."""
    if model.partial or not model.fields:
        said = {folded(field.name): field.refers for field in model.fields}
        columns = [replace(field, refers=field.refers or said.get(folded(field.name), "")) for field in schema.fields]
        return replace(model, fields=distinct(columns))
    refers = {folded(field.name): field.refers for field in schema.fields}
    return replace(
        model,
        fields=tuple(
            replace(field, refers=field.refers or refers.get(folded(field.name), "")) for field in model.fields
        ),
    )
