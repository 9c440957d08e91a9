"""Where a request stands on its line."""

from datetime import datetime, timedelta

import pytest

from council.rules.stages import Stage, State, phase_of, present, states
from tests.factories import NOON

DAY = timedelta(1)
ALL = {stage: NOON + place * DAY for place, stage in enumerate(Stage)}


def up_to(last: Stage) -> dict[Stage, datetime]:
    stages = list(Stage)
    return {stage: ALL[stage] for stage in stages[: stages.index(last) + 1]}


@pytest.mark.parametrize(
    ("status", "stage"),
    [
        ("new", Stage.REQUEST),
        ("under_review", Stage.SCORED),
        ("approved", Stage.DECIDED),
        ("deferred", Stage.DECIDED),
        ("declined", Stage.DECIDED),
        ("planned", Stage.SPRINT),
        ("in_progress", Stage.SPRINT),
        ("delivered", Stage.SHIPPED),
        ("verified", Stage.ANSWERED),
        ("merged", Stage.REQUEST),
    ],
)
def test_a_status_says_where_it_stands(status: str, stage: Stage) -> None:
    assert present(status, {}, since=NOON) == stage


def test_what_was_told_since_brings_it_further() -> None:
    shipped = ALL[Stage.SHIPPED]

    assert present("delivered", up_to(Stage.TOLD), since=shipped) == Stage.TOLD
    assert present("delivered", ALL, since=shipped) == Stage.ANSWERED
    assert present("delivered", ALL, since=ALL[Stage.ANSWERED] + DAY) == Stage.SHIPPED


def test_a_request_that_came_back_has_later_stages_of_an_earlier_round() -> None:
    found = states("under_review", ALL, since=ALL[Stage.ANSWERED])

    assert [found[stage] for stage in Stage] == [
        *(State.DONE, State.DONE, State.PRESENT),
        *(State.EARLIER,) * 5,
    ]


def test_what_is_to_come_is_ahead_and_what_was_left_out_is_passed_by() -> None:
    reached = {Stage.REQUEST: NOON}

    found = states("planned", reached, since=NOON)

    assert [found[stage] for stage in Stage] == [
        *(State.SKIPPED, State.DONE, State.SKIPPED, State.SKIPPED, State.PRESENT),
        *(State.AHEAD,) * 3,
    ]


def test_what_was_declined_is_not_built_and_yet_told() -> None:
    found = states("declined", up_to(Stage.DECIDED), since=ALL[Stage.DECIDED])

    assert found[Stage.SPRINT] == found[Stage.SHIPPED] == State.SKIPPED
    assert found[Stage.TOLD] == State.AHEAD


def test_what_was_merged_goes_no_further() -> None:
    assert states("merged", {}, since=NOON)[Stage.DECIDED] == State.SKIPPED


@pytest.mark.parametrize(
    ("kind", "stage"),
    [
        ("feedback.said", Stage.WORDS),
        ("request.assessed", Stage.SCORED),
        ("decision.recorded", Stage.DECIDED),
        ("outcome.measured", Stage.SHIPPED),
        ("outcome.announced", Stage.TOLD),
        ("reply.received", Stage.ANSWERED),
        ("request.status_changed", None),
    ],
)
def test_events_belong_to_stages(kind: str, stage: Stage | None) -> None:
    assert phase_of(kind) == stage
