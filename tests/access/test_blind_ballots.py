"""Of a blind ballot nobody sees what others said before it is closed, on every face alike."""

from collections.abc import Iterator

import pytest
from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from backlog.models import User
from backlog.rules import roles
from council.models import Ballot, Meeting, Stance
from council.operations import ballots, decisions, stances
from tests.access.world import SIGN_IN
from tests.factories import NOON, backlog, people
from tests.factories import council as make

REASON = "ZZREASON"
pytestmark = pytest.mark.django_db


def member(meeting: Meeting, role: str = roles.COUNCIL_MEMBER) -> User:
    user: User = people.UserFactory.create(is_staff=True)
    user.groups.add(Group.objects.get_or_create(name=role)[0])
    seat = make.SeatTermFactory.create(seat__council=meeting.council, user=user).seat
    make.AttendanceFactory.create(meeting=meeting, seat=seat, user=user)
    return user


@pytest.fixture
def ballot() -> Ballot:
    meeting = make.MeetingFactory.create(status="in_session", opened_at=NOON)
    made: Ballot = make.BallotFactory.create(
        agenda_item__meeting=meeting,
        agenda_item__request=backlog.RequestFactory.create(status="under_review"),
    )
    assert made.agenda_item.request is not None
    meeting.council.products.add(made.agenda_item.request.product)
    return made


@pytest.fixture
def noor(ballot: Ballot) -> User:
    """Who has answered."""
    user = member(ballot.agenda_item.meeting)
    stances.take_stance(ballot_id=ballot.pk, answer="no", reason=REASON, by=user, at=NOON)
    return user


@pytest.fixture(params=[roles.COUNCIL_MEMBER, roles.SECRETARY, roles.ADMIN])
def other(request: pytest.FixtureRequest, ballot: Ballot, noor: User) -> User:
    """Who sits there as well, whatever else they may do."""
    user = member(ballot.agenda_item.meeting, request.param)
    stances.take_stance(ballot_id=ballot.pk, answer="yes", by=user, at=NOON)
    return user


def shown_to(user: User, ballot: Ballot) -> Iterator[str]:
    client = Client(headers={"accept-language": "en"})
    client.force_login(user, backend=SIGN_IN)
    item = ballot.agenda_item
    assert item.request is not None
    for address in (
        reverse("api:ballot-list"),
        reverse("api:ballot-detail", args=[ballot.pk]),
        reverse("api:meeting-detail", args=[item.meeting_id]),
        reverse("api:event-list") + "?page_size=200",
        reverse("admin:council_ballot_change", args=[ballot.pk]),
        reverse("admin:council_ballot_changelist"),
        reverse("admin:council_meeting_change", args=[item.meeting_id]),
        reverse("council:request", args=[item.request.key]),
        reverse("council:request-history", args=[item.request.key]),
    ):
        response = client.get(address)
        assert response.status_code == 200, address
        yield response.content.decode()


def test_nobody_sees_what_others_said_while_it_is_open(
    ballot: Ballot, noor: User, other: User
) -> None:
    assert [page for page in shown_to(other, ballot) if REASON in page] == []
    assert {stance.user for stance in Stance.objects.visible_to(other)} == {other}
    assert {stance.user for stance in Stance.objects.visible_to(noor)} == {noor}


def test_nor_in_the_answer_to_ones_own(ballot: Ballot, noor: User, other: User) -> None:
    client = Client()
    client.force_login(other, backend=SIGN_IN)

    said = client.post(
        reverse("api:ballot-stance", args=[ballot.pk]),
        {"answer": "abstain"},
        content_type="application/json",
    )

    assert said.status_code == 200, said.content
    assert [each["answer"] for each in said.json()["stances"]] == ["abstain"]


@pytest.mark.parametrize("status", ["amended", "withdrawn"])
def test_nor_when_it_ended_without_being_counted(
    ballot: Ballot, noor: User, other: User, status: str
) -> None:
    """Else whoever may amend could look at the answers, and put the same to the vote again."""
    Ballot.objects.update(status=status, ended_at=NOON)

    assert [page for page in shown_to(other, ballot) if REASON in page] == []


def test_all_see_it_once_it_is_closed(ballot: Ballot, noor: User, other: User) -> None:
    chair = ballot.agenda_item.meeting.council.chair
    ballots.close_ballot(ballot_id=ballot.pk, by=chair, at=NOON)

    assert Stance.objects.visible_to(other).count() == 2
    assert any(REASON in page for page in shown_to(other, ballot))


def test_of_an_open_vote_all_see_all(ballot: Ballot, noor: User, other: User) -> None:
    Ballot.objects.update(is_blind=False)

    assert Stance.objects.visible_to(other).count() == 2


def test_the_decision_says_what_was_against_it_and_not_who(
    ballot: Ballot, noor: User, other: User
) -> None:
    third = member(ballot.agenda_item.meeting)
    stances.take_stance(ballot_id=ballot.pk, answer="yes", by=third, at=NOON)
    chair = ballot.agenda_item.meeting.council.chair
    ballots.close_ballot(ballot_id=ballot.pk, by=chair, at=NOON)

    decision = decisions.record_by_ballot(ballot_id=ballot.pk, by=chair, at=NOON)

    assert decision.dissent == REASON
