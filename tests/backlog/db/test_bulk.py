"""Rows by the thousand."""

import pytest
from django.db import connection
from django.db.models import Model

from backlog.models import Customer, Feedback, Obligation
from tests.factories import backlog as make


@pytest.mark.parametrize(
    ("model", "path"), [(Customer, "pk"), (Obligation, "customer__pk"), (Feedback, "source__pk")]
)
@pytest.mark.skipif(connection.vendor != "postgresql", reason="arrays are PostgreSQL's")
def test_numbers_are_compared_as_the_column_is_typed_so_that_the_database_can_hash_them(
    model: type[Model], path: str
) -> None:
    rows = model._default_manager.filter(**{f"{path}__among": [1, 2]})
    assert "= ANY(%s::bigint[])" in str(rows.query.sql_with_params()[0])


@pytest.mark.django_db
def test_rows_are_found_among_numbers_and_among_texts() -> None:
    known = make.CustomerFactory.create(name="Kim")
    make.CustomerFactory.create(name="Lee")
    assert list(Customer.objects.filter(pk__among=[known.pk, 2**40])) == [known]
    assert list(Customer.objects.filter(name__among=["Kim", "Park"])) == [known]
    assert list(Customer.objects.filter(pk__among=[])) == []
