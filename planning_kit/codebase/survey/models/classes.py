"""Models that are classes: JPA and Spring Data, Exposed, TypeORM and its kin, EF Core, Doctrine, Eloquent, ActiveRecord."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterator

from ..source import Source
from .table import Field, Model, distinct, plural, snake

# word(?<!\wword) is \bword: written so, re looks for the word itself first, which is many times faster
_CLASS = re.compile(r"(?:class|record)(?<!\wclass)(?<!\wrecord)\s+(\w+)")
_ENTITY = re.compile(r"(?:@|#\[(?:ORM\\|Mapping\\)?)(Entity|Document|Table|Node|MappedSuperclass|Schema)\b")
_TABLE = re.compile(
    r"(?:@|\[|\\|#\[)(?:Table|Entity|Document|Collection)\s*\(\s*(?:\{[^{}\n]{0,200}?)?(?:(?:name|tableName|collection|value)\s*[=:]\s*)?['\"`](\w+)['\"`]"
)
_NAMED = re.compile(r"\b(?:name|tableName|collection)\s*[=:]\s*['\"`](\w+)['\"`]")
_COMMENTED = re.compile(r"@ORM\\Entity\b")

_TS_FIELD = re.compile(
    r"^\s*(?:public |private |protected |readonly |declare )*(\w+)\s*[!?]?\s*:\s*([\w<>\[\] |.,'\"]+)"
)
_TS_MARK = re.compile(
    r"@(\w*(?:Column|PrimaryKey|Property|Prop|ManyToOne|OneToOne|BelongsTo|ForeignKey|Id|ObjectIdColumn|Enum)\w*)\s*\("
)
_TS_TARGET = re.compile(r"=>\s*(\w+)|['\"](\w+)['\"]|entity\s*:\s*\(\)\s*=>\s*(\w+)|ref\s*:\s*['\"]?(\w+)")
_JAVA_FIELD = re.compile(r"^\s*(?:(?:private|protected|public|final|volatile)\s+)+([\w<>\[\], .?]+?)\s+(\w+)\s*(?:=|;)")
_KOTLIN_FIELD = re.compile(r"\b(?:val|var)\s+(\w+)\s*:\s*([\w<>?., ]+)")
_NET_FIELD = re.compile(r"\bpublic\s+(?:required\s+|virtual\s+|override\s+)*([\w<>?\[\], .]+?)\s+(\w+)\s*\{\s*get\b")
_DBSET = re.compile(r"\b(?:DbSet|IDbSet)<(\w+)>\s+(\w+)")
_TO_TABLE = re.compile(
    r"\b(?:Entity<(\w+)>\([^;]{0,300}?|IEntityTypeConfiguration<(\w+)>[\s\S]{0,2000}?)\.ToTable\(\s*\"(\w+)\""
)
_EXPOSED = re.compile(
    r"\bobject\s+(\w+)\s*:\s*(?:\w+\.)?((?:Int|Long|UUID|ULong|UInt|Composite)?(?:Id)?Table)\s*(?:\(\s*(?:name\s*=\s*)?(?:\"(\w+)\")?[^)\n]*\))?\s*(\{)"
)
_EXPOSED_FIELD = re.compile(r"\bval\s+(\w+)\s*(?::[^=\n]{1,80})?=\s*\w+\s*(?:<[^>\n]{0,60}>)?\(([^\n]{0,200})")
_ELOQUENT = re.compile(
    r"class(?<!\wclass)\s+(\w+)\s+extends\s+(?:\\?[\w\\]+\\)?(Model|Authenticatable|Pivot|Eloquent|BaseModel|MongoModel)\b[^{]{0,300}(\{)"
)
_FILLABLE = re.compile(r"\$fillable\s*=\s*(\[)")
_PHP_TABLE = re.compile(r"\$table\s*=\s*['\"](\w+)['\"]")
_BELONGS = re.compile(r"->belongsTo\(\s*(?:\\?[\w\\]+\\)?(\w+)::class(?:\s*,\s*['\"](\w+)['\"])?")
_PHP_FIELD = re.compile(r"\b(?:private|protected|public)\s+(?:readonly\s+)?\??([\w\\]+)\s+\$(\w+)")
_VIEW = re.compile(r"(?i)view_?model|dtos?\b|quer(?:y|ies)|requests?\b|responses?\b|contracts?/")
_SUPER = re.compile(r"\b(?:abstract|open)\s+class\s+(\w+)|@MappedSuperclass[^{]{0,300}?\bclass\s+(\w+)")
_EXTENDS = re.compile(r"\s*(?:<[^>\n]{0,80}>)?\s*(?:\([^)]{0,500}\)\s*)?(?:extends|:)\s+(?:\w+\.)?(\w+)")
_RAILS = re.compile(
    r"(?m)^[ \t]*class\s+(?:\w+::)*(\w+)\s*<\s*(?:::)?(?:ApplicationRecord|ActiveRecord::Base|\w+Record)\b(?!::)"
)
_RAILS_BELONGS = re.compile(
    r"(?m)^[ \t]*belongs_to[ (]+:(\w+)(?![^\n]{0,200}polymorphic)(?:[^\n]{0,200}?class_name:\s*['\"](\w+)['\"])?"
)
_RAILS_TABLE = re.compile(r"self(?<!\wself)\.table_name\s*=\s*['\"](\w+)['\"]")
_COLLECTIONS = re.compile(
    r"^(?:List|Set|Collection|ICollection|IList|IEnumerable|HashSet|MutableList|MutableSet|Map|ArrayCollection|IReadOnlyCollection|IReadOnlyList)\b|\[\]$"
)


Supers = dict[str, tuple[str, tuple[Field, ...]]]
"""Class → the class it extends, and its own fields."""


def supers(sources: list[Source]) -> Supers:
    """The classes that entities inherit columns from."""
    found: Supers = {}
    for source in sources:
        if "MappedSuperclass" in source.text or "abstract class" in source.text and "Column" in source.text:
            for head in _SUPER.finditer(source.bare):
                brace = source.bare.find("{", head.end(), head.end() + 500)
                above = _EXTENDS.match(source.bare, head.end())
                fields = distinct(_fields(source, source.inside(brace))) if brace >= 0 else ()
                found.setdefault(head.group(1) or head.group(2), (above.group(1) if above else "", fields))
    return found


def _inherited(source: Source, at: int, above: Supers) -> list[Field]:
    """The fields a class has from those it extends, the topmost first."""
    found = _EXTENDS.match(source.bare, at)
    name = found.group(1) if found else ""
    fields: list[Field] = []
    for _ in range(4):
        if name not in above:
            break
        name, own = above[name]
        fields = [*own, *fields]
    return fields


def annotated(source: Source, above: Supers) -> Iterator[Model]:
    """Classes with ``@Entity``, ``@Document``, ``@Table``, ``#[ORM\\Entity]``; ``above`` is what they may extend."""
    if not _ENTITY.search(source.code) and not (source.suffix == "php" and _COMMENTED.search(source.text)):
        return
    before = 0
    for found in _CLASS.finditer(source.bare):
        head = source.code[max(before, found.start() - 1500) : found.start()]
        opening = source.bare.find("{" if source.suffix not in ("kt",) else "(", found.end(), found.end() + 500)
        brace = source.bare.find("{", found.end(), found.end() + 500)
        before = source.end(brace) if brace >= 0 else found.end()
        marks = {mark.group(1) for mark in _ENTITY.finditer(head)}
        if source.suffix == "php" and _COMMENTED.search(source.text[max(0, found.start() - 800) : found.start()]):
            marks.add("Entity")
        if not marks or "MappedSuperclass" in marks or marks == {"Schema"} and "mongoose" not in source.text:
            continue
        table = _TABLE.search(head) or _NAMED.search(head)
        name = found.group(1)
        spans = [source.inside(each) for each in sorted({opening, brace}) if each >= 0]
        fields = distinct(
            [*_inherited(source, found.end(), above), *(field for body in spans for field in _fields(source, body))]
        )
        yield Model(
            name,
            table.group(1) if table else "" if "Document" in marks or "Schema" in marks else snake(name),
            fields,
            source.path,
            source.line(found.start()),
        )


