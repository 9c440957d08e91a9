from collections.abc import Callable
from typing import Any

import pytest
from rest_framework.test import APIClient

from backlog.delivery import rendering
from backlog.models import Event, Notice, Product, User
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


class TestReports:
    def report(self, api: APIClient, notice: Notice, **more: object) -> Any:
        said = {"message_id": rendering.message_id(notice), "kind": "bounced"}
        return api.post(f"{NOTICES}report/", {**said, **more})

    def sent(self) -> Notice:
        notice: Notice = backlog.NoticeItemFactory.create(
            notice__status="sent", notice__sent_at=NOON
        ).notice
        return notice

    def test_say_what_became_of_a_message(self, api: APIClient) -> None:
        notice = self.sent()

        for _ in range(2):
            answer = self.report(api, notice, detail="550 No such user", at="2026-03-02T12:00:00Z")
            assert (answer.status_code, answer.data["status"]) == (200, "bounced")

        event = Event.objects.get(kind="notice.bounced")
        assert event.data["happened_at"] == "2026-03-02T12:00:00Z"

    def test_point_at_a_message_that_is_not_ours(self, api: APIClient) -> None:
        answer = self.report(api, self.sent(), message_id="<1@example.org>")

        assert answer.status_code == 422
        assert answer.data["errors"][0]["pointer"] == "#/message_id"

    def test_are_refused_with_a_time_that_may_be_anywhere(self, api: APIClient) -> None:
        notice = self.sent()

        answer = self.report(api, notice, at="2026-03-02T12:00:00")

        error = answer.data["errors"][0]
        assert (answer.status_code, error["pointer"], error["code"]) == (422, "#/at", "no_offset")
        notice.refresh_from_db()
        assert notice.status == "sent"

    def test_do_not_betray_messages_of_closed_products(self, ines: User, acting: Acting) -> None:
        notice = self.sent()
        Product.objects.update(is_open=False)

        assert self.report(acting(ines), notice).status_code == 422
        notice.refresh_from_db()
        assert notice.status == "sent"


class TestReplies:
    def test_quote_the_words(self, api: APIClient) -> None:
        words = backlog.FeedbackFactory.create(verbatim="이제 됩니다")
        answer = backlog.ReplyFactory.create(feedback=words)
        backlog.ReplyFactory.create(verdict="no")

        rows = api.get(f"{REPLIES}?verdict=yes").data["results"]

        assert [(row["id"], row["words"]) for row in rows] == [(answer.pk, "이제 됩니다")]

    def test_are_made_by_customers_only(self, api: APIClient) -> None:
        assert api.post(REPLIES, {}).status_code == 405
