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

    # SQLite names the columns of a unique index, not the index.
    is_named = connection.vendor == "postgresql" or isinstance(CONSTRAINTS[name], CheckConstraint)
    assert (name if is_named else "UNIQUE") in str(refused.value)
