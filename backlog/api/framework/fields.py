"""The building blocks of what comes in and what goes out."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import cache, cached_property
from itertools import islice
from typing import Any, ClassVar, TypeVar

from django.core import validators
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise
from rest_framework import serializers
from rest_framework.validators import ProhibitSurrogateCharactersValidator

from backlog.api.framework import json_objects, rows, shapes
from backlog.api.framework.unknown import refusals
from backlog.db import fields as columns
from backlog.rules import addresses, bounds, text_input

M = TypeVar("M", bound=models.Model)

MOST_UNKNOWN = 20
LONGEST_NAME = 100
OF_ANY_TEXT = (
    validators.MaxLengthValidator,
    validators.ProhibitNullCharactersValidator,
    ProhibitSurrogateCharactersValidator,
)
OUT_OF_WINDOW = _("It lies between {earliest} and {latest}.")
WINDOW = {"earliest": bounds.EARLIEST, "latest": bounds.LATEST}


class Input(serializers.Serializer[Any]):
    """What comes in. A field that does not exist is named, not ignored."""

    default_error_messages = {
        "unknown_field": _("There is no such field here."),
        "more_unknown": _("{count} more that do not exist here."),
    }

    def to_internal_value(self, data: Any) -> Any:
        """As DRF does it, but what is absent is not asked: most of what may be given is not."""
        if not isinstance(data, Mapping):
            return super().to_internal_value(data)
        self._refuse_unknown(data)
        values: dict[str, Any] = {}
        faults: dict[str, Any] = {}
        for name, (field, check) in self._steps.items():
            if name not in data and check is None and not field.required:
                if field.default is not serializers.empty:
                    values[name] = field.get_default()
                continue
            try:
                value = field.run_validation(data.get(name, serializers.empty))
                values[name] = value if check is None else check(value)
            except serializers.ValidationError as fault:
                faults[name] = fault.detail
            except serializers.SkipField:
                continue
        if faults:
            raise serializers.ValidationError(faults)
        return values

    @cached_property
    def _steps(self) -> "dict[str, tuple[serializers.Field[Any, Any, Any, Any], Any]]":
        """Each field with what else is asked of its value; one is kept under its own name."""
        assert all(it.source == name and not it.read_only for name, it in self.fields.items())
        return {
            name: (field, getattr(self, f"validate_{name}", None))
            for name, field in self.fields.items()
        }

    def run_validators(self, value: Any) -> None:
        if self.validators:
            super().run_validators(value)

    def _refuse_unknown(self, data: Mapping[Any, Any]) -> None:
        """However many there are, the first are named, in their order, and the rest is counted."""
        known = self._steps.keys()
        if known >= data.keys():
            return
        count = len(data.keys() - known)
        unknown = (str(name) for name in data if name not in known)
        first = sorted(name[:LONGEST_NAME] for name in islice(unknown, MOST_UNKNOWN))
        refusal = str(self.error_messages["unknown_field"])
        faults: dict[str, Any] = {**refusals(refusal, first, known)}
        if count > MOST_UNKNOWN:
            faults["non_field_errors"] = self.error_messages["more_unknown"].format(
                count=count - MOST_UNKNOWN
            )
        raise serializers.ValidationError(faults, code="unknown_field")


class Several(serializers.ListField):
    """A list with a length, which is looked at before what is in it."""

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        self.most = max_length
        super().__init__(max_length=max_length, **kwargs)

    def to_internal_value(self, data: Any) -> list[Any]:
        if isinstance(data, list) and len(data) > self.most:
            message = self.error_messages["max_length"].format(max_length=self.most)
            raise serializers.ValidationError(message, code="max_length")
        return super().to_internal_value(data)


class ByName(serializers.DictField):
    """Values by name, so many at most; they are counted before they are looked at."""

    default_error_messages = {"too_many": _("At most {most} can be given at once.")}

    def __init__(self, *, most: int, **kwargs: Any) -> None:
        self.most = most
        super().__init__(**kwargs)

    def to_internal_value(self, data: Any) -> dict[str, Any]:
        if isinstance(data, Mapping) and len(data) > self.most:
            self.fail("too_many", most=self.most)
        return dict(super().to_internal_value(data))


class Output(serializers.Serializer[Any]):
    """What goes out where it is no row."""


class Text(serializers.CharField):
    """JSON has numbers of its own; one in the place of a text is a slip."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)

    def run_validators(self, value: Any) -> None:
        """What fits passes them: DRF's look at one character after the other."""
        fits = self.max_length is None or len(value) <= self.max_length
        if not (self._is_plain and fits and text_input.is_storable(value)):
            super().run_validators(value)

    @cached_property
    def _is_plain(self) -> bool:
        return all(isinstance(each, OF_ANY_TEXT) for each in self.validators)


