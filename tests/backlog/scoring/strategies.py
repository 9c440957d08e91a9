"""What Hypothesis draws from in the scoring tests."""

from hypothesis import strategies as st

from backlog.scoring.aggregate import Assessment, Confidence, Scale
from backlog.statistics.interval import Interval

FIVE_POINTS = Scale(1, 5)

numbers = st.floats(-1e6, 1e6, allow_nan=False).map(lambda number: round(number, 3) + 0.0)
answers = st.floats(1, 5).map(lambda number: round(number, 2))
assessments = st.builds(Assessment, answers, st.sampled_from(Confidence))


@st.composite
def intervals(
    draw: st.DrawFn, ends: st.SearchStrategy[float] = numbers, *, known: bool = False
) -> Interval:
    low, middle, high = sorted(draw(st.tuples(ends, ends, ends)))
    return Interval(low, middle if known or draw(st.booleans()) else None, high)


@st.composite
def narrower(draw: st.DrawFn, wide: Interval) -> Interval:
    """An interval somewhere inside another."""
    return draw(intervals(st.floats(wide.low + 0.0, wide.high + 0.0), known=True))


def is_inside(inner: Interval, outer: Interval, *, by: float = 0.0) -> bool:
    return outer.low - by <= inner.low and inner.high <= outer.high + by


voices = intervals(answers, known=True)
