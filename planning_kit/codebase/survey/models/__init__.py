"""What is kept and what is sent: the models, tables and messages of a codebase, with their key fields and what these refer to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from ..modules import Modules
from ..source import Source
from . import classes, exchanged, javascript, python, schemas, structs
from .choices import chosen, enumerations
from .table import Model, merged

__all__ = ["Model", "models"]


def models(sources: Mapping[str, Source], modules: Modules) -> list[Model]:
    """Every model, each table once: the class that maps it, or else what the schema or the migrations say."""
    found = [*python.models(sources, modules)]
    nets, contexts = classes.sets([source for source in sources.values() if source.suffix == "cs"])
    above = classes.supers([source for source in sources.values() if source.suffix in ("java", "kt", "ts")])
    named = structs.tables(sources)
    told = {
        source.path.rpartition("/")[0] for source in sources.values() if source.path.endswith((".prisma", "schema.rb"))
    }
    if any(source.suffix == "rs" and "table!" in source.text for source in sources.values()):
        told.add("")
    for source in sources.values():
        if not _told_elsewhere(source, told):
            found += _read(source, above, named)
    kept = [model for source in sources.values() if source.suffix == "cs" for model in classes.net(source, nets)]
    found += classes.nearest(kept, contexts)
    kept = merged(found)
    names = {model.name for model in kept}
    sent = [model for source in sources.values() for model in exchanged.read(source) if model.name not in names]
    return chosen([*kept, *sent], enumerations(sources), sources)


def _told_elsewhere(source: Source, told: Collection[str]) -> bool:
    """Whether it is a migration beside the schema that is made of all migrations together."""
    return "migrat" in source.path and any(not folder or source.path.startswith(f"{folder}/") for folder in told)


def _read(source: Source, above: classes.Supers, named: Mapping[str, str]) -> Iterator[Model]:
    suffix, text = source.suffix, source.text
    if suffix in ("ts", "js", "mts", "cjs", "mjs"):
        if "@" in text:
            yield from classes.annotated(source, above)
        yield from javascript.read(source)
        if "createTable" in text or "alterTable" in text:
            yield from schemas.builders(source)
    elif suffix in ("java", "kt"):
        if "@Entity" in text or "@Document" in text or "@Table" in text:
            yield from classes.annotated(source, above)
        if "Table" in text and "exposed" in text:
            yield from classes.exposed(source)
    elif suffix == "php":
        if "extends" in text:
            yield from classes.eloquent(source)
        if "Entity" in text:
            yield from classes.annotated(source, above)
        if "Schema::" in text:
            yield from schemas.builders(source)
    elif suffix == "go":
        yield from structs.go(source, named)
    elif suffix == "rs":
        yield from structs.rust(source)
        if "table!" in text:
            yield from schemas.diesel(source)
    elif suffix == "rb":
        if "Record" in text:
            yield from classes.rails(source)
        if "create_table" in text or "add_column" in text or "add_reference" in text:
            yield from schemas.rails(source)
    elif suffix == "prisma":
        yield from schemas.prisma(source)
    elif suffix == "sql":
        yield from schemas.sql(source)