class Email(serializers.EmailField):
    """An address as anybody writes one; kept as all of them are."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=addresses.LONGEST, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        address = addresses.normal(data)
        if address is None:
            self.fail("invalid")
        return address


class SourceNumber(Text):
    """How a source names a person; what is meant as an address must be one."""

    default_error_messages = {"bad_address": _("This looks like an e-mail address, and is none.")}

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=255, **kwargs)

    def to_internal_value(self, data: Any) -> str:
        number = addresses.visible(super().to_internal_value(data))
        if not number:
            self.fail("blank")
        if addresses.normal(number) is None and addresses.is_meant(number):
            self.fail("bad_address")
        return number


class Pattern(Text, serializers.RegexField):
    """A text of one form, which whoever writes it otherwise is told."""

    def __init__(self, regex: str, *, says: StrOrPromise, **kwargs: Any) -> None:
        super().__init__(regex, error_messages={"invalid": says}, **kwargs)


class Flag(serializers.BooleanField):
    """true or false, and not one of the many words that forms use for them."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class _Decimal(serializers.DecimalField):
    """Between the ends of its digits, unless others are given."""

    def __init__(self, max_digits: int, decimal_places: int, **kwargs: Any) -> None:
        most = bounds.largest(max_digits, decimal_places)
        super().__init__(
            max_digits, decimal_places, **{"min_value": -most, "max_value": most, **kwargs}
        )


class Amount(_Decimal):
    """Money: a decimal text, which no client rounds on its way."""

    def to_internal_value(self, data: Any) -> Decimal:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(_Decimal):
    """Taken as a JSON number, or as a decimal text where its digits matter."""


class Moment(serializers.DateTimeField):
    """RFC 3339; out in UTC, in with any offset but never without one, and within the window."""

    default_error_messages = {
        "no_offset": _("Give the time with its offset, as in …Z or …+09:00."),
        "out_of_window": OUT_OF_WINDOW,
    }

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(default_timezone=UTC, **kwargs)

    def to_representation(self, value: Any) -> Any:
        if isinstance(value, datetime) and value.tzinfo is UTC:  # As all come from the database.
            return f"{value.isoformat()[: -len('+00:00')]}Z"
        return super().to_representation(value)

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        if not bounds.EARLIEST_MOMENT <= moment <= bounds.LATEST_MOMENT:
            self.fail("out_of_window", **WINDOW)
        return moment

    def enforce_timezone(self, value: datetime) -> datetime:
        if timezone.is_naive(value):
            self.fail("no_offset")
        return super().enforce_timezone(value)


class Happened(Moment):
    """A fact: it may not be yet to come."""

    default_error_messages = {
        "in_the_future": _("That is yet to come. Is the clock, or its offset, right?")
    }

    def to_internal_value(self, value: Any) -> datetime:
        moment = super().to_internal_value(value)
        if bounds.is_ahead(moment, timezone.now()):
            self.fail("in_the_future")
        return moment


class Day(serializers.DateField):
    """A date within the window."""

    default_error_messages = {"out_of_window": OUT_OF_WINDOW}

    def to_internal_value(self, value: Any) -> date:
        day = super().to_internal_value(value)
        if not bounds.EARLIEST <= day <= bounds.LATEST:
            self.fail("out_of_window", **WINDOW)
        return day


