"""What a rule-based reading of a brief holds: every fact with the passages it came from, and what people settled about it."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from ..brief import Passage


@dataclass(frozen=True)
class Ruling:
    """What people settled about a brief.

    Attributes:
        classes: (passage id, class) as corrected, classes as in :data:`planning_kit.facts.CLASSES`.
        answers: what was answered or assumed, as passages called ``Q2`` or ``A2``.
    """

    classes: tuple[tuple[str, str], ...] = ()
    answers: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Found:
    """A route or model that the codebase has already.

    Attributes:
        name: the model's name, or the route's method and path (``GET /orders/{id}``).
        table: a model's table; empty for a route.
        fields: the names of a model's columns.
        does: what a route calls (``orders.read_order``).
        evidence: ``path:line``.
        key: a model's type of key: ``uuid`` where it is shown, else ``integer``.
    """

    name: str
    evidence: str
    table: str = ""
    fields: tuple[str, ...] = ()
    does: str = ""
    key: str = "integer"


@dataclass(frozen=True)
class Existing:
    """What a digest of the codebase lists: its ``routes`` and its ``models``, and the ``prefix`` most of its paths share (``/api/v2``)."""

    routes: tuple[Found, ...] = ()
    models: tuple[Found, ...] = ()
    prefix: str = ""


@dataclass(frozen=True)
class Field:
    """One property of an entity or message.

    Attributes:
        name: snake_case, or exactly as the brief spells it when the brief names it outright.
        type: string, text, integer, number, boolean, date, date-time, email, uri, uuid or json.
        required: whether it must be present.
        meaning: a few words.
        sources: passage ids (``P17``, ``R1`` for a reviewer's remark, ``Q2`` or ``A2`` for an answer); empty when assumed.
        values: the only values allowed, if the brief lists them.
        example: a value from the brief, if it gives one.
        references: the entity whose key this is, if it is a foreign key.
        personal: the category of personal data it is (``contact``, ``credential``, ``health`` …), or empty.
        longest: most characters it may have; 0 when the brief sets no limit.
        least: the smallest number allowed, as written, or empty.
        most: the largest number allowed, as written, or empty.
        unique: whether the brief says no two records share it.
    """

    name: str
    type: str = "string"
    required: bool = True
    meaning: str = ""
    sources: tuple[str, ...] = ()
    values: tuple[str, ...] = ()
    example: str = ""
    references: str = ""
    personal: str = ""
    longest: int = 0
    least: str = ""
    most: str = ""
    unique: bool = False


@dataclass(frozen=True)
class Entity:
    """A thing the system keeps: ``name`` in PascalCase singular, ``table`` in snake_case plural.

    ``stated`` says whether the brief names it as a table, schema or managed thing, or it was inferred from recurring nouns.
    ``fields`` leave out the surrogate key and timestamps, which the data model adds itself, unless the brief names them.
    """

    name: str
    table: str
    meaning: str
    fields: tuple[Field, ...]
    sources: tuple[str, ...]
    stated: bool = True


@dataclass(frozen=True)
class Relationship:
    """``parent`` has ``cardinality`` (``one-to-many``, ``one-to-one``, ``many-to-many``) ``child``."""

    parent: str
    child: str
    cardinality: str
    label: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Parameter:
    """A parameter of an operation; ``place`` is path, query or header."""

    name: str
    place: str
    type: str
    required: bool
    meaning: str
    sources: tuple[str, ...]
    values: tuple[str, ...] = ()


@dataclass(frozen=True)
class Response:
    """One response: ``media`` is its content type, ``schema`` an entity's name or empty, ``many`` a list of it, ``fields`` its own fields otherwise."""

    status: int
    meaning: str
    media: str = "application/json"
    schema: str = ""
    many: bool = False
    fields: tuple[Field, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Operation:
    """One operation of the API.

    Attributes:
        id: camelCase, unique: the OpenAPI ``operationId``.
        method: GET, POST, PUT, PATCH or DELETE.
        path: as the brief gives it, or derived; path parameters in braces.
        purpose: a few words.
        entity: the entity it works on, or empty.
        parameters: path, query and header parameters.
        body: fields of the request body; empty for none.
        body_schema: the schema's name when the brief names one or the body is an entity's, else empty.
        responses: at least one success.
        auth: ``none``, ``bearer`` or ``open`` (the brief does not say: an open question).
        roles: actors allowed, if the brief says.
        sources: passage ids.
        stated: whether the brief names method and path outright.
    """

    id: str
    method: str
    path: str
    purpose: str
    entity: str = ""
    parameters: tuple[Parameter, ...] = ()
    body: tuple[Field, ...] = ()
    body_schema: str = ""
    responses: tuple[Response, ...] = ()
    auth: str = "open"
    roles: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    stated: bool = False


@dataclass(frozen=True)
class Actor:
    """Somebody or something that uses the system, singular, as the brief names it."""

    name: str
    description: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Statement:
    """A sentence that asks for something; ``strength`` is must, should or may; ``area`` is functional, quality, constraint or exclusion."""

    text: str
    strength: str
    area: str
    source: str


@dataclass(frozen=True)
class Quantity:
    """A number with its unit as written (``200 ms``, ``99.9 %``, ``10,000 users``), ``value`` and ``unit`` apart, and the words around it."""

    text: str
    value: float
    unit: str
    about: str
    source: str


@dataclass(frozen=True)
class Named:
    """A thing the brief names: an integration, a technology, a regulation, a job or an event; ``kind`` says which sort."""

    name: str
    kind: str
    meaning: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Personal:
    """A personal data element: ``sensitivity`` is ordinary, confidential or special (GDPR Art. 9)."""

    element: str
    category: str
    sensitivity: str
    where: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Question:
    """What the brief is silent about; ``area`` is api, data, technology, security or compliance; ``assumed`` is what the draft does meanwhile."""

    area: str
    text: str
    assumed: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """Everything the rules found in a brief.

    Attributes:
        interface: what the brief describes: ``http``, ``command line``, ``library`` or ``unstated``.
        version: an API version or base path the brief names, or empty.
        signin: the means of sign-in the brief names, by kind of OpenAPI security scheme, ``saml`` or ``sso``.
    """

    title: str
    passages: tuple[Passage, ...]
    interface: str
    actors: tuple[Actor, ...]
    entities: tuple[Entity, ...]
    relationships: tuple[Relationship, ...]
    operations: tuple[Operation, ...]
    statements: tuple[Statement, ...]
    quantities: tuple[Quantity, ...]
    integrations: tuple[Named, ...]
    technologies: tuple[Named, ...]
    regulations: tuple[Named, ...]
    jobs: tuple[Named, ...]
    events: tuple[Named, ...]
    personal: tuple[Personal, ...]
    questions: tuple[Question, ...]
    version: str = ""
    signin: tuple[Named, ...] = ()

    @property
    def served(self) -> bool:
        """Whether it answers over HTTP, and is no program or library that somebody else starts."""
        return self.interface not in ("command line", "library")

    @cached_property
    def by_id(self) -> dict[str, Passage]:
        """Passages by id."""
        return {passage.id: passage for passage in self.passages}

    def entity(self, name: str) -> Entity | None:
        """The entity called ``name``, if there is one."""
        return next((entity for entity in self.entities if entity.name == name), None)
