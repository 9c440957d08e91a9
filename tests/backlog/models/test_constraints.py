"""What must always be true is refused by the database, whoever writes."""

from collections.abc import Callable

import pytest
from django.apps import apps
from django.db import IntegrityError, connection
from django.db.models import CheckConstraint, UniqueConstraint

from tests.backlog.models import impossible as of_the_backlog
from tests.council import impossible as of_the_council

CONSTRAINTS = {
    constraint.name: constraint
    for app in ("backlog", "council")
    for model in apps.get_app_config(app).get_models()
    for constraint in model._meta.constraints
}
IMPOSSIBLE = [*of_the_backlog.rows(), *of_the_council.rows()]
# An unknown status breaks these as well, and PostgreSQL names the first by the alphabet.
FIRST_BROKEN = {
    "backlog_notice_status_known": "backlog_notice_sent_has_a_time",
    "council_actionitem_status_known": "council_actionitem_closed_iff_finished",
    "council_letter_kind_known": "council_letter_about_one_thing",
    "council_minutes_status_known": "council_minutes_approved_whole",
    "council_minutesamendment_status_known": "council_minutesamendment_answered_iff_not_open",
}


def test_every_constraint_has_an_impossible_row() -> None:
    assert sorted(CONSTRAINTS) == sorted({name for name, _make in IMPOSSIBLE})


def test_every_constraint_is_of_a_kind_that_is_tried() -> None:
    kinds = {type(constraint) for constraint in CONSTRAINTS.values()}
    assert kinds == {CheckConstraint, UniqueConstraint}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("name", "make"),
    [pytest.param(name, make, id=f"{name}-{at}") for at, (name, make) in enumerate(IMPOSSIBLE)],
)
def test_the_database_refuses(name: str, make: Callable[[], object]) -> None:
    with pytest.raises(IntegrityError) as refused:
        make()

    if connection.vendor == "postgresql":
        assert FIRST_BROKEN.get(name, name) in str(refused.value)
    elif isinstance(CONSTRAINTS[name], CheckConstraint):
        assert name in str(refused.value)
    else:  # SQLite names the columns of a unique index, not the index.
        assert "UNIQUE" in str(refused.value)
