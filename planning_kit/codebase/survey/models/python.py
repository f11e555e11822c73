"""Models of Python: SQLAlchemy, SQLModel, Django, Tortoise, Peewee, Beanie and MongoEngine, by the syntax tree.

Where no mapper is used, the Pydantic models and dataclasses of a domain that have an ``id``.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator, Mapping

from ..modules import Module, Modules, dotted, given, last
from ..source import Source
from .table import Field, Model, distinct, snake

_MAPPERS = (
    "mapped_column(", "Mapped[", "Column(", "__tablename__", "DeclarativeBase", "declarative_base", "models.Model", "django.db import", "db.Model", "table=True",
    "SQLModel", "tortoise", "peewee", "Document)", "mongoengine", "ForeignKey(",
)  # fmt: skip
_PLAIN = ("BaseModel", "@dataclass", "@define", "@frozen")
_ROOTS = {
    "Model",
    "Document",
    "EmbeddedDocument",
    "DynamicDocument",
    "TimeStampedModel",
    "AbstractUser",
    "AbstractBaseUser",
    "DeclarativeBase",
    "Base",
    "MPTTModel",
}
_FOREIGN = {
    "ForeignKey",
    "OneToOneField",
    "ForeignKeyField",
    "OneToOneRelation",
    "ReferenceField",
    "ManyToManyField",
    "Link",
    "Relationship",
}
_SKIPPED = {
    "relationship",
    "Relationship",
    "ReverseRelation",
    "association_proxy",
    "hybrid_property",
    "ConfigDict",
    "backref",
    "column_property",
    "Manager",
    "deferred",
}
_MIGRATION = re.compile(r"(?:^|/)(?:migrations?|alembic|versions)/")
_DOMAIN = re.compile(
    r"(?:^|/)(?:models?|entit(?:y|ies)|domain|aggregates?|documents?)(?:/|\.py$)|(?:model|entity|models|entities)\.py$"
)


def models(sources: Mapping[str, Source], modules: Modules) -> Iterator[Model]:
    """The models of every Python file."""
    python = [source for source in sources.values() if source.suffix == "py"]
    chosen = [modules[each.path] for each in python if _holds(each, _MAPPERS) and not _MIGRATION.search(each.path)]
    bases: dict[str, set[str]] = {}
    nodes: dict[str, tuple[Module, ast.ClassDef]] = {}
    for module in chosen:
        for name, node in module.classes.items():
            bases.setdefault(name, set()).update(last(base) for base in node.bases)
            nodes.setdefault(name, (module, node))
    mapped = _mapped(bases)
    found = False
    for module in chosen:
        for node in sorted(module.classes.values(), key=lambda each: each.lineno):
            if model := _model(module, node, mapped, nodes):
                found = True
                yield model
        yield from _tables(module)
    if not found:
        yield from _unmapped(python, modules, nodes)


def _holds(source: Source, hints: tuple[str, ...]) -> bool:
    return any(hint in source.text for hint in hints)


def _unmapped(python: list[Source], modules: Modules, nodes: dict[str, tuple[Module, ast.ClassDef]]) -> Iterator[Model]:
    """What there is when no class is mapped: the tables of migrations, and the plain classes of the domain."""
    for source in python:
        if _MIGRATION.search(source.path) and "create_table(" in source.text:
            yield from _tables(modules[source.path])
    chosen = [modules[each.path] for each in python if _DOMAIN.search(each.path) and _holds(each, _PLAIN)]
    for module in chosen:
        nodes.update({name: (module, node) for name, node in module.classes.items() if name not in nodes})
    for module in chosen:
        for node in sorted(module.classes.values(), key=lambda each: each.lineno):
            if plain := _plain(module, node, nodes):
                yield plain


def _mapped(bases: Mapping[str, set[str]]) -> set[str]:
    """The classes that descend from a mapper's base, through however many of their own."""
    mapped = set(_ROOTS)
    for _ in range(8):
        more = {name for name, above in bases.items() if above & mapped} - mapped
        if not more:
            break
        mapped |= more
    return mapped


def _meta(node: ast.ClassDef, *names: str) -> str:
    """A string that the class, or a class inside it (Meta, Settings), gives to one of ``names``."""
    bodies = [node.body, *(each.body for each in node.body if isinstance(each, ast.ClassDef))]
    for each in (one for body in bodies for one in body):
        targets = (
            each.targets if isinstance(each, ast.Assign) else [each.target] if isinstance(each, ast.AnnAssign) else []
        )
        value = getattr(each, "value", None)
        if targets and dotted(targets[0]) in names and isinstance(value, ast.Constant):
            return str(value.value)
        if targets and dotted(targets[0]) == "meta" and isinstance(value, ast.Dict):
            for key, one in zip(value.keys, value.values, strict=True):
                if isinstance(key, ast.Constant) and key.value in names and isinstance(one, ast.Constant):
                    return str(one.value)
    return ""