def of(
    model: type[models.Model], name: str, *, kind: type[_Decimal] = Number, **options: Any
) -> Any:
    """The field for what will be stored in this column, with the column's own ends."""
    column: Any = model._meta.get_field(name)  # noqa: SLF001 -- Django's documented API
    match column:
        case columns.DecimalField():
            digits = {"max_digits": column.max_digits, "decimal_places": column.decimal_places}
            return kind(**digits, **options)
        case columns.Whole():
            ends = {"min_value": column.min_value, "max_value": column.max_value}
            return serializers.IntegerField(**{**ends, **options})
        case models.CharField() | models.TextField():
            return Text(max_length=column.max_length, **options)
        case columns.JSONField():
            return json_objects.JsonObject(max_size=column.max_size, **options)
        case _:
            raise TypeError(column)


class Read(serializers.ModelSerializer[M]):
    """What goes out: listed fields of one row, nothing written through it.

    What depends on who reads is a `ComputedForReader`, or a row `hidden_without` a permission.
    """

    hidden_without: ClassVar[str] = ""
    """A permission without which the rows that others point to are null."""

    serializer_field_mapping = {
        **serializers.ModelSerializer.serializer_field_mapping,
        models.DateTimeField: Moment,
    }

    def to_representation(self, instance: Any) -> Any:
        if self.is_hidden(self.context):
            return None
        (shown,) = self.shape().shown(rows.AtHand([instance]), self.context)
        return shown

    @classmethod
    def is_hidden(cls, context: rows.Context) -> bool:
        """Whether null stands in the place of such a row, for whoever asks."""
        needed = cls.hidden_without
        return bool(needed) and not context["request"].user.has_perm(needed)

    @classmethod
    @cache
    def shape(cls, prefix: str = "") -> rows.Shape:
        """How its rows are read and shown; see `rows`."""
        return shapes.shape_of(cls(), prefix)


class Computed(serializers.Field[Any, Any, Any, Any]):
    """What `by` makes `of` columns of the row, ready to be written; `shape` describes it."""

    def __init__(
        self,
        shape: serializers.Field[Any, Any, Any, Any],
        *,
        of: Sequence[str],
        by: Callable[..., Any],
    ) -> None:
        self.inner, self.of, self.by = shape, of, by
        super().__init__(source="*")

    def part(self, prefix: str) -> rows.Part:
        paths = tuple(prefix + path for path in self.columns())
        return shapes.made(self.inner, str(self.field_name), paths, self.maker)

    def columns(self) -> Sequence[str]:
        return self.of

    def maker(self, context: rows.Context) -> Callable[..., Any]:
        return self.by

    def to_representation(self, row: models.Model) -> Any:
        (shown,) = self.part("").shown(rows.AtHand([row]), self.context)
        return shown


class ComputedForReader(Computed):
    """The same, where it depends on what its reader may do: `by` gets their `has_perm` last."""

    def maker(self, context: rows.Context) -> Callable[..., Any]:
        may = context["request"].user.has_perm
        return lambda *values: self.by(*values, may)


class Value(Output):
    """A computed number with its bounds; without a value while nobody has assessed."""

    value = serializers.FloatField(source="middle", allow_null=True)
    low = serializers.FloatField(allow_null=True)
    high = serializers.FloatField(allow_null=True)


class StoredValue(Computed):
    """A value that a row keeps in three columns: its name, `…_low` and `…_high`."""

    def __init__(self) -> None:
        super().__init__(Value(), of=("", "_low", "_high"), by=with_bounds)

    def columns(self) -> Sequence[str]:
        return [f"{self.field_name}{end}" for end in self.of]


def with_bounds(
    value: float | None, low: float | None, high: float | None
) -> dict[str, float | None]:
    return {"value": value, "low": low, "high": high}


class TextByLanguage(Input):
    """The same words for readers of each language; at least one of the two."""

    ko = Text(required=False, allow_blank=True, max_length=bounds.MESSAGE)
    en = Text(required=False, allow_blank=True, max_length=bounds.MESSAGE)
