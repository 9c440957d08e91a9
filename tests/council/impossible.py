"""Rows of the council that must not exist: what refuses each, and how one would make it."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from council.models import LedgerSeal, Seal
from tests.backlog.models.making import Impossible, twice
from tests.factories import NOON
from tests.factories import council as make
from tests.factories.backlog import RequestFactory
from tests.factories.people import DepartmentFactory, UserFactory


def rows() -> Iterator[Impossible]:
    yield from _councils()
    yield from _house_rules()
    yield from _meetings()
    yield from _series()
    yield from _invitations()
    yield from _attendances()
    yield from _preparations()
    yield from _ballots()
    yield from _decisions()
    yield from _actions()
    yield from _minutes()
    yield from _amendments()
    yield from _letters()
    yield from _predictions()


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


def _house_rules() -> Iterator[Impossible]:
    council = make.CouncilFactory.create
    for share in ((0, 2), (3, 2), (1, 1001)):
        yield (
            "council_council_quorum_is_a_share",
            partial(council, quorum_numerator=share[0], quorum_denominator=share[1]),
        )
    for share in ((0, 1), (1, 3), (3, 2), (1001, 1001)):
        yield (
            "council_council_majority_is_half_or_more",
            partial(council, majority_numerator=share[0], majority_denominator=share[1]),
        )
    yield "council_council_mode_known", partial(council, mode="lot")
    yield "council_council_recorders_known", partial(council, recorders="nobody")
    yield "council_council_base_known", partial(council, base="everybody")
    yield "council_council_abstention_known", partial(council, abstention="sometimes")


def _ballots() -> Iterator[Impossible]:
    ballot, stance = make.BallotFactory.create, make.StanceFactory.create
    closed = partial(ballot, status="closed", ended_at=NOON)
    yield (
        "council_ballot_one_open_on_an_item",
        twice(ballot, agenda_item=make.AgendaItemFactory.create),
    )
    yield "council_ballot_status_known", partial(ballot, status="asleep", ended_at=NOON)
    yield "council_ballot_result_iff_closed", closed
    yield "council_ballot_result_iff_closed", partial(closed, result="won")
    yield "council_ballot_result_iff_closed", partial(ballot, result="carried")
    yield "council_ballot_ended_iff_not_open", partial(ballot, status="withdrawn")
    yield "council_ballot_ended_iff_not_open", partial(ballot, ended_at=NOON)
    yield "council_ballot_verdict_known", partial(ballot, verdict="shrug")
    yield "council_ballot_says_what_is_proposed", partial(ballot, proposal="")
    yield "council_ballot_deferred_until", partial(ballot, verdict="defer")
    yield (
        "council_ballot_says_why_not_only_to_decline",
        partial(ballot, reason_code="too_few"),
    )
    asks = "council_ballot_asks_somebody_by_a_day_for_evidence"
    yield asks, partial(ballot, verdict="ask_for_evidence", evidence_due_on=NOON.date())
    yield "council_ballot_closes_after_opening", partial(ballot, closes_at=NOON)
    yield "council_ballot_does_not_amend_itself", partial(ballot, pk=77, amends_id=77)
    yield (
        "council_stance_one_per_seat",
        twice(stance, ballot=ballot, seat=make.SeatFactory.create),
    )
    yield "council_stance_answer_known", partial(stance, answer="perhaps")
    yield "council_stance_capacity_known", partial(stance, capacity="officer")
    yield "council_stance_objection_has_its_reason", partial(stance, answer="objection")


def _attendances() -> Iterator[Impossible]:
    there, user = make.AttendanceFactory.create, UserFactory.create
    meeting, seat = make.MeetingFactory.create, make.SeatFactory.create
    yield "council_attendance_one_voice_for_a_seat", twice(there, meeting=meeting, seat=seat)
    yield "council_attendance_nobody_is_there_twice", twice(there, meeting=meeting, user=user)
    yield (
        "council_attendance_one_proxy_each",
        twice(there, meeting=meeting, user=user, capacity="proxy"),
    )
    yield "council_attendance_capacity_known", partial(there, capacity="ghost")
    yield "council_attendance_for_a_seat_or_an_office", partial(there, capacity="officer")
    yield "council_attendance_for_a_seat_or_an_office", partial(there, seat=None)
    yield (
        "council_attendance_leaves_after_coming",
        partial(there, left_at=NOON - timedelta(seconds=1)),
    )


def _series() -> Iterator[Impossible]:
    series, meeting = make.SeriesFactory.create, make.MeetingFactory.create
    yield (
        "council_meeting_one_of_a_series_a_day",
        twice(meeting, series=make.SeriesFactory.create, occurs_on=NOON.date),
    )
    of_series = "council_meeting_of_a_series_has_its_day"
    yield of_series, partial(meeting, occurs_on=NOON.date())
    yield of_series, partial(meeting, exception="moved")
    yield (
        "council_meeting_exception_known",
        lambda: meeting(series=series(), occurs_on=NOON.date(), exception="skipped"),
    )
    for minutes in (4, 1441):
        yield "council_series_lasts_up_to_a_day", partial(series, minutes=minutes)
    yield "council_series_on_holiday_known", partial(series, on_holiday="dance")
    feed = make.CalendarFeedFactory.create
    yield "council_calendarfeed_one_of_a_colleague", twice(feed, user=UserFactory.create)
    yield (
        "council_calendarfeed_revoked_after_made",
        partial(feed, revoked_at=NOON - timedelta(days=1)),
    )


def _invitations() -> Iterator[Impossible]:
    invitation = make.InvitationFactory.create
    yield (
        "council_invitation_once_each",
        twice(invitation, meeting=make.MeetingFactory.create, user=UserFactory.create),
    )
    yield "council_invitation_capacity_known", partial(invitation, capacity="king")
    for_a_seat = "council_invitation_for_a_seat_or_none"
    yield for_a_seat, partial(invitation, seat=None)
    yield for_a_seat, partial(invitation, capacity="guest")
    answer = "council_invitation_answer_known"
    yield answer, partial(invitation, answer="perhaps", answered_at=NOON)
    yield answer, partial(invitation, answer="yes")
    yield (
        answer,
        partial(invitation, seat=None, capacity="guest", answer="alternate", answered_at=NOON),
    )
    yield "council_invitation_method_known", partial(invitation, method="shout")
    status = "council_invitation_status_known"
    yield status, partial(invitation, status="lost")
    yield status, partial(invitation, status="sent")
    yield (
        "council_invitation_claimed_while_owed",
        partial(invitation, status="failed", claimed_until=NOON),
    )
    yield (
        "council_invitation_claimed_when_due",
        partial(invitation, claimed_until=NOON - timedelta(days=1)),
    )


def _preparations() -> Iterator[Impossible]:
    item, user = make.AgendaItemFactory.create, UserFactory.create
    yield (
        "council_preparation_read_once_by_each",
        twice(make.PreparationFactory.create, agenda_item=item, user=user),
    )
    aside = make.RecusalFactory.create
    yield (
        "council_recusal_one_of_a_seat_at_a_time",
        twice(aside, agenda_item=item, seat=make.SeatFactory.create),
    )
    yield "council_recusal_says_why", partial(aside, reason="")
    yield (
        "council_recusal_returns_after_stepping_aside",
        partial(aside, returned_at=NOON - timedelta(seconds=1)),
    )


def _meetings() -> Iterator[Impossible]:
    meeting, item = make.MeetingFactory.create, make.AgendaItemFactory.create
    yield (
        "council_meeting_one_under_way_of_a_council",
        twice(
            meeting, council=make.CouncilFactory.create, status="in_session", opened_at=lambda: NOON
        ),
    )
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
    taken_up = partial(item, status="active", activated_at=NOON)
    yield "council_agendaitem_one_at_a_time", twice(taken_up, meeting=make.MeetingFactory.create)
    yield "council_agendaitem_active_since", partial(item, status="active")
    yield "council_agendaitem_status_known", partial(item, status="asleep")
    yield "council_agendaitem_is_about_something", partial(item, request=None)
    yield "council_agendaitem_kind_known", partial(item, kind="chat")
    for minutes in (0, 1441):
        yield "council_agendaitem_takes_a_minute_to_a_day", partial(item, minutes=minutes)


def _predictions() -> Iterator[Impossible]:
    predict = make.PredictionFactory.create
    one = {"decision": make.DecisionFactory.create, "predicted_by": UserFactory.create}
    yield "council_prediction_one_of_each_for_a_day", twice(predict, **one)
    yield "council_prediction_names_its_measure", partial(predict, measure="")
    yield "council_prediction_expects_a_change", partial(predict, baseline=5, target=5)
    for percent in (0, 100):
        too_sure = partial(predict, probability=percent)
        yield "council_prediction_probability_from_1_to_99", too_sure

    result = "council_prediction_measured_only_with_result"
    yield "council_prediction_result_known", partial(predict, result="perhaps")
    yield result, partial(predict, actual=5)
    review = make.ReviewFactory.create
    yield "council_review_result_known", partial(review, result="perhaps")
    yield "council_review_conclusion_known", partial(review, conclusion="perhaps")
    yield "council_review_says_what_was_learnt", partial(review, words="")
    again = partial(review, conclusion="decide_anew", next_on=NOON.date())
    yield "council_review_looks_again_only_if_it_stands", again


def _decisions() -> Iterator[Impossible]:
    decision = make.DecisionFactory.create
    yield (
        "council_decision_one_in_effect_per_request",
        twice(decision, request=RequestFactory.create),
    )
    yield (
        "council_decision_one_of_a_ballot_per_request",
        twice(
            partial(decision, status="superseded"),
            ballot=make.BallotFactory.create,
            request=RequestFactory.create,
        ),
    )
    yield "council_decision_verdict_known", partial(decision, verdict="shrug")
    yield "council_decision_status_known", partial(decision, status="asleep")
    yield "council_decision_act_known", partial(decision, act="nap", what_changed="All.")
    changes = "council_decision_says_of_what_and_why_it_changes"
    yield changes, partial(decision, what_changed="All.")
    yield changes, partial(decision, act="amendment", what_changed="All.")

    def decision_taken_with_itself() -> None:
        itself = decision()
        itself.taken_with = itself
        itself.save()

    yield "council_decision_not_taken_with_itself", decision_taken_with_itself
    yield "council_decision_gives_its_reasons", partial(decision, rationale="")
    yield "council_decision_deferred_until", partial(decision, verdict="defer")
    yield from _particulars()


def _actions() -> Iterator[Impossible]:
    action = make.ActionItemFactory.create
    yield "council_actionitem_status_known", partial(action, status="asleep")
    done = "council_actionitem_done_with_evidence"
    yield done, partial(action, status="claimed_done")
    asks = "council_actionitem_asks_for_time_with_a_reason"
    yield asks, partial(action, asked_until=NOON.date())
    yield asks, partial(action, asked_why="The bank is slow.")
    claimed = "council_actionitem_claimed_at_a_time"
    yield claimed, partial(action, status="claimed_done", evidence="x", claimed_at=None)
    yield claimed, partial(action, claimed_at=NOON)
    yield done, partial(action, status="verified", closed_at=NOON)
    closed = "council_actionitem_closed_iff_finished"
    yield closed, partial(action, closed_at=NOON)
    yield closed, partial(action, status="cancelled")


def _particulars() -> Iterator[Impossible]:
    decision = make.DecisionFactory.create
    asks = "council_decision_asks_somebody_by_a_day_for_evidence"
    yield asks, partial(decision, verdict="ask_for_evidence", evidence_due_on=NOON.date())
    why_not = "council_decision_says_why_not_only_to_decline"
    yield why_not, partial(decision, reason_code="too_few")
    yield why_not, partial(decision, verdict="decline", reason_code="no_mood")


def _minutes() -> Iterator[Impossible]:
    minutes = make.MinutesFactory.create
    seen = {"proposed_at": NOON, "review_until": NOON}
    final = partial(
        minutes,
        status="approved",
        number=1,
        revision=1,
        approved_at=NOON,
        approved_how="vote",
        **seen,
    )

    def same_version_twice() -> None:
        meeting = make.MeetingFactory.create()
        for number in (1, 2):
            final(meeting=meeting, number=number)

    yield "council_minutes_one_per_version", same_version_twice
    yield (
        "council_minutes_one_version_at_work",
        partial(_two_at_work),
    )
    yield "council_minutes_numbered_once", twice(final, council=make.CouncilFactory.create)
    yield "council_minutes_status_known", partial(minutes, status="lost")
    yield "council_minutes_reviewed_since", partial(minutes, status="review")
    yield "council_minutes_reviewed_since", partial(minutes, **seen)
    yield "council_minutes_approved_whole", partial(minutes, number=1)
    for lacking in ({"number": None}, {"approved_at": None}, {"approved_how": ""}, {"revision": 0}):
        yield "council_minutes_approved_whole", partial(final, **lacking)
    yield "council_minutes_published_iff_so", partial(final, published_at=NOON)
    yield "council_minutes_published_iff_so", partial(final, status="published")
    yield "council_minutes_correction_says_what", partial(minutes, version=2)
    yield "council_minutes_correction_says_what", partial(minutes, correction="Wrong.")


def _amendments() -> Iterator[Impossible]:
    amendment = make.MinutesAmendmentFactory.create
    yield "council_minutesamendment_status_known", partial(amendment, status="lost")
    yield "council_minutesamendment_says_something", partial(amendment, text="")
    answered = partial(amendment, answered_by=UserFactory.create, answered_at=NOON)
    yield "council_minutesamendment_answered_iff_not_open", partial(amendment, status="accepted")
    yield "council_minutesamendment_answered_iff_not_open", partial(amendment, answered_at=NOON)
    yield (
        "council_minutesamendment_declined_with_a_reason",
        lambda: answered(status="declined", answered_by=UserFactory.create()),
    )
    yield (
        "council_minutesapproval_once_each",
        twice(
            make.MinutesApprovalFactory.create,
            minutes=make.MinutesFactory.create,
            user=UserFactory.create,
        ),
    )
    yield (
        "council_council_minutes_within_a_quarter",
        partial(make.CouncilFactory.create, minutes_days=0),
    )


def _two_at_work() -> None:
    first = make.MinutesFactory.create()
    make.MinutesFactory.create(meeting=first.meeting, version=2, correction="Wrong.")


def _letters() -> Iterator[Impossible]:
    letter = make.LetterFactory.create
    action = make.ActionItemFactory.create
    yield "council_actionitem_blocked_by_something", partial(action, status="blocked")
    yield "council_actionitem_blocked_by_something", partial(action, blocked_by="The bank.")
    yield "council_letter_kind_known", partial(letter, kind="love")
    yield "council_letter_status_known", partial(letter, status="lost")
    yield "council_letter_about_one_thing", partial(letter, minutes=None)
    yield "council_letter_about_one_thing", partial(letter, kind="agenda")
    yield (
        "council_letter_about_one_thing",
        lambda: letter(action_item=make.ActionItemFactory.create()),
    )
    yield "council_letter_leased_iff_sending", partial(letter, status="sending")
    yield "council_letter_leased_iff_sending", partial(letter, lease_until=NOON)
    yield "council_letter_sent_has_a_time", partial(letter, status="sent")
    yield "council_letter_sent_has_a_time", partial(letter, sent_at=NOON)
    yield (
        "council_ledgerseal_first_comes_first",
        lambda: LedgerSeal.objects.create(
            number=1, first_event=2, last_event=1, events=1, entries=[], digest="a", sealed_at=NOON
        ),
    )
