"""Columns with ends: every text has a length, every number and moment bounds.

They are declared here once and hold everywhere: forms, serializers and the importer read them off
the column, as its validators and attributes, and the database refuses what came past them.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime, tzinfo
from typing import Any, ClassVar, TypeVar

from django.conf import settings
from django.core import checks, validators
from django.core.exceptions import ValidationError
from django.db import models
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils import timezone
from django.utils.deconstruct import deconstructible
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from backlog.rules import bounds, rank_keys, search, time_zones

_ST = TypeVar("_ST", contravariant=True)  # noqa: PLC0105 -- as in Django's stubs
_GT = TypeVar("_GT", covariant=True)  # noqa: PLC0105


def ends(model: type[models.Model], name: str) -> dict[str, Any]:
    """What a field of a form takes to have the ends of this column."""
    column = model._meta.get_field(name)  # noqa: SLF001 -- Django's documented API
    names = ["max_length", "max_digits", "decimal_places"]
    if not isinstance(column, models.DateField):
        names += ["min_value", "max_value"]
    known = {name: getattr(column, name, None) for name in names}
    return {name: value for name, value in known.items() if value is not None}


class Bounded(models.Field[_ST, _GT]):
    """Adds to the column a check of what its type alone would let through."""

    def bounds_sql(self, column: str, vendor: str) -> str:
        """What must be true of the (quoted) column; empty where its type says it already."""
        raise NotImplementedError

    def db_check(self, connection: BaseDatabaseWrapper) -> str | None:
        own = self.bounds_sql(connection.ops.quote_name(str(self.column)), connection.vendor)
        return " AND ".join(filter(None, [super().db_check(connection), own])) or None


class CharField(Bounded[_ST, _GT], models.CharField[_ST, _GT]):
    """A line. SQLite does not count the characters of a varchar by itself."""

    def bounds_sql(self, column: str, vendor: str) -> str:
        return "" if vendor == "postgresql" else f"length({column}) <= {self.max_length}"


class SlugField(CharField[_ST, _GT], models.SlugField[_ST, _GT]):
    """A key for addresses."""


class EmailField(CharField[_ST, _GT], models.EmailField[_ST, _GT]):
    """An e-mail address."""


class TextField(Bounded[_ST, _GT], models.TextField[_ST, _GT]):
    """A text of several lines, with a length; to Django it would be one of the form alone."""

    @cached_property
    def validators(self) -> list[Any]:
        assert self.max_length is not None
        return [*super().validators, validators.MaxLengthValidator(self.max_length)]

    def bounds_sql(self, column: str, vendor: str) -> str:
        return f"length({column}) <= {self.max_length}"


class BinaryField(Bounded[_ST, _GT], models.BinaryField[_ST, _GT]):
    """Bytes, up to a number of them."""

    def bounds_sql(self, column: str, vendor: str) -> str:
        return f"length({column}) <= {self.max_length}"


def size(value: Any) -> int:
    """The characters of a value written down as JSON."""
    return len(json.dumps(value, ensure_ascii=False, default=str))


@deconstructible
class MaxSizeValidator:
    """For JSON: so many characters when written down, however nested."""

    def __init__(self, size: int) -> None:
        self.size = size

    def __call__(self, value: Any) -> None:
        if size(value) > self.size:
            raise ValidationError(
                _("It is too large: at most %(size)d characters."),
                code="too_large",
                params={"size": self.size},
            )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, MaxSizeValidator) and other.size == self.size

    __hash__ = None  # type: ignore[assignment]


class JSONField(models.JSONField):
    """JSON of a size; how the databases write it differs, so that they do not count along."""

    def __init__(self, *args: Any, max_size: int, **kwargs: Any) -> None:
        self.max_size = max_size
        super().__init__(*args, **kwargs)

    @cached_property
    def validators(self) -> list[Any]:
        return [*super().validators, MaxSizeValidator(self.max_size)]

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "max_size": self.max_size}


@deconstructible
class MaxLengthOfEach:
    """For texts by language: so many characters in each."""

    def __init__(self, max_length: int) -> None:
        self.max_length = max_length

    def __call__(self, value: Any) -> None:
        longest = max((len(str(text)) for text in dict(value or {}).values()), default=0)
        if longest > self.max_length:
            raise ValidationError(
                _("At most %(length)d characters in each language."),
                code="max_length",
                params={"length": self.max_length},
            )


class TextByLanguageField(JSONField):
    """`{"ko": …, "en": …}`, each up to `max_length` characters."""

    def __init__(self, *args: Any, max_length: int, **kwargs: Any) -> None:
        kwargs.pop("max_size", None)
        super().__init__(*args, max_size=20 * max_length, max_length=max_length, **kwargs)

    @cached_property
    def validators(self) -> list[Any]:
        assert self.max_length is not None
        return [*super().validators, MaxLengthOfEach(self.max_length)]


class _Number(Bounded[_ST, _GT]):
    """`min_value` and `max_value` are what forms and serializers ask for."""

    min_value: Any
    max_value: Any

    @cached_property
    def validators(self) -> list[Any]:
        return [
            *super().validators,
            validators.MinValueValidator(self.min_value),
            validators.MaxValueValidator(self.max_value),
        ]

    def bounds_sql(self, column: str, vendor: str) -> str:
        within = f"{column} BETWEEN {self.min_value:f} AND {self.max_value:f}"
        # To SQLite any text is larger than any number, unless it is asked for what it is.
        return within if vendor == "postgresql" else f"typeof({column}) <> 'text' AND {within}"


class DecimalField(_Number[_ST, _GT], models.DecimalField[_ST, _GT]):
    """A decimal that SQLite keeps to the last digit, too: it has fifteen at most."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.max_value = bounds.largest(self.max_digits, self.decimal_places)
        self.min_value = -self.max_value

    def check(self, **kwargs: Any) -> list[Any]:
        found = super().check(**kwargs)
        if self.max_digits > bounds.MOST_DIGITS:
            found.append(checks.Error("SQLite would not keep all digits.", obj=self))
        return found

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """With its ends, so that browsers know them."""
        return super().formfield(
            *args, **{"min_value": self.min_value, "max_value": self.max_value, **kwargs}
        )


