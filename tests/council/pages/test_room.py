"""The room of a meeting: seen by who is there, kept up to date, and run from one page."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backlog.models import User
from council.models import AgendaItem, Ballot, Council, Decision, Meeting, Seat
from council.operations import attendances, stances
from council.rules.ballots import Mode
from tests.backlog.pages.conftest import signed_in
from tests.conftest import SameQueries
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db
Send = Callable[..., Any]


@pytest.fixture
def meeting(sora: User, noor: User) -> Meeting:
    """Of a council whose secretary is Sora, and where Noor has a seat, beside two others."""
    council: Council = make.CouncilFactory.create(secretary=sora)
    council.products.add(backlog.ProductFactory.create())
    make.SeatTermFactory.create(seat__council=council, seat__department__name="Sales", user=noor)
    make.SeatTermFactory.create_batch(2, seat__council=council)
    meeting: Meeting = make.MeetingFactory.create(council=council, starts_at=timezone.now())
    return meeting


@pytest.fixture
def item(meeting: Meeting) -> AgendaItem:
    request = backlog.RequestFactory.create(
        product=meeting.council.products.get(), status="under_review", title="Pay faster"
    )
    item: AgendaItem = make.AgendaItemFactory.create(meeting=meeting, request=request)
    return item


PROPOSAL = {
    "proposal": "Build it: many asked.",
    "verdict": "approve",
    "options": "Buy it\nLeave it",
    "conditions": "Security agrees.",
    "measure_1": "returns a week",
    "baseline_1": "40",
    "target_1": "25",
    "due_on_1": "2099-01-31",
    "probability_1": "70",
}


def _seat_of_sales() -> int:
    return Seat.objects.get(department__name="Sales").pk


def others(meeting: Meeting) -> list[User]:
    terms = meeting.council.seats.exclude(department__name="Sales").values_list("terms__user")
    return list(User.objects.filter(pk__in=terms))


def room(meeting: Meeting, name: str = "", **_: object) -> str:
    return reverse(f"council:room{name}", args=[meeting.pk])


@pytest.fixture
def secretary(sora: User) -> Client:
    return signed_in(sora)


@pytest.fixture
def send(meeting: Meeting) -> Send:
    def post(client: Client, name: str, **said: object) -> Any:
        return client.post(room(meeting, f"-{name}"), said, follow=True)

    return post


def text(client: Client, meeting: Meeting) -> str:
    answer = client.get(room(meeting))
    assert answer.status_code == 200
    return str(answer.content.decode())


class TestOneItemFromTheFirstToTheDecision:
    def test_is_decided_without_leaving_the_room(
        self,
        meeting: Meeting,
        item: AgendaItem,
        secretary: Client,
        noor_pages: Client,
        send: Send,
    ) -> None:
        send(noor_pages, "attend")
        send(secretary, "attend", user=others(meeting)[0].pk)
        send(secretary, "start")
        send(secretary, "activate", item=item.pk)
        send(secretary, "put", item=item.pk, **PROPOSAL)
        ballot = Ballot.objects.get()
        seat = Seat.objects.get(department__name="Sales")
        send(noor_pages, "answer", ballot=ballot.pk, seat=seat.pk, answer="yes")
        send(secretary, "close", ballot=ballot.pk)

        shown = send(secretary, "record", ballot=ballot.pk).content.decode()

        assert "On record and sealed: approve." in shown
        decision = Decision.objects.get()
        assert decision.rationale == "Build it: many asked."
        assert decision.options == ["Buy it", "Leave it"]
        assert decision.conditions == "Security agrees."
        assert str(decision.predictions.get()) == "returns a week 40 → 25"

    def test_takes_eight_actions_at_most(
        self, meeting: Meeting, item: AgendaItem, secretary: Client, noor_pages: Client, send: Send
    ) -> None:
        _in_session(meeting)
        actions: list[tuple[Client, str, dict[str, Any]]] = [
            (secretary, "activate", {"item": item.pk}),
            (secretary, "put", {"item": item.pk, **PROPOSAL}),
            (noor_pages, "answer", {"answer": "yes", "seat": _seat_of_sales()}),
            (secretary, "close", {}),
            (secretary, "record", {}),
        ]

        for client, name, given in actions:
            last = Ballot.objects.last()
            send(client, name, **({"ballot": last.pk} if last else {}), **given)

        assert Decision.objects.get().verdict == "approve"
        # Three seats: two more of them may answer.
        assert len(actions) + 2 <= 8

    def test_shows_figures_again_as_they_were_typed(
        self, meeting: Meeting, item: AgendaItem, secretary: Client, send: Send
    ) -> None:
        _in_session(meeting, item)

        answer = send(secretary, "put", item=item.pk, **{**PROPOSAL, "baseline_1": "many"})

        assert answer.status_code == 422
        assert 'value="many"' in answer.content.decode()
        assert 'value="returns a week"' in answer.content.decode()

    def test_shows_again_what_was_typed_and_what_is_missing(
        self, meeting: Meeting, item: AgendaItem, secretary: Client, send: Send
    ) -> None:
        _in_session(meeting, item)

        answer = send(secretary, "put", item=item.pk, proposal=" ", verdict="approve")

        assert answer.status_code == 422
        assert "This field is required." in answer.content.decode()
        assert not Ballot.objects.exists()

    def test_says_what_the_rules_refuse(
        self, meeting: Meeting, item: AgendaItem, secretary: Client, send: Send
    ) -> None:
        send(secretary, "start")

        shown = send(secretary, "put", item=item.pk, proposal="Build.", verdict="approve")

        assert "0 of 3 departments are there; 2 must be, to decide." in shown.content.decode()


def _in_session(meeting: Meeting, item: AgendaItem | None = None) -> None:
    """With everybody there, and turned to the item."""
    for term in meeting.council.seats.values_list("terms__user", "pk"):
        make.AttendanceFactory.create(meeting=meeting, user_id=term[0], seat_id=term[1])
    Meeting.objects.filter(pk=meeting.pk).update(status="in_session", opened_at=NOON)
    if item:
        AgendaItem.objects.filter(pk=item.pk).update(status="active", activated_at=NOON)


@pytest.fixture
def ballot(meeting: Meeting, item: AgendaItem) -> Ballot:
    _in_session(meeting, item)
    ballot: Ballot = make.BallotFactory.create(agenda_item=item)
    return ballot


class TestTheRoom:
    def test_shows_what_customers_said_and_how_many_departments_are_there(
        self, meeting: Meeting, item: AgendaItem, ballot: Ballot, noor_pages: Client
    ) -> None:
        backlog.EvidenceFactory.create(request=item.request, feedback__verbatim="It is so slow.")

        shown = text(noor_pages, meeting)

        assert "3 of 3 departments" in shown
        assert "It is so slow." in re.sub("<[^>]+>", "", shown)
        assert "Your answer for Sales" in shown

    def test_hides_what_others_said_until_the_vote_is_closed(
        self, meeting: Meeting, ballot: Ballot, noor_pages: Client
    ) -> None:
        other = others(meeting)[0]
        stances.take_stance(ballot_id=ballot.pk, answer="no", reason="ZZWHY", by=other, at=NOON)

        before = text(noor_pages, meeting)
        assert "has answered" in before
        assert "ZZWHY" not in before

        Ballot.objects.update(status="closed", result="not_carried", ended_at=NOON)
        assert "ZZWHY" in text(noor_pages, meeting)

    def test_asks_to_confirm_after_an_amendment_and_shows_what_changed(
        self, meeting: Meeting, ballot: Ballot, noor: User, noor_pages: Client
    ) -> None:
        stances.take_stance(ballot_id=ballot.pk, answer="yes", by=noor, at=NOON)
        Ballot.objects.update(status="amended", ended_at=NOON)
        make.BallotFactory.create(
            agenda_item=ballot.agenda_item,
            amends=ballot,
            proposal="Build half, since many customers asked.",
        )

        shown = text(noor_pages, meeting)

        assert "To the version before you said: yes." in shown
        assert "<del>it,</del><ins>half,</ins>" in shown

    def test_tells_who_looks_on_and_who_runs_it_what_they_can_do(
        self, meeting: Meeting, ballot: Ballot, omar_pages: Client, secretary: Client
    ) -> None:
        looking_on, running = text(omar_pages, meeting), text(secretary, meeting)

        for button in ("Close the vote", "End the meeting", "I am there"):
            assert button not in looking_on
        for button in ("Close the vote", "End the meeting", "I am there"):
            assert button in running

    def test_by_consent_asks_for_other_answers(
        self, meeting: Meeting, ballot: Ballot, noor_pages: Client
    ) -> None:
        ballot.rule = ballot.rule | {"mode": Mode.CONSENT.value}
        ballot.save()

        shown = text(noor_pages, meeting)

        assert 'value="objection"' in shown
        assert 'value="yes"' not in shown

    def test_keeps_what_belongs_to_a_closed_product_to_those_who_see_it(
        self, meeting: Meeting, item: AgendaItem, ballot: Ballot, noor_pages: Client
    ) -> None:
        meeting.council.products.update(is_open=False)

        shown = text(noor_pages, meeting)

        assert "Pay faster" not in shown
        assert ballot.proposal not in shown


class TestLookingAgain:
    def test_costs_one_query_beyond_sign_in_as_long_as_nothing_was_done(
        self, meeting: Meeting, ballot: Ballot, noor_pages: Client, queries: SameQueries
    ) -> None:
        first = noor_pages.get(room(meeting, "-now"))
        headers = {"If-None-Match": first["ETag"]}

        with queries() as few:
            again = noor_pages.get(room(meeting, "-now"), headers=headers)

        assert (again.status_code, again.content) == (304, b"")
        asked = [re.findall('FROM "([a-z_]+)"', each["sql"])[-1] for each in few]
        signing_in = ["django_session", "backlog_user", "auth_group"]
        assert sorted(asked) == sorted([*signing_in, "council_meeting"])

    @pytest.mark.parametrize("done", ["answer", "leave", "activate", "rules"])
    def test_shows_what_was_done_meanwhile(
        self, meeting: Meeting, ballot: Ballot, noor: User, noor_pages: Client, done: str
    ) -> None:
        first = noor_pages.get(room(meeting, "-now"))
        other = others(meeting)[0]
        if done == "answer":
            stances.take_stance(ballot_id=ballot.pk, answer="no", by=other, at=NOON)
        elif done == "leave":
            attendances.leave(meeting_id=meeting.pk, by=other, at=NOON)
        else:
            subject = meeting.council if done == "rules" else ballot.agenda_item
            kind = "council.edited" if done == "rules" else "agenda_item.activated"
            backlog.EventFactory.create(
                kind=kind,
                request=None,
                subject_type=type(subject).__name__.lower(),
                subject_id=subject.pk,
            )

        headers = {"If-None-Match": first["ETag"]}
        again = noor_pages.get(room(meeting, "-now"), headers=headers)

        assert again.status_code == 200
        assert again["ETag"] != first["ETag"]

    def test_is_of_one_reader_alone(
        self, meeting: Meeting, ballot: Ballot, noor_pages: Client, omar_pages: Client
    ) -> None:
        mine = noor_pages.get(room(meeting, "-now"))

        theirs = omar_pages.get(room(meeting, "-now"), headers={"If-None-Match": mine["ETag"]})

        assert theirs.status_code == 200
