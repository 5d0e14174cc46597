"""Elements of a file: objects with a table of fields, from which everything else follows.

One ``Field`` gives a value's name in the file and inside, its kind, its default and its meaning.
Reading, writing, the JSON Schema and the page ``docs/problem.md`` come from these tables alone.
"""

import difflib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import combinations
from typing import Any

from instances.fields.containers import refuse_duplicates
from instances.fields.kinds import Kind, Schema
from instances.fields.place import INVALID, Place


class _Required:
    """The type of REQUIRED."""


REQUIRED = _Required()


class _Empty:
    """The type of EMPTY."""


NO_START = datetime(2000, 1, 1, tzinfo=UTC)
"""For writing defaults, none of which is an instant."""

EMPTY = _Empty()
"""The default of an element that is read as if it stood there without any field."""


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an element.

    name: in the file. inside: name of the value inside; "" spreads an element's values over its
    parent. default: inside value of a field left out (REQUIRED: must be there). meaning: for the
    page. default_text: the default said to people, where its value does not say it. estimate:
    whether the default is plant data to be replaced; the writer then writes it all the same.
    null: whether null means the default, as it does where that is None.
    """

    name: str
    inside: str
    kind: Kind
    meaning: str
    default: Any = REQUIRED
    default_text: str = ""
    estimate: bool = False
    null: bool = False

    @property
    def nullable(self) -> bool:
        """Whether null may stand for a value left out."""
        return self.null or self.default is None

    def schema(self) -> Schema:
        """Return the value's JSON Schema with meaning and default."""
        schema = self.kind.schema()
        if self.nullable:
            schema = {"anyOf": [schema, {"type": "null"}]}
        if self.has_plain_default:
            schema = {**schema, "default": self.kind.write(self.default, NO_START)}
        return {**schema, "description": self.meaning}

    @property
    def has_plain_default(self) -> bool:
        """Whether a value, and not a text, says the default."""
        nothing = self.default in (None, REQUIRED, EMPTY)
        return not nothing and not self.default_text

    def default_for_people(self) -> str:
        """Return the default as the page tells it."""
        if self.default is REQUIRED:
            return "*required*"
        if not self.has_plain_default:
            return self.default_text or "none"
        value = self.kind.write(self.default, NO_START)
        text = str(value).lower() if isinstance(value, bool) else f"{value}" or '""'
        return f"{text} *(estimate)*" if self.estimate else text


@dataclass(frozen=True, slots=True)
class OneOf:
    """At most one of some fields may be given, or exactly one where one is ``needed``."""

    names: tuple[str, ...]
    needed: bool = False

    def schemas(self) -> list[Schema]:
        """Return the JSON Schemas that say so; null counts as not given."""
        given = {name: {"not": {"type": "null"}} for name in self.names}
        present: list[Schema] = [
            {"required": [name], "properties": {name: given[name]}} for name in self.names
        ]
        pairs = combinations(present, 2)
        excluded: list[Schema] = [{"not": {"allOf": list(pair)}} for pair in pairs]
        return [*excluded, {"anyOf": present}] if self.needed else excluded


def _as_is(**values: Any) -> dict[str, Any]:
    return values


def _as_it_is(value: Any) -> Any:
    return value


def no_check(inside: Mapping[str, Any], place: Place) -> bool:
    """Find no fault between fields."""
    return True


def _attribute(value: Any, name: str) -> Any:
    return value[name] if isinstance(value, Mapping) else getattr(value, name)