class FloatField(_Number[_ST, _GT], models.FloatField[_ST, _GT]):
    """A computed number; neither infinite nor “not a number”, which no JSON can say."""

    min_value = -bounds.FLOAT
    max_value = bounds.FLOAT

    def bounds_sql(self, column: str, vendor: str) -> str:
        return f"{column} BETWEEN {self.min_value} AND {self.max_value}"


class Whole(_Number[_ST, _GT]):
    min_value = 0

    def formfield(self, *args: Any, **kwargs: Any) -> Any:
        """With its ends, so that browsers know them."""
        ends = {} if self.choices else {"min_value": self.min_value, "max_value": self.max_value}
        return super().formfield(*args, **{**ends, **kwargs})

    def bounds_sql(self, column: str, vendor: str) -> str:
        return f"{column} BETWEEN {self.min_value} AND {self.max_value}"


class PositiveSmallIntegerField(Whole[_ST, _GT], models.PositiveSmallIntegerField[_ST, _GT]):
    max_value = bounds.SMALL


class PositiveIntegerField(Whole[_ST, _GT], models.PositiveIntegerField[_ST, _GT]):
    max_value = bounds.WHOLE


class PositiveBigIntegerField(Whole[_ST, _GT], models.PositiveBigIntegerField[_ST, _GT]):
    max_value = bounds.BIG


class BigIntegerField(Whole[_ST, _GT], models.BigIntegerField[_ST, _GT]):
    min_value = -bounds.BIG
    max_value = bounds.BIG


class SmallIntegerField(Whole[_ST, _GT], models.SmallIntegerField[_ST, _GT]):
    min_value = -bounds.SMALL
    max_value = bounds.SMALL


class _InTheWindow(_Number[_ST, _GT]):
    """Between the ends within which every database, time zone and calendar can show it."""

    written: ClassVar[str]

    def bounds_sql(self, column: str, vendor: str) -> str:
        ends = [f"{each:{self.written}}" for each in (self.min_value, self.max_value)]
        if vendor == "postgresql" and isinstance(self.min_value, datetime):
            ends = [f"{end}+00" for end in ends]
        return f"{column} BETWEEN '{ends[0]}' AND '{ends[1]}'"


