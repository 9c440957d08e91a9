"""Days are the same for everybody, and moments that narrow a list mean the same for everybody."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.test import override_settings
from django.utils import timezone
from rest_framework.test import APIClient

from backlog.filters.fields import DateTimeFilter
from backlog.queries import sprint_progress
from backlog.rules import calendars
from tests.access.routes import routes
from tests.factories import backlog

# Three in the morning of the second of March in Seoul; the first, in Los Angeles.
AT = datetime(2026, 3, 1, 18, tzinfo=UTC)
ZONES = ("Asia/Seoul", "America/Los_Angeles", "Pacific/Kiritimati")


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_is_the_installations_whoever_looks(zone: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert calendars.day_of(AT) == date(2026, 3, 2)
        # Django forgets the old one by itself when the setting changes.
        with override_settings(TIME_ZONE="UTC"):
            assert calendars.day_of(AT) == date(2026, 3, 1)


@pytest.mark.parametrize("zone", ZONES)
def test_a_day_begins_at_once_for_everybody(zone: str) -> None:
    with timezone.override(ZoneInfo(zone)):
        assert calendars.start_of(date(2026, 3, 2)) == datetime(2026, 3, 1, 15, tzinfo=UTC)


@pytest.mark.django_db
def test_a_sprint_that_starts_today_burns_up_alike_for_everybody() -> None:
    sprint = backlog.SprintFactory.create(
        starts_on=date(2026, 3, 2), ends_on=date(2026, 3, 13), status="active", started_at=AT
    )
    backlog.CommitmentFactory.create(sprint=sprint, committed_at=AT)
    seen = []
    for zone in ZONES:
        with timezone.override(ZoneInfo(zone)):
            seen.append(sprint_progress.burn_up(sprint, at=AT))

    assert seen[0]
    assert seen == [seen[0]] * len(ZONES)


def moments() -> list[tuple[str, str]]:
    """Every list of the API and each of its parameters that is a moment."""
    found = []
    for route in routes():
        filterset: Any = getattr(getattr(route.view, "cls", None), "filterset_class", None)
        if filterset is not None and route.actions.get("get") == "list":
            names = filterset.base_filters.items()
            found += [
                (f"/{route.path}", name) for name, it in names if isinstance(it, DateTimeFilter)
            ]
    return found


def test_there_are_moments_to_narrow_by() -> None:
    assert len(moments()) >= 14


@pytest.mark.parametrize(("path", "name"), moments())
@pytest.mark.django_db
def test_a_moment_without_offset_is_refused_by_its_name(path: str, name: str, ada: Any) -> None:
    api = APIClient()
    api.force_authenticate(ada)
    path = path.replace("^", "").replace("$", "").replace("\\Z", "")

    for said in ("2026-03-01T00:00:00", "2026-03-01", "2026-03-01 09:00"):
        refused = api.get(path, {name: said})
        assert refused.status_code == 400, said
        assert [each["parameter"] for each in refused.json()["errors"]] == [name], said
    for said in ("2026-03-01T00:00:00Z", "2026-03-01T00:00:00+09:00"):
        assert api.get(path, {name: said}).status_code == 200


def test_every_moment_of_every_filter_set_is_of_the_one_kind() -> None:
    for route in routes():
        filterset: Any = getattr(getattr(route.view, "cls", None), "filterset_class", None)
        for name, each in getattr(filterset, "base_filters", {}).items():
            is_moment = "DateTime" in type(each).__mro__[0].__name__ or isinstance(
                each, DateTimeFilter
            )
            assert not is_moment or isinstance(each, DateTimeFilter), name
