"""What comes again under its number: alike whether it comes singly, in bulk or from a file."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backlog.intake.rows import Said
from backlog.models import Feedback, Source
from backlog.operations import erasure, feedback, import_runs
from backlog.operations.feedback import FeedbackData
from backlog.operations.feedback_in_bulk import Stored
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db


class Message(NamedTuple):
    number: str
    words: str
    rating: Decimal | None


def in_bulk(source: Source, messages: Sequence[Message], size: int) -> list[str]:
    became = []
    for start in range(0, len(messages), size):
        several = [
            (
                source,
                FeedbackData(
                    verbatim=it.words,
                    external_id=it.number,
                    readings={} if it.rating is None else {"nps": it.rating},
                ),
            )
            for it in messages[start : start + size]
        ]
        for stored in feedback.receive_many(messages=several, by=None, at=NOON):
            assert isinstance(stored, Stored)
            known = stored.notes[0] if stored.notes else "already_known"
            became.append("new" if stored.is_new else known)
    return became


def from_a_file(source: Source, messages: Sequence[Message], size: int) -> list[str]:
    rows = [
        Said(n, it.words, "", "", "", it.number, None, it.rating, {})
        for n, it in enumerate(messages)
    ]
    manner = import_runs.Manner(rating_kind="nps", batch_size=size)
    tried = import_runs.check_rows(source=source, rows=rows, manner=manner, at=NOON)
    would = [each for _counts, findings in tried for each in findings]
    run = import_runs.start_import(source=source, file_name="a.csv", by=None, at=NOON)
    found = [*import_runs.store_rows(run_id=run.pk, rows=rows, manner=manner, by=None, at=NOON)]
    assert would == found
    codes = {each.line: each.code for each in found}
    return [codes.get(n, "new") for n in range(len(messages))]


def kept() -> list[Any]:
    rows = Feedback.objects.order_by("pk").prefetch_related("readings")
    return [
        (it.external_id, it.verbatim, it.dedupe_key, [each.value for each in it.readings.all()])
        for it in rows
    ]


MESSAGES = st.lists(
    st.builds(
        Message,
        st.sampled_from(["1", "2"]),
        st.sampled_from(["느려요", "Slow"]),
        st.sampled_from([None, Decimal(3), Decimal(4)]),
    ),
    min_size=1,
    max_size=8,
)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    messages=MESSAGES,
    size=st.integers(2, 8),
    on_change=st.sampled_from(Source.OnChange.values),
    erased=st.integers(0, 8),
)
def test_is_settled_alike_whatever_the_way_and_the_size(
    messages: list[Message], size: int, on_change: str, erased: int
) -> None:
    """Also after the words of the first of them were erased."""
    found = {}
    for name, way, many in (
        ("singly", in_bulk, 1),
        ("in bulk", in_bulk, size),
        ("from a file", from_a_file, size),
    ):
        with transaction.atomic():
            source = make.SourceFactory.create(key="survey", on_change=on_change)
            before = way(source, messages[:erased], many)
            erasure.erase_words(Feedback.objects.all(), by=None, at=NOON)
            after = way(source, messages[erased:], many)
            found[name] = (before, after, kept())
            transaction.set_rollback(True)
    assert len({repr(each) for each in found.values()}) == 1, found
    if on_change == Source.OnChange.KEEP_BOTH:
        assert "other_words" not in repr(found)
