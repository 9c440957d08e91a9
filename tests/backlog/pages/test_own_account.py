"""One's own page."""

from django.conf import settings
from django.test import Client
from django.urls import reverse

from backlog.models import Event, User

PAGE = "backlog:own-account"
TYPED = {"name": "Mina Park", "language": "en", "time_zone": "Europe/Berlin"}


def test_changes_ones_own_name_language_and_clock(as_mina: Client, mina: User) -> None:
    as_mina.cookies[settings.LANGUAGE_COOKIE_NAME] = "ko"

    answer = as_mina.post(reverse(PAGE), TYPED)

    assert answer.status_code == 302
    mina.refresh_from_db()
    assert (mina.name, mina.language, mina.time_zone) == tuple(TYPED.values())
    assert answer.cookies[settings.LANGUAGE_COOKIE_NAME].value == ""
    assert Event.objects.get(kind="colleague.edited").subject_id == mina.pk


def test_changes_nothing_else(as_mina: Client, mina: User) -> None:
    was = mina.email

    as_mina.post(reverse(PAGE), {**TYPED, "email": "other@example.com", "is_superuser": "on"})

    mina.refresh_from_db()
    assert mina.email == was
    assert not mina.is_superuser


def test_refuses_a_clock_that_nobody_knows(as_mina: Client, mina: User) -> None:
    answer = as_mina.post(reverse(PAGE), {**TYPED, "time_zone": "Europe/Atlantis"})

    assert answer.status_code == 422
    mina.refresh_from_db()
    assert mina.name != "Mina Park"
