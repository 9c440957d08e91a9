"""Tags of versions: lists, weak ones, and what was read already (RFC 9110, 8.8.3 and 13.1)."""

import pytest
from rest_framework.test import APIClient

from backlog.models import CustomerRequest
from tests.factories import backlog

LIST = "/api/v1/requests/"


@pytest.fixture
def slow(db: None) -> CustomerRequest:
    return backlog.RequestFactory.create(title="Pay faster", version=3)


class TestIfMatch:
    @pytest.mark.parametrize(
        "given", ['"3"', 'W/"3"', '"3", "999"', '"999", W/"3"', '"3"  ,"1"', "*", '"3-anything"']
    )
    def test_that_names_the_version_lets_the_edit_through(
        self, given: str, api: APIClient, slow: CustomerRequest
    ) -> None:
        answer = api.patch(f"{LIST}{slow.key}/", {"title": "New"}, headers={"if-match": given})

        assert answer.status_code == 200
        assert answer["ETag"].startswith('"4-')

    @pytest.mark.parametrize("given", ['"2"', 'W/"2", "999"', '"33"', '"nonsense", "2"', "3, 3"])
    def test_that_does_not_is_refused(
        self, given: str, api: APIClient, slow: CustomerRequest
    ) -> None:
        answer = api.patch(f"{LIST}{slow.key}/", {"title": "New"}, headers={"if-match": given})

        assert (answer.status_code, answer.json()["code"]) == (412, "version_conflict")

    def test_with_what_was_read_survives_that_scores_were_computed(
        self, api: APIClient, slow: CustomerRequest
    ) -> None:
        tag = api.get(f"{LIST}{slow.key}/")["ETag"]
        CustomerRequest.objects.filter(pk=slow.pk).update(contested=2.0)

        answer = api.patch(f"{LIST}{slow.key}/", {"title": "New"}, headers={"if-match": tag})

        assert answer.status_code == 200


class TestIfNoneMatch:
    def test_is_answered_with_304_while_nothing_changed(
        self, api: APIClient, slow: CustomerRequest
    ) -> None:
        tag = api.get(f"{LIST}{slow.key}/")["ETag"]

        for given in (tag, f"W/{tag}", f'"1", {tag}', "*"):
            answer = api.get(f"{LIST}{slow.key}/", headers={"if-none-match": given})
            assert (answer.status_code, answer.content) == (304, b"")

    def test_is_sent_again_when_anything_shown_changed_though_nobody_edited(
        self, api: APIClient, slow: CustomerRequest
    ) -> None:
        tag = api.get(f"{LIST}{slow.key}/")["ETag"]
        CustomerRequest.objects.filter(pk=slow.pk).update(contested=2.0)

        assert api.get(f"{LIST}{slow.key}/", headers={"if-none-match": tag}).status_code == 200


class TestOptions:
    def test_says_what_can_be_done(self, api: APIClient, slow: CustomerRequest) -> None:
        answer = api.options(f"{LIST}{slow.key}/")

        assert answer.status_code == 204
        assert set(answer["Allow"].split(", ")) == {"GET", "HEAD", "PATCH", "OPTIONS"}
