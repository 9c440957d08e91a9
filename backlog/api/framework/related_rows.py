"""Rows that a caller names in what comes in: only what they may see can be named."""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from backlog.api.framework.fields import Input
from backlog.models import User


class RelatedRow(serializers.Field[Any, Any, Any, Any]):
    """A row that the caller may see: a number is its id, a text the name it is known by."""

    default_error_messages = {
        "not_a_name": _("Give an id or a name."),
        "not_found": _("There is no such row, or you may not see it."),
    }

    def __init__(
        self,
        model: type[models.Model],
        natural: str = "",
        *,
        related: tuple[str, ...] = (),
        **kwargs: Any,
    ) -> None:
        self.model, self.natural, self.related = model, natural, related
        self._looked_up: dict[Any, models.Model] | None = None
        super().__init__(**kwargs)

    def rows(self) -> "models.QuerySet[Any]":
        manager: Any = self.model._default_manager  # noqa: SLF001 -- Django's documented API
        visible: models.QuerySet[Any] = manager.visible_to(self.context["request"].user)
        return visible.select_related(*self.related) if self.related else visible

    def look_up(self, named: Iterable[Any]) -> None:
        """Read what many bodies name by one query; from now on nothing else is found."""
        named = list(named)
        found = Q(pk__in={it for it in named if _is_id(it) and 0 < it < 2**63})
        if self.natural:
            names = {it for it in named if isinstance(it, str) and it.isprintable()}
            found |= Q(**{f"{self.natural}__in": names})
        self._looked_up = {}
        for row in self.rows().filter(found):
            self._looked_up[row.pk] = row
            self._looked_up[getattr(row, self.natural or "pk")] = row

    def to_internal_value(self, data: Any) -> models.Model:
        if not _is_id(data) and not (self.natural and isinstance(data, str)):
            self.fail("not_a_name")
        row = self._find(data) if self._looked_up is None else self._looked_up.get(data)
        if row is None:
            self.fail("not_found")
        return row

    def _find(self, data: int | str) -> models.Model | None:
        if isinstance(data, str) and not data.isprintable():
            return None
        found = self.rows().filter(**{self.natural if isinstance(data, str) else "pk": data})
        row: models.Model | None = found.first()
        return row


def _is_id(data: Any) -> bool:
    return isinstance(data, int) and not isinstance(data, bool)


def look_up(serializer: Input, bodies: Iterable[Any]) -> None:
    """Let one serializer check many bodies without asking the database about each."""
    bodies = [body for body in bodies if isinstance(body, Mapping)]
    for name, field in serializer.fields.items():
        values = [body[name] for body in bodies if name in body]
        if isinstance(field, RelatedRow):
            field.look_up(values)
        elif isinstance(field, Input):
            look_up(field, values)


class Colleague(RelatedRow):
    """A colleague who may still sign in, by id or e-mail address."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(User, "email", **kwargs)

    def rows(self) -> "models.QuerySet[Any]":
        return User.objects.filter(is_active=True)
