"""Home: what waits for a person, and what to do where nothing does."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from backlog.models import Department, User
from council.rules.things import Kind
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories.backlog import (
    AssessmentFactory,
    EventFactory,
    FeedbackFactory,
    ObligationFactory,
    OutcomeFactory,
    ReplyFactory,
    RequestFactory,
    SprintFactory,
    StatusUpdateFactory,
)
from tests.factories.council import (
    ActionItemFactory,
    AgendaItemFactory,
    AttendanceFactory,
    CouncilFactory,
    MeetingFactory,
    MinutesFactory,
)
from tests.factories.people import DepartmentFactory, MembershipFactory


@pytest.fixture
def sales(noor: User) -> Department:
    """Noor speaks for Sales."""
    department = DepartmentFactory.create(name="Sales")
    MembershipFactory.create(user=noor, department=department)
    return department


class TestHome:
    def test_says_what_to_do_where_nothing_waits(self, mina_pages: Client) -> None:
        page = mina_pages.get("/").content.decode()

        for sentence in (
            "Assessments speak for a department.",
            "You owe nobody anything.",
            "No meeting is planned.",
            "No answers yet.",
            "nothing announced yet",
        ):
            assert sentence in page

    def test_lists_what_waits_for_a_sprint_that_takes_it_in(self, mina_pages: Client) -> None:
        sprint = SprintFactory.create(status="planned")
        approved = RequestFactory.create(status="approved", product=sprint.product)
        nowhere_to_go = RequestFactory.create(status="approved")

        page = mina_pages.get("/").content.decode()

        assert f'href="/requests/{approved.key}/#hypothesis"' in page
        assert f"/requests/{nowhere_to_go.key}/#hypothesis" not in page

    def test_lists_what_customers_wait_to_hear(self, mina_pages: Client) -> None:
        waits = OutcomeFactory.create()
        ObligationFactory.create(outcome=waits)
        status_update = StatusUpdateFactory.create(kind="decided_no", request__status="declined")
        StatusUpdateFactory.create(
            kind="decided_no", request__status="under_review"
        )  # It is not true now.
        OutcomeFactory.create()  # Nobody is owed it.

        page = mina_pages.get("/")

        assert {*page.context["to_tell"]} == {waits, status_update}
        assert f"/outcomes/{waits.pk}/announce/" in page.content.decode()
        assert f"/status-updates/{status_update.pk}/announce/" in page.content.decode()

    def test_asks_the_chair_about_what_was_put_off_too_often(
        self, noor_pages: Client, omar_pages: Client, noor: User
    ) -> None:
        at = timezone.now() + timedelta(days=30)
        coming = MeetingFactory.create(council__chair=noor, starts_at=at)
        for times, title in ((2, "Holidays"), (3, "Refunds")):
            AgendaItemFactory.create(
                meeting=coming, request=None, title=title, times_deferred=times
            )

        def asked(pages: Client) -> list[tuple[str, str]]:
            things = pages.get("/").context["things"]
            return [(it.title, it.detail) for _verb, it in things if it.kind == Kind.PUT_OFF]

        assert asked(noor_pages) == [("Refunds", "Carried over 3 times.")]
        assert asked(omar_pages) == []

    def test_lists_what_the_department_has_not_assessed(
        self, noor_pages: Client, sales: Department
    ) -> None:
        waiting = RequestFactory.create(status="under_review")
        RequestFactory.create(status="approved")
        AssessmentFactory.create(request__status="under_review", department=sales)

        context = noor_pages.get("/").context

        assert list(context["to_assess"]) == [waiting]
        assert context["to_assess_count"] == 1

    def test_lists_my_action_items_with_the_overdue_first(
        self, noor_pages: Client, noor: User
    ) -> None:
        today = timezone.localdate()
        ActionItemFactory.create(owner=noor, due_on=today + timedelta(days=1), title="Later")
        ActionItemFactory.create(owner=noor, due_on=today - timedelta(days=1), title="Sooner")
        ActionItemFactory.create(title="Somebody else's")

        response = noor_pages.get("/")

        assert [item.title for item in response.context["actions"]] == ["Sooner", "Later"]
        assert response.context["overdue_count"] == 1
        assert "overdue" in response.content.decode()

    def test_shows_the_next_meeting_with_its_agenda(self, noor_pages: Client) -> None:
        now = timezone.now()
        MeetingFactory.create(starts_at=now - timedelta(days=9))
        MeetingFactory.create(starts_at=now + timedelta(days=9))
        next_one = MeetingFactory.create(starts_at=now + timedelta(days=2))
        second = AgendaItemFactory.create(meeting=next_one, position=2)
        first = AgendaItemFactory.create(meeting=next_one, position=1)
        AgendaItemFactory.create(meeting=next_one, position=3, status="withdrawn")

        context = noor_pages.get("/").context

        assert context["meeting"] == next_one
        assert list(context["agenda"]) == [first, second]

    def test_shows_what_drifts_most_whichever_way(self, noor_pages: Client) -> None:
        RequestFactory.create(drift=0)
        RequestFactory.create(drift=None)
        little = RequestFactory.create(drift=3)
        much = RequestFactory.create(drift=-40)

        assert list(noor_pages.get("/").context["drifting"]) == [much, little]

    def test_shows_a_no_before_any_thanks(self, mina_pages: Client) -> None:
        now = timezone.now()
        for days, verdict in ((1, "yes"), (2, "partly"), (3, "no"), (99, "no")):
            ReplyFactory.create(verdict=verdict, answered_at=now - timedelta(days=days))

        answers = mina_pages.get("/").context["answers"]

        assert [answer.verdict for answer in answers] == ["no", "partly", "yes"]

    def test_shows_no_customer_to_who_may_not_see_them(self, omar_pages: Client) -> None:
        reply = ReplyFactory.create(answered_at=timezone.now(), feedback=FeedbackFactory.create())

        page = omar_pages.get("/").content.decode()

        assert reply.obligation.customer.name not in page

    def test_puts_what_waits_in_order_each_with_where_it_is_done(
        self, mina_pages: Client, mina: User, sales: Department
    ) -> None:
        MembershipFactory.create(user=mina, department=sales)
        now = timezone.now()
        meeting = MeetingFactory.create(starts_at=now + timedelta(days=2), title="Spring")
        to_assess = RequestFactory.create(status="under_review")
        AgendaItemFactory.create(meeting=meeting, request=to_assess)
        ActionItemFactory.create(owner=mina, due_on=timezone.localdate() - timedelta(days=1))
        waits = OutcomeFactory.create()
        ObligationFactory.create(outcome=waits)
        solved = RequestFactory.create(status="delivered")
        ReplyFactory.create(verdict="no", answered_at=now, obligation__event__request=solved)

        page = mina_pages.get("/")

        assert [(str(verb), thing.key) for verb, thing in page.context["things"]] == [
            ("Finish", ""),
            ("Look at the answers", solved.key),
            ("Assess", to_assess.key),
            ("Prepare for the meeting", ""),
            ("Announce", waits.request.key),
        ]
        for _verb, thing in page.context["things"]:
            assert f'href="{thing.href}"' in page.content.decode()
        assert "before Spring" in page.content.decode()

    def test_says_that_nothing_waits(self, omar_pages: Client) -> None:
        assert "Nothing waits for you." in omar_pages.get("/").content.decode()

    def test_does_not_ask_about_a_no_that_opened_the_request_again(
        self, mina_pages: Client
    ) -> None:
        again = RequestFactory.create(status="under_review")
        ReplyFactory.create(
            verdict="no", answered_at=timezone.now(), obligation__event__request=again
        )

        assert mina_pages.get("/").context["things"] == []

    def test_says_what_changed_lately_and_several_alike_as_one(self, omar_pages: Client) -> None:
        now = timezone.now()
        row = RequestFactory.create()
        EventFactory.create(request=row, kind="request.opened", at=now - timedelta(days=8))
        hidden = RequestFactory.create(product__is_open=False)
        EventFactory.create(request=hidden, kind="request.opened", at=now)
        other = RequestFactory.create()
        for each in (row, other, other):
            EventFactory.create(request=each, kind="outcome.announced", at=now - timedelta(days=1))
        EventFactory.create(request=row, kind="request.opened", at=now)

        changes = omar_pages.get("/").context["changes"]

        assert [(each.latest.kind, each.requests) for each in changes] == [
            ("request.opened", [row]),
            ("outcome.announced", [other, row]),
        ]

    def test_asks_strangers_to_sign_in(self, client: Client, db: None) -> None:
        assert client.get("/").headers["Location"].startswith("/admin/login/")

    def test_costs_the_same_when_little_waits_and_when_much_does(
        self, mina_pages: Client, mina: User, queries: SameQueries
    ) -> None:
        MembershipFactory.create(user=mina)
        meeting = MeetingFactory.create(starts_at=timezone.now() + timedelta(days=1))
        self._fill(mina, meeting, 1)
        mina_pages.get("/")
        with queries() as few:
            mina_pages.get("/")

        self._fill(mina, meeting, 6)
        with queries() as many:
            response = mina_pages.get("/")

        assert len(response.context["to_assess"]) == 6
        assert len(many) == len(few)

    @staticmethod
    def _fill(mina: User, meeting: object, count: int) -> None:
        RequestFactory.create_batch(count, status="under_review", drift=5)
        ActionItemFactory.create_batch(count, owner=mina)
        AgendaItemFactory.create_batch(count, meeting=meeting)
        for _each in range(count):
            ReplyFactory.create(answered_at=timezone.now(), feedback=FeedbackFactory.create())


class TestWhatWaitsForAWord:
    def test_minutes_wait_for_those_who_were_there(self, noor: User, omar: User) -> None:
        ended = timezone.now()
        minutes = MinutesFactory.create(
            meeting__title="May",
            meeting__status="minutes_draft",
            meeting__opened_at=ended,
            meeting__ended_at=ended,
            status="review",
            proposed_at=ended,
            review_until=ended + timedelta(days=2),
        )
        AttendanceFactory.create(meeting=minutes.meeting, user=noor)

        asked = signed_in(noor).get("/").content.decode()
        assert "Approve the minutes" in asked
        assert f"/meetings/{minutes.meeting_id}/minutes/" in asked
        assert "Approve the minutes" not in signed_in(omar).get("/").content.decode()

        minutes.approvals.create(revision=minutes.revision, user=noor, at=ended)
        assert "Approve the minutes" not in signed_in(noor).get("/").content.decode()

    def test_what_others_say_is_done_waits_for_their_council(self, sora: User, noor: User) -> None:
        council = CouncilFactory.create(secretary=sora)
        claimed = {"status": "claimed_done", "evidence": "x"}
        ActionItemFactory.create(council=council, title="Ask the bank", owner=noor, **claimed)

        asked = signed_in(sora).get("/").content.decode()
        assert "Accept as done" in asked
        assert "Noor says it is done" in asked
        assert "Accept as done" not in signed_in(noor).get("/").content.decode()
