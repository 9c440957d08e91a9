"""From one day to another: both days are in it, by the clock of the installation."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.urls import reverse
from unfold.contrib.filters.admin import RangeDateFilter, RangeDateTimeFilter

from backlog.admin.framework.day_filters import DaysFilter
from backlog.models import Customer
from council.models import ActionItem
from tests.factories import backlog, council

pytestmark = pytest.mark.django_db


def filters() -> list[tuple[Any, Any, type[Any]]]:
    """Each filter of a column, of each list of the admin."""
    return [
        (model, *each)
        for model, page in admin.site._registry.items()
        for each in page.list_filter
        if isinstance(each, tuple)
    ]


def found(client: Client, model: Any, **given: str) -> set[int]:
    to = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    return {row.pk for row in client.get(to, given).context["cl"].result_list}


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ({"_from": "2026-01-15"}, {"start", "end", "next"}),
        ({"_to": "2026-01-15"}, {"before", "start", "end"}),
        ({"_from": "2026-01-15", "_to": "2026-01-15"}, {"start", "end"}),
        ({"_from": "2026-01-16", "_to": "2026-01-15"}, set()),
        ({"_from": "0001-01-01", "_to": "9999-12-31"}, {"before", "start", "end", "next"}),
    ],
)
def test_moments_are_of_the_day_that_the_installations_clock_says(
    given: dict[str, str], expected: set[str], as_mina: Client, settings: Any
) -> None:
    settings.TIME_ZONE = "Asia/Seoul"
    midnight = datetime(2026, 1, 14, 15, tzinfo=UTC)  # in Seoul
    last = timedelta(days=1) - timedelta(microseconds=1)
    made = {
        name: backlog.CustomerFactory.create(created_at=at).pk
        for name, at in {
            "before": midnight - timedelta(microseconds=1),
            "start": midnight,
            "end": midnight + last,
            "next": midnight + timedelta(days=1),
        }.items()
    }

    rows = found(as_mina, Customer, **{f"created_at{end}": day for end, day in given.items()})

    assert rows == {made[name] for name in expected}


def test_a_day_is_in_what_ends_with_it(as_mina: Client) -> None:
    first, second = (
        council.ActionItemFactory.create(due_on=date(2026, 1, day)).pk for day in (15, 16)
    )

    assert found(as_mina, ActionItem, due_on_to="2026-01-15") == {first}
    assert found(as_mina, ActionItem, due_on_from="2026-01-16") == {second}


def test_what_is_no_day_narrows_nothing(as_mina: Client) -> None:
    made = backlog.CustomerFactory.create().pk

    assert found(as_mina, Customer, created_at_from="yesterday") == {made}


def test_days_are_chosen_in_one_way_everywhere() -> None:
    """Of moments, Unfold's own leaves the last day out."""
    of_others = {
        (model, name)
        for model, name, kind in filters()
        if issubclass(kind, RangeDateFilter | RangeDateTimeFilter) and kind is not DaysFilter
    }

    assert of_others == set()
