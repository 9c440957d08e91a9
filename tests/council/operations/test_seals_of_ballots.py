"""Closed ballots stand in the chain: they can be counted again, and nobody changes them unseen."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from council.models import Ballot, Council, Seal, Stance
from council.operations import attendances, ballots, decisions, stances
from council.queries import seals as seal_queries
from council.rules.ballots import recount
from tests.factories import NOON
from tests.factories import council as make
from tests.factories.backlog import EventFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def closed(council: Council) -> Ballot:
    """Two for it, one against it, closed and recorded."""
    meeting = make.MeetingFactory.create(council=council, status="in_session", opened_at=NOON)
    ballot: Ballot = make.BallotFactory.create(
        agenda_item__meeting=meeting,
        agenda_item__request__product=council.products.get(),
        agenda_item__request__status="under_review",
    )
    for answer, reason in (("yes", ""), ("yes", "At last."), ("no", "Too dear.")):
        user = make.SeatTermFactory.create(seat__council=council).user
        attendances.attend(meeting_id=meeting.pk, by=user, at=NOON)
        stances.take_stance(ballot_id=ballot.pk, answer=answer, reason=reason, by=user, at=NOON)
    ballots.close_ballot(ballot_id=ballot.pk, by=council.secretary, at=NOON)
    decisions.record_by_ballot(ballot_id=ballot.pk, by=council.secretary, at=NOON)
    return ballot


def broken(council: Council) -> tuple[int, str]:
    found = seal_queries.find_break(council)
    assert found is not None
    return found.number, found.damage


def test_ballot_and_decision_follow_each_other(council: Council, closed: Ballot) -> None:
    assert seal_queries.find_break(council) is None
    assert list(council.seals.order_by("number").values_list("subject_type", flat=True)) == [
        "ballot",
        "decision",
    ]


def test_a_ballot_is_counted_again_from_what_was_sealed_alone(
    council: Council, closed: Ballot
) -> None:
    content = Seal.objects.get(subject_type="ballot").content

    assert recount(content) == content["result"] == "carried"
    assert "Too dear." not in str(content)


@pytest.mark.parametrize(
    "change",
    [
        {"result": "not_carried"},
        {"proposal": "Build nothing."},
        {"verdict": "decline"},
        {"conditions": "Never."},
        {"options": ["Buy it"]},
        {"electorate": {"entitled": [], "present": []}},
        {"ended_at": NOON + timedelta(seconds=1)},
    ],
    ids=lambda change: next(iter(change)),
)
def test_a_ballot_that_was_changed_is_named(
    council: Council, closed: Ballot, change: dict[str, object]
) -> None:
    Ballot.objects.update(**change)

    assert broken(council) == (1, "ballot_changed")


@pytest.mark.parametrize(
    "change",
    [{"answer": "yes"}, {"reason": "Too dear!"}, {"is_named": True}],
    ids=lambda change: next(iter(change)),
)
def test_an_answer_that_was_changed_is_named(
    council: Council, closed: Ballot, change: dict[str, object]
) -> None:
    Stance.objects.filter(answer="no").update(**change)

    assert broken(council) == (1, "ballot_changed")


def test_an_answer_that_was_taken_out_or_put_in_is_named(council: Council, closed: Ballot) -> None:
    put_in = make.StanceFactory.create(ballot=closed)
    assert broken(council) == (1, "ballot_changed")
    put_in.delete()
    assert seal_queries.find_break(council) is None

    Stance.objects.filter(answer="no").delete()
    assert broken(council) == (1, "ballot_changed")


def test_a_ballot_that_was_closed_without_a_seal_is_named(council: Council, closed: Ballot) -> None:
    make.BallotFactory.create(
        agenda_item__meeting__council=council,
        status="closed",
        result="carried",
        ended_at=NOON,
    )

    assert broken(council) == (2, "unsealed")


def test_words_that_were_redacted_on_record_stand_by_their_digest(
    council: Council, closed: Ballot
) -> None:
    stance = Stance.objects.get(answer="no")
    Stance.objects.filter(pk=stance.pk).update(reason="", salt="")
    Ballot.objects.filter(pk=closed.pk).update(proposal="[…]", salt="")
    assert broken(council) == (1, "ballot_changed")

    for noun, row in (("stance", stance.pk), ("ballot", closed.pk)):
        EventFactory.create(kind="text.redacted", request=None, subject_type=noun, subject_id=row)

    assert seal_queries.find_break(council) is None


def test_the_command_says_which_it_is(council: Council, closed: Ballot) -> None:
    changed = Stance.objects.get(answer="no")
    Stance.objects.filter(pk=changed.pk).update(answer="yes")

    said = StringIO()
    with translation.override("en"), pytest.raises(CommandError):
        call_command("verify_ledger", stdout=said, no_color=True)

    assert said.getvalue().splitlines()[0] == (
        f"{council}: The ballot of link 1 was changed, or an answer to it. (stance {changed.pk})"
    )