@dataclass(frozen=True, slots=True)
class Element:
    """A JSON object with known fields.

    make: turns the fields' inside values into what ``read`` returns. parts: its inverse, by
    default the attributes of that. check: reports faults between fields, returns whether none.
    """

    name: str
    meaning: str
    fields: tuple[Field, ...]
    make: Callable[..., Any] = _as_is
    parts: Callable[[Any], Any] = _as_it_is
    one_of: tuple[OneOf, ...] = ()
    check: Callable[[Mapping[str, Any], Place], bool] = no_check

    def read(self, value: Any, place: Place) -> Any:
        """Return what ``make`` builds, or report every fault inside and return INVALID."""
        if not isinstance(value, Mapping):
            return place.refuse("not_an_object", value, "an object is expected", self.text())
        place = self._named(value, place)
        refuse_duplicates(value, place)
        self._refuse_unknown(value, place)
        inside: dict[str, Any] = {}
        sound = self._one_of_each(value, place)
        for field in self.fields:
            result = self._field(field, value, place)
            sound = sound and result is not INVALID
            if field.inside:
                inside[field.inside] = result
            elif result is not INVALID:
                inside.update(result)
        return self.make(**inside) if sound and self.check(inside, place) else INVALID

    def _named(self, value: Mapping[str, Any], place: Place) -> Place:
        """Return ``place``, which an order's issues carry the id of."""
        order = value.get("id")
        if self.name == "order" and isinstance(order, str):
            return Place(place.report, place.path, order[:64])
        return place

    def _field(self, field: Field, value: Mapping[str, Any], place: Place) -> Any:
        """Return the field's inside value: read, or its default."""
        if field.name not in value:
            if field.default is REQUIRED:
                detail = f"'{field.name}' is missing"
                return (place / field.name).refuse(
                    "missing", None, detail, field.kind.text(), "add it"
                )
            empty = field.default is EMPTY
            return field.kind.read({}, place / field.name) if empty else field.default
        if value[field.name] is None and field.nullable:
            return field.default
        return field.kind.read(value[field.name], place / field.name)

    def _one_of_each(self, value: Mapping[str, Any], place: Place) -> bool:
        """Report groups of fields of which too many or none are given."""
        sound = True
        for group in self.one_of:
            given = [name for name in group.names if value.get(name) is not None]
            choices = " or ".join(f"'{name}'" for name in group.names)
            if len(given) > 1:
                detail = f"{' and '.join(given)} exclude each other"
                place.refuse("conflicting_fields", value, detail, f"one of {choices}")
            elif group.needed and not given:
                place.refuse("missing", value, f"{choices} is missing", hint="add one of them")
            sound = sound and len(given) <= 1 and (bool(given) or not group.needed)
        return sound

    def _refuse_unknown(self, value: Mapping[str, Any], place: Place) -> None:
        names = [field.name for field in self.fields]
        for key in value:
            if key not in names:
                near = difflib.get_close_matches(key[:64], names, 1)
                hint = f"did you mean '{near[0]}'?" if near else f"known are {', '.join(names)}"
                detail = f"{self.text()} has no such field"
                (place / key[:64]).refuse("unknown_field", key, detail, hint=hint)

    def write(self, value: Any, start: datetime) -> dict[str, Any]:
        """Return the JSON object, without fields that have their (neutral) default."""
        tree: dict[str, Any] = {}
        parts = self.parts(value)
        for field in self.fields:
            part = _attribute(parts, field.inside) if field.inside else parts
            if part is None or (part == field.default and not field.estimate):
                continue
            written = field.kind.write(part, start)
            if written != {} or field.default is not EMPTY:
                tree[field.name] = written
        return tree

    def schema(self) -> Schema:
        """Return a reference to this element's definition."""
        return {"$ref": f"#/$defs/{self.name}"}

    def definition(self) -> Schema:
        """Return the object's own schema."""
        required = [field.name for field in self.fields if field.default is REQUIRED]
        schema: Schema = {
            "type": "object",
            "description": self.meaning,
            "properties": {field.name: field.schema() for field in self.fields},
            "additionalProperties": False,
        }
        rules = [rule for group in self.one_of for rule in group.schemas()]
        schema |= {"required": required} if required else {}
        return schema | ({"allOf": rules} if rules else {})

    def text(self) -> str:
        """Return what it is called."""
        return f"object '{self.name}'"
