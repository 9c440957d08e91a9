from collections.abc import Callable

import pytest
from rest_framework.test import APIClient

from backlog.models import Notice, User
from tests.factories import NOON, backlog

OBLIGATIONS = "/api/v1/obligations/"
NOTICES = "/api/v1/notices/"
REPLIES = "/api/v1/replies/"

Acting = Callable[[User], APIClient]


class TestObligations:
    def test_are_waived_with_a_reason(self, api: APIClient) -> None:
        owed = backlog.ObligationFactory.create()

        answer = api.post(f"{OBLIGATIONS}{owed.pk}/waive/", {"reason": "Told by telephone."})

        assert (answer.status_code, answer.data["status"]) == (200, "waived")
        assert answer.data["waived_by"]["name"] == "Mina"
        assert len(api.get(f"{OBLIGATIONS}?status=waived&status=owed").data["results"]) == 1
        assert api.get(f"{OBLIGATIONS}?status=owed").data["results"] == []

    @pytest.mark.parametrize("reason", ["", "  "])
    def test_are_not_waived_without(self, reason: str, api: APIClient) -> None:
        owed = backlog.ObligationFactory.create()

        answer = api.post(f"{OBLIGATIONS}{owed.pk}/waive/", {"reason": reason})

        assert answer.json()["errors"][0]["pointer"] == "#/reason"

    def test_once_settled_are_not_waived(self, api: APIClient) -> None:
        told = backlog.ObligationFactory.create(status="told", settled_at=NOON)

        answer = api.post(f"{OBLIGATIONS}{told.pk}/waive/", {"reason": "Late."})

        assert (answer.status_code, answer.json()["code"]) == (409, "obligation_settled")

    def test_are_closed_to_viewers(self, omar: User, acting: Acting) -> None:
        owed = backlog.ObligationFactory.create()

        assert acting(omar).get(f"{OBLIGATIONS}{owed.pk}/").status_code == 403
        assert acting(omar).post(f"{OBLIGATIONS}{owed.pk}/waive/").status_code == 403


class TestNotices:
    def test_given_up_are_tried_again(self, api: APIClient) -> None:
        dead = backlog.NoticeItemFactory.create(notice__status="dead").notice

        answer = api.post(f"{NOTICES}{dead.pk}/retry/")

        assert (answer.status_code, answer.data["status"]) == (200, "queued")
        assert Notice.objects.get().attempts == 0

    def test_sent_are_not_tried_again(self, api: APIClient) -> None:
        sent = backlog.NoticeItemFactory.create(notice__status="sent", notice__sent_at=NOON).notice

        answer = api.post(f"{NOTICES}{sent.pk}/retry/")

        assert answer.status_code == 409

    def test_say_to_which_address_they_went(self, api: APIClient) -> None:
        point = backlog.ContactPointFactory.create(address="minsu@example.com")
        item = backlog.NoticeItemFactory.create(
            notice__contact_point=point, notice__customer=point.customer
        )
        backlog.NoticeItemFactory.create()

        rows = api.get(f"{NOTICES}?obligation={item.obligation.pk}").data["results"]

        assert [row["address"] for row in rows] == ["minsu@example.com"]
        assert rows[0]["obligations"] == [{"obligation": item.obligation.pk, "is_live": True}]

    def test_are_retried_by_managers_only(self, sora: User, acting: Acting) -> None:
        dead = backlog.NoticeItemFactory.create(notice__status="dead").notice

        assert acting(sora).post(f"{NOTICES}{dead.pk}/retry/").status_code == 403


class TestReplies:
    def test_quote_the_words(self, api: APIClient) -> None:
        words = backlog.FeedbackFactory.create(verbatim="이제 됩니다")
        answer = backlog.ReplyFactory.create(feedback=words)
        backlog.ReplyFactory.create(verdict="no")

        rows = api.get(f"{REPLIES}?verdict=yes").data["results"]

        assert [(row["id"], row["words"]) for row in rows] == [(answer.pk, "이제 됩니다")]

    def test_are_made_by_customers_only(self, api: APIClient) -> None:
        assert api.post(REPLIES, {}).status_code == 405
