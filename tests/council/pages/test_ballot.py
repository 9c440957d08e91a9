"""Ballots between meetings: put to the vote from a request, answered, counted, recorded."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from backlog.models import CustomerRequest, User
from council.models import AgendaItem, Ballot, Decision, Letter, Meeting, Recusal, Stance
from council.operations import ballots
from tests.backlog.pages.conftest import signed_in
from tests.factories import backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def meeting(sora: User, noor: User) -> Meeting:
    """To come, of a council whose secretary is Sora and where Noor sits beside another."""
    council = make.CouncilFactory.create(secretary=sora)
    council.products.add(backlog.ProductFactory.create())
    make.SeatTermFactory.create(seat__council=council, seat__department__name="Sales", user=noor)
    make.SeatTermFactory.create(seat__council=council)
    starts_at = timezone.now() + timedelta(days=9)
    meeting: Meeting = make.MeetingFactory.create(council=council, starts_at=starts_at)
    return meeting


@pytest.fixture
def request_(meeting: Meeting) -> CustomerRequest:
    product = meeting.council.products.get()
    return backlog.RequestFactory.create(product=product, status="under_review", title="Pay faster")


@pytest.fixture
def secretary(sora: User) -> Client:
    return signed_in(sora)


def put(client: Client, row: CustomerRequest, meeting: Meeting, **said: object) -> Ballot | None:
    closes_at = timezone.localtime(timezone.now() + timedelta(days=2))
    facts: dict[str, object] = {
        "meeting": meeting.pk,
        "proposal": "Build it: many asked.",
        "verdict": "approve",
        "closes_at": closes_at.strftime("%Y-%m-%dT%H:%M"),
    }
    client.post(reverse("council:open-ballot", args=[row.key]), facts | said)
    return Ballot.objects.first()


@pytest.fixture
def ballot(secretary: Client, request_: CustomerRequest, meeting: Meeting) -> Ballot:
    ballot = put(secretary, request_, meeting)
    assert ballot is not None
    return ballot


def page(client: Client, ballot: Ballot) -> str:
    return client.get(reverse("council:ballot", args=[ballot.pk])).content.decode()


def send(client: Client, ballot: Ballot, name: str, **said: object) -> str:
    address = reverse(f"council:ballot-{name}", args=[ballot.pk])
    return client.post(address, said, follow=True).content.decode()


class TestPuttingToTheVote:
    def test_puts_the_request_on_the_agenda_where_it_is_taken_up_otherwise(
        self, ballot: Ballot, request_: CustomerRequest, meeting: Meeting
    ) -> None:
        item = AgendaItem.objects.get()
        assert (item.meeting, item.request, ballot.agenda_item) == (meeting, request_, item)
        assert ballot.closes_at is not None

    def test_takes_the_item_that_is_there(
        self, secretary: Client, request_: CustomerRequest, meeting: Meeting
    ) -> None:
        item = make.AgendaItemFactory.create(meeting=meeting, request=request_)

        ballot = put(secretary, request_, meeting)

        assert ballot is not None
        assert ballot.agenda_item == item

    @pytest.mark.parametrize(
        "missing", [{"closes_at": ""}, {"proposal": " "}, {"closes_at": "2001-01-01T10:00"}]
    )
    def test_says_what_is_missing_and_leaves_nothing_half_done(
        self,
        secretary: Client,
        request_: CustomerRequest,
        meeting: Meeting,
        missing: dict[str, str],
    ) -> None:
        assert put(secretary, request_, meeting, **missing) is None
        assert not AgendaItem.objects.exists()

    def test_is_offered_on_the_page_of_the_request_until_one_is_open(
        self, secretary: Client, request_: CustomerRequest, meeting: Meeting
    ) -> None:
        address = f"/requests/{request_.key}/"
        assert "Decide between meetings" in secretary.get(address).content.decode()

        put(secretary, request_, meeting)

        shown = secretary.get(address).content.decode()
        assert "Decide between meetings" not in shown
        assert "A ballot is open until" in shown


class TestAnswering:
    def test_is_asked_on_home_and_on_the_page_of_ballots(
        self, ballot: Ballot, noor_pages: Client
    ) -> None:
        for address in ("/", "/ballots/"):
            shown = noor_pages.get(address).content.decode()
            assert f"/ballots/{ballot.pk}/" in shown
        assert "Answer the ballot" in noor_pages.get("/").content.decode()

        send(noor_pages, ballot, "answer", answer="yes")

        assert "Answer the ballot" not in noor_pages.get("/").content.decode()
        assert Stance.objects.get().answer == "yes"

    def test_stays_blind_until_it_is_closed(
        self, ballot: Ballot, noor_pages: Client, secretary: Client
    ) -> None:
        send(noor_pages, ballot, "answer", answer="no", reason="ZZWHY")
        assert "has answered" in page(secretary, ballot)
        assert "ZZWHY" not in page(secretary, ballot)

        Ballot.objects.update(closes_at=timezone.now(), opened_at=timezone.now() - timedelta(1))
        ballots.close_due(by=None, at=timezone.now())

        assert "ZZWHY" in page(secretary, ballot)

    def test_asks_for_the_reason_of_an_objection(self, ballot: Ballot, noor_pages: Client) -> None:
        Ballot.objects.update(rule=ballot.rule | {"mode": "consent"})

        shown = send(noor_pages, ballot, "answer", answer="objection", reason="")

        assert "This field is required." in shown
        assert not Stance.objects.exists()

    def test_is_refused_after_the_deadline(self, ballot: Ballot, noor_pages: Client) -> None:
        Ballot.objects.update(closes_at=timezone.now(), opened_at=timezone.now() - timedelta(1))

        shown = send(noor_pages, ballot, "answer", answer="yes")

        assert "This ballot is over" in shown

    def test_is_not_asked_of_who_has_stepped_aside(
        self, ballot: Ballot, noor_pages: Client
    ) -> None:
        shown = send(noor_pages, ballot, "step-aside", reason="It is my brother's.")

        assert "You have stepped aside: It is my brother&#x27;s." in shown
        assert "Answer the ballot" not in noor_pages.get("/").content.decode()
        send(noor_pages, ballot, "come-back")
        assert Recusal.objects.get().returned_at is not None


class TestWhatComesOfIt:
    def test_is_counted_by_the_clock_and_recorded_on_its_page(
        self, ballot: Ballot, noor_pages: Client, secretary: Client
    ) -> None:
        send(noor_pages, ballot, "answer", answer="yes")
        Ballot.objects.update(closes_at=timezone.now(), opened_at=timezone.now() - timedelta(1))
        ballots.close_due(by=None, at=timezone.now())
        assert "carried" in page(noor_pages, ballot)

        shown = send(secretary, ballot, "record")

        assert "On record and sealed: approve." in shown
        assert Decision.objects.get().request.status == "approved"

    def test_is_another_version_in_other_words(self, ballot: Ballot, secretary: Client) -> None:
        shown = send(secretary, ballot, "amend", proposal="Build half.", verdict="pilot")

        later = Ballot.objects.get(amends=ballot)
        assert "Build half." in shown
        assert later.closes_at == ballot.closes_at
        assert "go to the next version" in page(secretary, ballot)

    def test_is_withdrawn_with_a_reason(self, ballot: Ballot, secretary: Client) -> None:
        send(secretary, ballot, "withdraw", reason="Too early.")

        ballot.refresh_from_db()
        assert ballot.status == "withdrawn"

    def test_reminds_those_who_have_not_answered(
        self, ballot: Ballot, noor_pages: Client, secretary: Client
    ) -> None:
        send(noor_pages, ballot, "answer", answer="yes")

        send(secretary, ballot, "remind")

        assert Letter.objects.get().ballot == ballot


def test_keeps_what_is_of_a_closed_product_to_those_who_see_it(
    ballot: Ballot, noor_pages: Client
) -> None:
    ballot.agenda_item.meeting.council.products.update(is_open=False)

    assert noor_pages.get(reverse("council:ballot", args=[ballot.pk])).status_code == 404
    assert f"/ballots/{ballot.pk}/" not in noor_pages.get("/ballots/").content.decode()