class DateTimeField(_InTheWindow[_ST, _GT], models.DateTimeField[_ST, _GT]):
    """A moment. One that `is_past` is a fact that somebody reports: it cannot be yet to come."""

    min_value: datetime = bounds.EARLIEST_MOMENT
    max_value: datetime = bounds.LATEST_MOMENT
    written = "%Y-%m-%d %H:%M:%S"

    def __init__(self, *args: Any, is_past: bool = False, **kwargs: Any) -> None:
        self.is_past = is_past
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, **({"is_past": True} if self.is_past else {})}


class DateField(_InTheWindow[_ST, _GT], models.DateField[_ST, _GT]):
    """A day."""

    min_value: date = bounds.EARLIEST
    max_value: date = bounds.LATEST
    written = "%Y-%m-%d"


class RankField(CharField[str | None, str | None]):
    """A position key that both databases order by byte value.

    SQLite compares bytes by itself. PostgreSQL compares by language unless told otherwise, and
    would sort "a" before "B"; SQLite refuses a plain `db_collation="C"`, hence the override.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", rank_keys.MAX_LENGTH)
        super().__init__(*args, **kwargs)

    def db_parameters(self, connection: BaseDatabaseWrapper) -> dict[str, str | None]:
        parameters = super().db_parameters(connection)
        if connection.vendor == "postgresql":
            parameters["collation"] = "C"
        return parameters


def installation_zone() -> str:
    """The name of the zone of who has not said theirs."""
    return settings.TIME_ZONE


def _check_zone(name: str) -> None:
    if not time_zones.is_known(name):
        raise ValidationError(_("There is no such time zone."), code="unknown")


class ZoneField(CharField[str, str]):
    """The name of somebody's time zone. One that no clock knows is refused."""

    default_validators = [_check_zone]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", 64)
        kwargs.setdefault("default", installation_zone)
        super().__init__(*args, **kwargs)


def clock_of(zone: str) -> tzinfo:
    """Its clock; the installation's where this machine does not know it, as another one did."""
    return time_zones.clock(zone, otherwise=timezone.get_default_timezone())


class SearchField(TextField[str, str]):
    """Other columns of the row in the form that search compares.

    Computed whenever the row is saved, so that it can be neither forgotten nor given; databases
    fold texts by rules of their own, hence by ours. The row's model must be `Searched`.
    """

    def __init__(self, *of: str, **kwargs: Any) -> None:
        self.of = of
        super().__init__(
            **{"max_length": bounds.RECORD, **kwargs, "editable": False, "default": ""}
        )

    def deconstruct(self) -> Any:
        name, path, _args, kwargs = super().deconstruct()
        del kwargs["editable"], kwargs["default"], kwargs["max_length"]
        return name, path, list(self.of), kwargs

    def folded(self, read: Callable[[str], Any]) -> str:
        """What search compares of a row, of which `read` gives a column."""
        return search.folded(*(text for name in self.of for text in _texts(read(name))))

    def pre_save(self, model_instance: models.Model, add: bool) -> str:  # noqa: FBT001
        text = self.folded(lambda name: getattr(model_instance, name))
        setattr(model_instance, self.attname, text)
        return text


def _texts(value: Any) -> Iterable[str]:
    """The value, or what it says in each language."""
    return value.values() if isinstance(value, dict) else [value or ""]


class Searched(models.Model):
    """A noun that is looked for by words: has a SearchField called `search_text`."""

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        if update_fields is not None:
            field = self._search_field()
            update_fields = set(update_fields)
            if update_fields.intersection(field.of):
                update_fields.add(field.name)
        super().save(*args, update_fields=update_fields, **kwargs)

    def folded(self, changes: Mapping[str, Any]) -> str:
        """What its `search_text` is with these changes: for who updates past `save()`."""
        return self._search_field().folded(
            lambda name: changes[name] if name in changes else getattr(self, name)
        )

    def _search_field(self) -> SearchField:
        field = self._meta.get_field("search_text")
        assert isinstance(field, SearchField)
        return field