def _fields(source: Source, body: str) -> Iterator[Field]:
    if source.suffix in ("ts", "js", "mts"):
        yield from _typescript(body)
    elif source.suffix == "php":
        for kind, name in _PHP_FIELD.findall(body):
            if not kind.endswith("Collection"):
                yield Field(
                    name,
                    kind.rpartition("\\")[2]
                    if kind[:1].isupper() and not re.search(r"Date|Uuid|Enum|Status|Money|Type$", kind)
                    else "",
                )
    else:
        yield from _java(body, _KOTLIN_FIELD if source.suffix == "kt" else _JAVA_FIELD)


def _typescript(body: str) -> Iterator[Field]:
    """Properties under a decorator; lists of others are left out."""
    marks: list[str] = []
    depth = 0
    many = False
    for line in body.split("\n"):
        many = many or "ToMany" in line or "@HasMany" in line
        marks += [f"{found.group(1)} {line[found.end() :]}" for found in _TS_MARK.finditer(line)]
        rest = re.sub(r"^\s*(?:@\w+(?:\([^()]*(?:\([^()]*\)[^()]*)*\))?\s*)+", "", line) if depth == 0 else line
        found = _TS_FIELD.match(rest) if depth == 0 or re.match(r"^\s{0,4}(?:\}\)|\w)", line) else None
        depth = max(0, depth + line.count("(") - line.count(")") + line.count("{") - line.count("}"))
        if marks and depth and line.strip() and not found:
            marks[-1] += " " + line.strip()
        elif found and marks and depth == 0:
            refers = ""
            for mark in marks:
                if (
                    re.match(r"ManyToOne|OneToOne|BelongsTo|ForeignKey|Prop\b", mark)
                    and (target := _TS_TARGET.search(mark))
                    and ("ref" in mark or not mark.startswith("Prop"))
                ):
                    refers = next(part for part in target.groups() if part)
            if not many:
                yield Field(found.group(1), refers)
            marks, many = [], False
        elif found and depth == 0:
            marks, many = [], False


