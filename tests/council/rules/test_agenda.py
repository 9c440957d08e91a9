"""The composer: what it promises, for any candidates."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from council.rules import agenda
from council.rules.agenda import PATIENCE, Candidate

LENGTHS = st.sampled_from([5, 10, 15, 20, 30, 45])


@st.composite
def candidates(draw: st.DrawFn, most: int = 12) -> list[Candidate]:
    count = draw(st.integers(0, most))
    return [
        Candidate(
            key=f"{number:03}",
            minutes=draw(LENGTHS),
            value=draw(st.integers(0, 150)),
            passed_over=draw(st.integers(0, 5)),
            is_required=draw(st.integers(0, 5)) == 0,
        )
        for number in range(count)
    ]


def minutes_of(rows: list[Candidate]) -> int:
    return sum(each.minutes for each in rows)


class TestCompose:
    @given(candidates(), st.integers(5, 180), st.integers(0, 60))
    def test_is_never_over_the_time_unless_what_is_required_is_by_itself(
        self, rows: list[Candidate], minutes: int, standing: int
    ) -> None:
        composed = agenda.compose(rows, minutes=minutes, standing=standing)

        used = standing + minutes_of(composed.taken)
        required = [each for each in rows if each.is_required]
        assert used <= minutes or used == standing + minutes_of(required)
        assert composed.over == max(0, standing + minutes_of(required) - minutes)

    @given(candidates(), st.integers(5, 180))
    def test_never_drops_what_is_required(self, rows: list[Candidate], minutes: int) -> None:
        composed = agenda.compose(rows, minutes=minutes)

        assert {each for each in rows if each.is_required} <= set(composed.taken)
        assert len(set(composed.taken)) == len(composed.taken)

    @given(candidates(), st.integers(5, 180), st.randoms(use_true_random=False))
    def test_gives_the_same_agenda_for_the_same_candidates(
        self, rows: list[Candidate], minutes: int, random: object
    ) -> None:
        first = agenda.compose(rows, minutes=minutes)
        shuffled = sorted(rows, key=lambda _each: random.random())  # type: ignore[attr-defined]

        assert agenda.compose(shuffled, minutes=minutes) == first

    def test_says_what_no_such_meeting_has_room_for(self) -> None:
        workshop = Candidate("workshop", minutes=90, value=100)

        assert agenda.compose([workshop], minutes=60).too_long == [workshop]

    def test_puts_what_is_worth_most_a_minute_first(self) -> None:
        long = Candidate("long", minutes=30, value=100)
        short = Candidate("short", minutes=5, value=50)

        assert agenda.compose([long, short], minutes=60).taken == [short, long]

    def test_leaves_half_of_the_time_to_the_young(self) -> None:
        elders = [Candidate(f"{n}", minutes=10, value=1, passed_over=9) for n in range(9)]
        young = [Candidate(f"y{n}", minutes=10, value=100) for n in range(9)]

        taken = agenda.compose([*elders, *young], minutes=60).taken

        assert [each.key for each in taken] == ["0", "1", "2", "y0", "y1", "y2"]


class TestBestFit:
    @given(candidates(), st.integers(0, 120))
    def test_is_worth_what_the_best_of_all_choices_is(
        self, rows: list[Candidate], minutes: int
    ) -> None:
        every_choice = chain.from_iterable(combinations(rows, n) for n in range(len(rows) + 1))
        optimum = max(
            sum(each.worth for each in choice)
            for choice in every_choice
            if sum(each.minutes for each in choice) <= minutes
        )

        chosen = agenda.best_fit(rows, minutes)

        assert minutes_of(chosen) <= minutes
        assert sum(each.worth for each in chosen) == optimum


class TestNothingStarves:
    @given(
        st.lists(st.tuples(LENGTHS, st.integers(0, 20)), min_size=1, max_size=14),
        st.integers(45, 90),
    )
    def test_everybody_is_on_an_agenda_within_the_bound(
        self, waiting: list[tuple[int, int]], minutes: int
    ) -> None:
        """Though at every meeting more comes in that is worth far more than fits."""
        queue = [
            Candidate(f"{n:03}", minutes=length, value=value)
            for n, (length, value) in enumerate(waiting)
        ]
        bounds = {
            each.key: agenda.longest_wait(
                each, ahead=[it for it in queue if it != each], open_minutes=minutes
            )
            for each in queue
        }
        for meeting in range(max(bounds.values()) + 1):
            new = [
                Candidate(f"new {meeting} {n}", minutes=10, value=10_000)
                for n in range(minutes // 10 + 1)
            ]
            taken = {it.key for it in agenda.compose([*queue, *new], minutes=minutes).taken}
            queue = [
                Candidate(it.key, it.minutes, it.value, it.passed_over + 1)
                for it in [*queue, *new]
                if it.key not in taken
            ]
            late = [it.key for it in queue if bounds.get(it.key, meeting + 1) <= meeting]
            assert late == []

    def test_somebody_who_was_passed_over_often_goes_first(self) -> None:
        rows = [
            Candidate("dear", minutes=30, value=1_000),
            Candidate("patient", minutes=30, value=1, passed_over=PATIENCE),
        ]

        assert [it.key for it in agenda.compose(rows, minutes=30).taken] == ["patient"]

    def test_has_no_bound_for_what_never_fits(self) -> None:
        with pytest.raises(ValueError, match="longer than any meeting"):
            agenda.longest_wait(Candidate("x", minutes=61, value=1), ahead=[], open_minutes=60)
