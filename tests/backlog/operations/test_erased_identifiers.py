"""Who was forgotten while something of theirs was on its way is not stored again."""

import pytest
from django.db import transaction

from backlog.operations import erased_identifiers
from tests.factories import NOON
from tests.factories.backlog import CustomerFactory

pytestmark = pytest.mark.django_db


@transaction.atomic
def lock(*people: int) -> dict[int, str] | None:
    return erased_identifiers.lock_kept(people)


def test_who_is_kept_is_locked_and_what_they_speak_is_said() -> None:
    one, other = CustomerFactory.create(language="ko"), CustomerFactory.create(language="en")

    assert lock(other.pk, one.pk) == {one.pk: "ko", other.pk: "en"}


def test_nobody_is_said_to_be_kept_where_one_of_them_was_forgotten() -> None:
    kept, forgotten = CustomerFactory.create(), CustomerFactory.create(name="", erased_at=NOON)

    assert lock(kept.pk, forgotten.pk) is None


def test_nobody_is_asked_for_where_there_is_nobody() -> None:
    assert lock() == {}
