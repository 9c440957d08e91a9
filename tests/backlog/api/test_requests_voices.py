"""Who speaks for a request, by the API."""

from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import User
from tests.factories.backlog import AccountFactory, EvidenceFactory, RequestFactory

Acting = Callable[[User], APIClient]

pytestmark = pytest.mark.django_db


def test_names_the_account_to_those_who_may_see_it(mina: User, omar: User, acting: Acting) -> None:
    request, account = RequestFactory.create(), AccountFactory.create()
    for _piece in range(3):
        EvidenceFactory.create(request=request, counts_for=request, feedback__account=account)
    url = f"/api/v1/requests/{request.key}/voices/"

    seen, hidden = acting(mina).get(url).data, acting(omar).get(url).data

    assert (seen["loudest_account"], seen["loudest_percent"]) == (account.pk, 100)
    assert hidden["loudest_account"] is None
    assert [each["code"] for each in hidden["warnings"]] == ["one_account", "only_words"]
