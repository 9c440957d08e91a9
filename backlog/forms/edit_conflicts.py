"""Forms over what is there already: none takes back, without a word, what somebody else saved.

A form carries a digest of each value that it was shown with. Where one of them is another by now,
it is refused, says what it is now, keeps what was typed, and can be sent again knowingly.
"""

import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Final

from django import forms
from django.db.models import Model
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from backlog.rules import names

if TYPE_CHECKING:
    from django.forms import BaseForm
else:
    BaseForm = object

NAME: Final = "shown_as"


class _ShownAs(forms.CharField):
    """Always says how things are now: who was told of a change sends the next form knowing it."""

    def bound_data(self, data: Any, initial: Any) -> Any:  # noqa: ARG002 -- Django's signature
        return initial


class Guarded(BaseForm):
    """Mix it into a form; the field `shown_as` must be rendered with the others."""

    must_say_what_it_was_shown_with = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # Without an id: nothing refers to it, and a page may have several such forms.
        unnamed = forms.HiddenInput(attrs={"id": False})
        self.fields[NAME] = _ShownAs(required=False, widget=unnamed)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField):
                field.bound_data = _rows_alone  # type: ignore[method-assign]

    def version_now(self) -> int | None:
        """Of the row that is edited, if it has versions."""
        return None

    @property
    def version_shown(self) -> int | None:
        """What the operation compares under its lock."""
        version = self._shown().get("version")
        return version if isinstance(version, int) else None

    def get_initial_for_field(self, field: forms.Field, field_name: str) -> Any:
        if field_name != NAME:
            return super().get_initial_for_field(field, field_name)
        values = {name: digest(value) for name, value in self._values_now()}
        return json.dumps({"version": self.version_now(), "values": values})

    def clean(self) -> dict[str, Any] | None:
        super().clean()
        self.cleaned_data.pop(NAME, None)
        self._refuse_if_changed()
        return self.cleaned_data

    def _refuse_if_changed(self) -> None:
        shown = self._shown().get("values")
        if not isinstance(shown, dict):
            if self.must_say_what_it_was_shown_with:
                self.add_error(None, _("Open this page again: it does not say what it showed."))
            return
        changed = [name for name, _value in self._values_now() if self._is_another(name, shown)]
        for name in changed:
            self._say_what_it_is_now(name, is_untouched=self._is_untouched(name, shown))
        if changed:
            fields = ", ".join(str(self.fields[name].label or name) for name in changed)
            self.add_error(
                None,
                _(
                    "Somebody has changed this meanwhile: %(fields)s. What you typed is kept; "
                    "save again if it is to stand."
                )
                % {"fields": fields},
            )

    def _is_another(self, name: str, shown: Mapping[str, object]) -> bool:
        """Neither as it was shown nor as it was typed: who typed what is there wants nothing."""
        now = digest(self._value_now(name))
        return name in shown and now not in (shown[name], self._typed(name))

    def _is_untouched(self, name: str, shown: Mapping[str, object]) -> bool:
        return self._typed(name) == shown[name]

    def _typed(self, name: str) -> str | None:
        return digest(self.cleaned_data[name]) if name in self.cleaned_data else None

    def _say_what_it_is_now(self, name: str, *, is_untouched: bool) -> None:
        field = self.fields[name]
        now = self._value_now(name)
        if is_untouched:
            # Sent again as it was shown first, it would take the other change back.
            field.bound_data = _as_it_is  # type: ignore[method-assign]
        self.add_error(name, _("By now it is: %(value)s") % {"value": _readable(field, now)})

    def _values_now(self) -> Iterable[tuple[str, Any]]:
        return [(name, self._value_now(name)) for name in self.fields if name != NAME]

    def _value_now(self, name: str) -> Any:
        return super().get_initial_for_field(self.fields[name], name)

    def _shown(self) -> dict[str, Any]:
        try:
            shown = json.loads(self.data.get(self.add_prefix(NAME), ""))
        except ValueError:
            return {}
        return shown if isinstance(shown, dict) else {}


def _rows_alone(data: Any, initial: Any) -> Any:  # noqa: ARG001 -- Django's signature
    """A picker that is shown again looks its rows up, and stumbles over what is no number."""
    if isinstance(data, list):
        return [each for each in data if names.number(str(each)) is not None]
    return data if names.number(str(data)) is not None else None


def _as_it_is(data: Any, initial: Any) -> Any:  # noqa: ARG001 -- Django's signature
    return initial


def digest(value: Any) -> str:
    """What stands in a page for a value, to be compared with."""
    # Keyed, for it stands in a page: nobody is to guess from it what a field held.
    return salted_hmac(
        "backlog.forms.edit_conflicts", _plain(value), algorithm="sha256"
    ).hexdigest()[:16]


def _plain(value: Any) -> str:
    """The same for a value as it is kept and as a form gives it back."""
    match value:
        case None | "" | False:
            plain = ""
        case Model():
            plain = str(value.pk)
        case str():
            plain = " ".join(value.split())
        case Decimal():
            plain = f"{value.normalize():f}"
        case datetime():
            plain = value.astimezone(UTC).replace(microsecond=0).isoformat()
        case Iterable():
            plain = ",".join(sorted(_plain(each) for each in value))
        case _:
            plain = str(value)
    return plain


def _readable(field: forms.Field, value: Any) -> StrOrPromise:
    """A value in the words of its choices."""
    if value in (None, ""):
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    several = value if isinstance(value, Iterable) and not isinstance(value, str) else [value]
    keys = [getattr(each, "pk", each) for each in several]
    return ", ".join(str(_label(field, key)) for key in keys)


def _label(field: forms.Field, key: Any) -> Any:
    if isinstance(field, forms.ModelChoiceField):
        row = field.queryset.filter(pk=key).first() if field.queryset is not None else None
        return row if row is not None else "–"
    if isinstance(field, forms.ChoiceField):
        choices: Any = field.choices
        return {str(value): label for value, label in choices}.get(str(key), key)
    return key