def _java(body: str, pattern: re.Pattern[str]) -> Iterator[Field]:
    """Fields of a Java or Kotlin entity: an association by its annotation, no list of others, nothing static or transient."""
    marks = ""
    kotlin = pattern is _KOTLIN_FIELD
    depth = 0
    for line in body.split("\n"):
        if depth == 0 and " static " not in f" {line}":
            found = (
                pattern.search(line) if kotlin else pattern.match(re.sub(r"^\s*(?:@\w+(?:\([^()]*\))?\s+)+", "", line))
            )
            marks += line if "@" in line or not found else ""
            if found:
                kind, name = (found.group(2), found.group(1)) if kotlin else (found.group(1), found.group(2))
                linked = re.search(r"@(?:ManyToOne|OneToOne|DBRef|JoinColumn)\b", marks)
                if not _COLLECTIONS.search(kind.strip()) and "@Transient" not in marks and "mappedBy" not in marks:
                    yield Field(name, kind.strip().rstrip("?, ") if linked else "")
                marks = ""
        depth = max(0, depth + line.count("{") - line.count("}"))


def exposed(source: Source) -> Iterator[Model]:
    """Table objects of Exposed."""
    for found in _EXPOSED.finditer(source.code):
        fields = [Field("id")] if "IdTable" in found.group(2) else []
        for name, rest in _EXPOSED_FIELD.findall(source.inside(found.start(4))):
            target = re.search(r"\breferences\(?\s*(\w+)|,\s*([A-Z]\w*)(?:\.\w+)?\s*[,)]", rest)
            many = re.search(r"\b(?:PrimaryKey)\b", name)
            fields += (
                []
                if many or name == "primaryKey"
                else [Field(name, (target.group(1) or target.group(2)).removesuffix(".id") if target else "")]
            )
        yield Model(
            found.group(1),
            found.group(3) or snake(found.group(1)),
            distinct(fields),
            source.path,
            source.line(found.start()),
        )


