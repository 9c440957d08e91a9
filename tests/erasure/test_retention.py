"""Words that nobody needs any more are erased after the months that their source says."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.management import call_command

from backlog import tasks
from backlog.intake.rows import Said
from backlog.models import Customer, Feedback, Source
from backlog.operations import feedback, import_runs, retention
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
LONG_AGO = NOON - timedelta(days=3650)
WORDS = "The terminal froze twice at the counter."


class TestRetention:
    @pytest.fixture
    def source(self) -> Source:
        return make.SourceFactory.create(keeps_words_months=12)

    def sweep(self) -> int:
        return sum(retention.sweep(by=None, at=NOON + timedelta(days=366)))

    def test_erases_what_speaks_for_nothing_any_more(self, source: Source) -> None:
        old = make.FeedbackFactory.create(source=source)
        declined = make.FeedbackFactory.create(source=source)
        make.EvidenceFactory.create(feedback=declined, request__status="declined")

        assert self.sweep() == 2

        assert not Feedback.objects.filter(pk__in=[old.pk, declined.pk], erased_at=None).exists()
        assert Customer.objects.filter(erased_at=None).count() == 2

    def test_keeps_the_young_the_live_and_what_others_keep(self, source: Source) -> None:
        make.FeedbackFactory.create(source=source, received_at=NOON + timedelta(days=10))
        make.FeedbackFactory.create(source=source, received_at=NOON + timedelta(days=1))
        live = make.FeedbackFactory.create(source=source)
        make.EvidenceFactory.create(feedback=live, request__status="planned")
        make.FeedbackFactory.create()

        assert self.sweep() == 0

    def test_a_dry_run_only_says_it(
        self, source: Source, capsys: pytest.CaptureFixture[str]
    ) -> None:
        make.FeedbackFactory.create(source=source, received_at=LONG_AGO)

        call_command("erase_expired_words", "--dry-run")

        assert f"1 {source.key}" in capsys.readouterr().out
        assert not Feedback.objects.exclude(erased_at=None).exists()

    def test_the_command_and_the_task_do_it(self, source: Source, capsys: Any) -> None:
        make.FeedbackFactory.create(source=source, received_at=LONG_AGO)
        call_command("erase_expired_words")
        make.FeedbackFactory.create(source=source, received_at=LONG_AGO)
        tasks.erase_expired_words()

        assert not Feedback.objects.filter(erased_at=None).exists()

    def test_the_same_row_again_is_known_and_not_stored_again(self, source: Source) -> None:
        incoming = feedback.FeedbackData(verbatim=WORDS, external_id="T-1")
        feedback.receive_feedback(source=source, incoming=incoming, by=None, at=NOON)
        self.sweep()

        _row, is_new = feedback.receive_feedback(
            source=source, incoming=incoming, by=None, at=NOON + timedelta(days=400)
        )

        assert not is_new

    def test_the_same_row_of_a_file_is_known_and_stays_empty(self, source: Source) -> None:
        said = Said(2, WORDS, "", "", "", "T-1", None, None, {})
        counts = []
        for at in (NOON, NOON + timedelta(days=400)):
            run = import_runs.start_import(source=source, file_name="a.csv", by=None, at=at)
            manner = import_runs.Manner()
            tried = import_runs.check_rows(source=source, rows=[said], manner=manner, at=at)
            would = [found for found, _findings in tried]
            rows = import_runs.store_rows(run_id=run.pk, rows=[said], manner=manner, by=None, at=at)
            counts.append([each.code for each in rows])
            run.refresh_from_db()
            assert would == [import_runs.Counts.of(run)]
            self.sweep()

        assert counts == [[], ["already_known"]]
        assert Feedback.objects.get().verbatim == ""