def _model(
    module: Module, node: ast.ClassDef, mapped: set[str], nodes: Mapping[str, tuple[Module, ast.ClassDef]]
) -> Model | None:
    table = _meta(node, "__tablename__", "db_table", "table_name", "table", "collection") or ""
    text = module.source.text
    above = {last(base) for base in node.bases}
    is_table = any(
        key.arg == "table" and isinstance(key.value, ast.Constant) and key.value.value for key in node.keywords
    )
    own = [*_fields(node)]
    if (
        node.name in _ROOTS
        or "True" in (_meta(node, "abstract"), _meta(node, "__abstract__"))
        or re.search(r"Mixin$|^Abstract|^Base(?:Model)?$", node.name)
    ):
        return None
    document = above & {"Document", "DynamicDocument"} and own
    mapper = above & mapped and own and _uses_mapper(node)
    if not (is_table or document or mapper or "__tablename__" in text and table and above):
        return None
    inherited = [
        field
        for base in node.bases
        if last(base) in nodes and last(base) != node.name
        for field in _fields(nodes[last(base)][1])
    ]
    if not table and ("django" in text or "models.Model" in text) and "tortoise" not in text:
        parts = [part for part in module.source.path.split("/")[:-1] if part != "models"]
        table = f"{parts[-1]}_{node.name.lower()}" if parts else ""
    if not table and is_table:
        table = node.name.lower()
    if not table:
        table = _meta(node, "name") if above & {"Document"} else ""
    return Model(node.name, table, distinct([*inherited, *own]), module.source.path, node.lineno)


def _uses_mapper(node: ast.ClassDef) -> bool:
    """Whether a field of the class is a column, not a plain value."""
    for each in node.body:
        value = each.value if isinstance(each, ast.Assign | ast.AnnAssign) else None
        if isinstance(value, ast.Call) and re.search(
            r"Field$|^Column$|^mapped_column$|ForeignKey|^relationship$", last(value)
        ):
            return True
        if isinstance(each, ast.AnnAssign) and last(each.annotation) == "Mapped":
            return True
    return False


def _fields(node: ast.ClassDef) -> Iterator[Field]:
    for each in node.body:
        if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name):
            name, value, kind = each.targets[0].id, each.value, ""
        elif isinstance(each, ast.AnnAssign) and isinstance(each.target, ast.Name):
            name, value, kind = each.target.id, each.value or ast.Constant(None), dotted(each.annotation)
        else:
            continue
        if (
            name.startswith("_")
            or name in ("objects", "model_config", "meta")
            or kind.endswith("ClassVar")
            or last(value) in _SKIPPED
        ):
            continue
        if isinstance(each, ast.Assign) and not (
            isinstance(value, ast.Call) and re.search(r"Field$|^Column$|^mapped_column$|ForeignKey|Key$", last(value))
        ):
            continue
        if isinstance(value, ast.Call) and last(value) == "ManyToManyField":
            yield Field(name, _target(value))
            continue
        yield Field(name, _refers(value))


def _refers(value: ast.expr) -> str:
    """What a column points at: the first foreign key among its arguments."""
    if not isinstance(value, ast.Call):
        return ""
    if last(value) in _FOREIGN:
        return _target(value)
    foreign = given(value, "foreign_key")
    if isinstance(foreign, ast.Constant) and isinstance(foreign.value, str):
        return foreign.value.rpartition(".")[0] or foreign.value
    for each in value.args:
        if isinstance(each, ast.Call) and last(each) == "ForeignKey":
            return _target(each)
    return ""


def _target(call: ast.Call) -> str:
    target = given(call, "to", "model", "model_name", "column", "document_type", at=0)
    if isinstance(target, ast.Constant) and isinstance(target.value, str):
        parts = target.value.split(".")
        return (
            parts[-1]
            if last(call) != "ForeignKey" or parts[-1][:1].isupper() or len(parts) == 1
            else ".".join(parts[:-1])
        )
    name = dotted(target)
    if name.endswith("AUTH_USER_MODEL"):
        return "User"
    return name.removesuffix(".id").removesuffix(".c").rpartition(".")[2]


def _plain(module: Module, node: ast.ClassDef, nodes: Mapping[str, tuple[Module, ast.ClassDef]]) -> Model | None:
    """A Pydantic model or dataclass with an identity."""
    dataclass = any(last(each) in ("dataclass", "define", "frozen", "attrs") for each in node.decorator_list)
    if not dataclass and not any(last(base) == "BaseModel" or last(base) in nodes for base in node.bases):
        return None
    if re.search(
        r"(?:Create|Update|Request|Response|In|Out|Read|Schema|Dto|DTO|Base|Command|Event|Query|Params|Filter)$",
        node.name,
    ):
        return None
    fields = distinct(_fields(node))
    names = {field.name for field in fields}
    return (
        Model(node.name, "", fields, module.source.path, node.lineno)
        if names & {"id", f"{snake(node.name)}_id", "uuid"}
        else None
    )


def _tables(module: Module) -> Iterator[Model]:
    """Tables of SQLAlchemy Core and of Alembic's migrations."""
    if "Table(" not in module.source.text and "create_table(" not in module.source.text:
        return
    for each in module.statements:
        call = getattr(each, "value", None)
        if not isinstance(call, ast.Call) or last(call) not in ("Table", "create_table") or not call.args:
            continue
        name = call.args[0]
        if not isinstance(name, ast.Constant) or not isinstance(name.value, str):
            continue
        fields: list[Field] = []
        for part in call.args[1:]:
            if (
                isinstance(part, ast.Call)
                and last(part) == "Column"
                and part.args
                and isinstance(part.args[0], ast.Constant)
            ):
                fields.append(Field(str(part.args[0].value), _refers(part)))
            elif isinstance(part, ast.Call) and last(part) == "ForeignKeyConstraint" and len(part.args) > 1:
                own, there = (re.findall(r"'([^']+)'", ast.dump(arg)[:2000]) for arg in part.args[:2])
                columns = [each for each in own if each in {field.name for field in fields}]
                targets = [each.rpartition(".")[0] for each in there if "." in each]
                fields += [Field(column, target) for column, target in zip(columns, targets, strict=False)]
        if fields:
            yield Model(name.value, name.value, distinct(fields), module.source.path, each.lineno, schema=True)