def sets(sources: list[Source]) -> tuple[dict[str, str], dict[str, str]]:
    """Class → table, of EF Core's contexts: each ``DbSet`` and what ``ToTable`` says; and class → the context's file."""
    tables: dict[str, str] = {}
    contexts: dict[str, str] = {}
    for source in sources:
        if "DbSet<" in source.text:
            for name, table in _DBSET.findall(source.code):
                tables.setdefault(name, table)
                contexts.setdefault(name, source.path)
    for source in sources:
        if ".ToTable(" in source.text:
            tables |= {one or other: table for one, other, table in _TO_TABLE.findall(source.code)}
    return tables, contexts


def nearest(models: list[Model], contexts: dict[str, str]) -> list[Model]:
    """Of several classes with the name of a ``DbSet``, the one that lies nearest to its context and is no view of it."""
    best: dict[str, Model] = {}
    for model in models:
        if (known := best.get(model.name)) is None or _near(model, contexts) > _near(known, contexts):
            best[model.name] = model
    return list(best.values())


def _near(model: Model, contexts: dict[str, str]) -> tuple[bool, int]:
    return not _VIEW.search(model.file), len(posixpath.commonprefix([model.file, contexts.get(model.name, "")]))


def net(source: Source, tables: dict[str, str]) -> Iterator[Model]:
    """Classes that a context keeps, or that carry ``[Table]``."""
    for found in _CLASS.finditer(source.bare):
        name = found.group(1)
        mark = _TABLE.search(source.code[max(0, found.start() - 300) : found.start()])
        opening = source.bare.find("{", found.end(), found.end() + 300)
        if opening < 0 or name not in tables and not (mark and "Table" in mark.group()):
            continue
        fields, found_fields = [], _NET_FIELD.findall(source.inside(opening))
        navigations = {one: kind.rstrip("?") for kind, one in found_fields if kind.rstrip("?") in tables}
        for kind, one in found_fields:
            if not _COLLECTIONS.search(kind) and one not in navigations:
                fields.append(Field(one, navigations.get(one.removesuffix("Id"), "") if one.endswith("Id") else ""))
        alone = [
            Field(one, kind) for one, kind in navigations.items() if f"{one}Id" not in {field.name for field in fields}
        ]
        yield Model(
            name,
            mark.group(1) if mark else tables[name],
            distinct([*fields, *alone]),
            source.path,
            source.line(found.start()),
        )


def eloquent(source: Source) -> Iterator[Model]:
    """Eloquent models; the columns are what may be filled, or what the migration creates."""
    for found in _ELOQUENT.finditer(source.code):
        body = source.inside(found.start(3))
        table = _PHP_TABLE.search(body)
        listed = _FILLABLE.search(source.code, found.start(3))
        names = re.findall(r"['\"](\w+)['\"]", source.inside(listed.start(1))) if listed else []
        links = [Field(column or f"{snake(target)}_id", target) for target, column in _BELONGS.findall(body)]
        fields = distinct([*(Field(name) for name in names), *links])
        yield Model(
            found.group(1),
            table.group(1) if table else plural(snake(found.group(1))),
            fields,
            source.path,
            source.line(found.start()),
            partial=True,
        )


def rails(source: Source) -> Iterator[Model]:
    """ActiveRecord classes; their columns are in ``db/schema.rb``."""
    for found in _RAILS.finditer(source.code):
        if found.group(1) == "ApplicationRecord" or "abstract_class = true" in source.text:
            continue
        table = _RAILS_TABLE.search(source.code)
        links = [Field(f"{name}_id", other or plural(name)) for name, other in _RAILS_BELONGS.findall(source.code)]
        line = source.line(source.code.index("class", found.start()))
        yield Model(
            found.group(1),
            table.group(1) if table else plural(snake(found.group(1))),
            distinct(links),
            source.path,
            line,
            partial=True,
        )
