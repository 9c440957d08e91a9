"""Thirty members in one room: how long an answer takes while they all answer at once.

The limit is a bare INSERT of one answer, alone, in the same run: what the disk and the database
cost without locks, rules or a ledger. What counts is the 95th percentile of thirty at once, on a
database that keeps them apart (PostgreSQL); and that a poll of the room costs one query beyond
sign-in, however many sit there.
"""

from collections.abc import Callable
from datetime import timedelta
from functools import partial
from time import perf_counter
from typing import Final

from django.contrib.auth.models import Group
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from backlog.models import User
from backlog.rules.roles import COUNCIL_MEMBER
from bench import measure
from council.models import Ballot, Meeting, Stance
from council.operations import attendances, ballots, meetings, stances
from council.operations.ballots import Proposal
from tests.at_once import at_once
from tests.factories import NOON
from tests.factories import council as make
from tests.factories.backlog import RequestFactory

SEATS: Final = 30
ROUNDS: Final = 8
SIGNING_IN: Final = 3
"""Queries of a session: the session, the user, their roles."""


def figures() -> list[measure.Figure]:
    meeting, members = _room()
    alone = sorted(_bare(meeting))
    together = sorted(_answers(meeting, members))
    found = [
        _figure("an answer, 30 at once: the middle one", together, alone, 0.5, "≤ 150 ms"),
        _figure("the same: one in twenty takes longer", together, alone, 0.95, "≤ 150 ms"),
        _poll(meeting, members[0]),
    ]
    for percent in (50, 95, 99):
        ours, limit = (_at(times, percent / 100) * 1000 for times in (together, alone))
        print(f"p{percent}: {ours:.1f} ms of ours at once, {limit:.1f} ms of a bare insert alone")
    connection.close()
    return found


def _at(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


def _figure(
    name: str, ours: list[float], limit: list[float], share: float, target: str
) -> measure.Figure:
    return measure.Figure(name, _at(ours, share), _at(limit, share), units=1, target=target)


def _room() -> tuple[Meeting, list[User]]:
    """Of thirty departments, in session, turned to an item."""
    council = make.CouncilFactory.create()
    request = RequestFactory.create()
    council.products.add(request.product)
    meeting = make.MeetingFactory.create(council=council)
    make.AgendaItemFactory.create(meeting=meeting, request=request)
    members = [make.SeatTermFactory.create(seat__council=council).user for _ in range(SEATS)]
    role, _is_new = Group.objects.get_or_create(name=COUNCIL_MEMBER)
    role.user_set.set(members)
    for user in members:
        attendances.attend(meeting_id=meeting.pk, by=user, at=NOON)
    meetings.open_meeting(meeting_id=meeting.pk, by=council.secretary, at=NOON)
    return meeting, members


def _answers(meeting: Meeting, members: list[User]) -> list[float]:
    """Seconds of each answer, all members at once, in some ballots one after the other."""
    item, secretary = meeting.agenda_items.get(), meeting.council.secretary
    took: list[float] = []
    for number in range(ROUNDS):
        ballot = ballots.open_ballot(
            agenda_item_id=item.pk,
            proposal=Proposal(f"Build it, {number}.", "approve"),
            by=secretary,
            at=NOON,
        )
        _together([_answer(ballot, user, took) for user in members])
        assert ballot.stances.count() == SEATS
        ballots.withdraw_ballot(ballot_id=ballot.pk, reason="Again.", by=secretary, at=NOON)
    return took


def _answer(ballot: Ballot, user: User, took: list[float]) -> Callable[[], None]:
    def work() -> None:
        began = perf_counter()
        stances.take_stance(
            ballot_id=ballot.pk, answer="yes", by=user, at=NOON + timedelta(minutes=1)
        )
        took.append(perf_counter() - began)

    return work


def _together(works: list[Callable[[], None]]) -> None:
    if connection.vendor != "postgresql":  # SQLite lets one write after the other.
        for work in works:
            work()
        return
    raised = at_once(works)
    assert raised == [], raised


def _bare(meeting: Meeting) -> list[float]:
    """Seconds of one answer as a row, and nothing else."""
    took = []
    seat, user = meeting.council.seats.order_by("pk").first(), meeting.council.secretary
    item = meeting.agenda_items.get()
    for _ in range(SEATS * ROUNDS):
        ballot = make.BallotFactory.create(agenda_item=item, status="withdrawn", ended_at=NOON)
        stance = Stance(
            ballot=ballot, seat=seat, user=user, capacity="holder", answer="yes", taken_at=NOON
        )
        took.append(measure.seconds(partial(stance.save, force_insert=True)))
    return took


def _poll(meeting: Meeting, user: User) -> measure.Figure:
    """A look at the room in which nothing was done, against a page that asks nothing."""
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    address = reverse("council:room-now", args=[meeting.pk])
    first = client.get(address)
    assert first.status_code == 200, first
    headers = {"If-None-Match": first["ETag"]}

    def look() -> None:
        assert client.get(address, headers=headers).status_code == 304

    with CaptureQueriesContext(connection) as asked:
        look()
    return measure.compare(
        "a look at the room, in which nothing was done",
        ours=look,
        limit=lambda: client.get("/healthz"),
        units=1,
        target="1 query beyond sign-in",
        rounds=30,
        queries=len(asked) - SIGNING_IN,
    )
