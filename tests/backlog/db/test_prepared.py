import pytest

from backlog.db.prepared import Prepared
from backlog.models import Customer
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db

KNOWN = Prepared(
    lambda language, ids: (
        Customer.objects.filter(pk__among=ids, language=language).order_by("pk").values_list("pk")
    )
)


class TestPrepared:
    def test_finds_rows_by_a_value_and_a_list_of_any_length(self) -> None:
        one, two, _other = [make.CustomerFactory.create(language="ko") for _ in range(3)]
        english = make.CustomerFactory.create(language="en")

        assert KNOWN.rows("ko", [one.pk, two.pk, english.pk]) == [(one.pk,), (two.pk,)]
        assert KNOWN.rows("en", [english.pk]) == [(english.pk,)]
        assert KNOWN.rows("en", []) == []
