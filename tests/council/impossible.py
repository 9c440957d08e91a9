"""Rows of the council that must not exist: what refuses each, and how one would make it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from council.models import Seal
from tests.backlog.models.making import Impossible, twice
from tests.factories import NOON
from tests.factories import council as make
from tests.factories.backlog import RequestFactory
from tests.factories.people import DepartmentFactory, UserFactory


def rows() -> Iterator[Impossible]:
    yield from _councils()
    yield from _meetings()
    yield from _decisions()


def _councils() -> Iterator[Impossible]:
    council, seat, term = (
        make.CouncilFactory.create,
        make.SeatFactory.create,
        make.SeatTermFactory.create,
    )
    yield (
        "council_seat_one_vote_per_department",
        twice(seat, council=council, department=DepartmentFactory.create),
    )
    yield "council_seat_votes_for_a_department", partial(seat, department=None, title="Guest")
    yield "council_seat_has_a_name", partial(seat, department=None, is_voting=False)
    yield "council_seatterm_one_holder_and_one_alternate", twice(term, seat=seat)
    yield (
        "council_seatterm_ends_after_start",
        partial(term, ends_on=(NOON - timedelta(days=1)).date()),
    )

    def seals(**differing: tuple[object, object]) -> None:
        of = council()
        same = {"number": 1, "previous": "", "subject_id": 1, "sealed_at": NOON, "content": {}}
        for at in (0, 1):
            facts = same | {name: values[at] for name, values in differing.items()}
            Seal.objects.create(council=of, **facts)

    yield "council_seal_one_per_number", partial(seals, previous=("", "a"))
    yield "council_seal_chain_does_not_fork", partial(seals, number=(1, 2))


def _meetings() -> Iterator[Impossible]:
    meeting, item = make.MeetingFactory.create, make.AgendaItemFactory.create
    yield "council_meeting_status_known", partial(meeting, status="asleep")
    match = "council_meeting_times_match_status"
    yield match, partial(meeting, opened_at=NOON)
    yield match, partial(meeting, status="in_session")
    yield match, partial(meeting, status="in_session", opened_at=NOON, ended_at=NOON)
    yield match, partial(meeting, status="approved", opened_at=NOON)
    for minutes in (4, 1441):
        yield "council_meeting_lasts_up_to_a_day", partial(meeting, minutes=minutes)
    yield (
        "council_agendaitem_one_per_request",
        twice(item, meeting=meeting, request=RequestFactory.create),
    )
    yield "council_agendaitem_status_known", partial(item, status="asleep")
    yield "council_agendaitem_is_about_something", partial(item, request=None)
    yield "council_agendaitem_kind_known", partial(item, kind="chat")
    for minutes in (0, 1441):
        yield "council_agendaitem_takes_a_minute_to_a_day", partial(item, minutes=minutes)


def _decisions() -> Iterator[Impossible]:
    decision, action = make.DecisionFactory.create, make.ActionItemFactory.create
    yield (
        "council_decision_one_in_effect_per_request",
        twice(decision, request=RequestFactory.create),
    )
    yield "council_decision_verdict_known", partial(decision, verdict="shrug")
    yield "council_decision_status_known", partial(decision, status="asleep")
    predict = make.PredictionFactory.create
    one = {"decision": decision, "predicted_by": UserFactory.create}
    yield "council_prediction_one_of_each_for_a_day", twice(predict, **one)
    yield "council_prediction_names_its_measure", partial(predict, measure="")
    yield "council_prediction_expects_a_change", partial(predict, baseline=5, target=5)
    for percent in (0, 100):
        too_sure = partial(predict, probability=percent)
        yield "council_prediction_probability_from_1_to_99", too_sure

    def decision_taken_with_itself() -> None:
        itself = decision()
        itself.taken_with = itself
        itself.save()

    yield "council_decision_not_taken_with_itself", decision_taken_with_itself
    yield "council_decision_gives_its_reasons", partial(decision, rationale="")
    yield "council_decision_deferred_until", partial(decision, verdict="defer")
    yield "council_actionitem_status_known", partial(action, status="asleep")
    done = "council_actionitem_done_with_evidence"
    yield done, partial(action, status="claimed_done")
    yield done, partial(action, status="verified", closed_at=NOON)
    closed = "council_actionitem_closed_iff_finished"
    yield closed, partial(action, closed_at=NOON)
    yield closed, partial(action, status="cancelled")
