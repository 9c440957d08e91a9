import itertools

from backlog.models import Feedback, Outcome
from council.demo import texts
from council.demo.requests import CRITERIA

FIXTURES = [fixture for prefix in ("PAY", "SHOP") for fixture in texts.requests(prefix)]


class TestUtterance:
    def test_marks_the_part_that_matters(self) -> None:
        utterance = texts.utterance("en seller bad|Ugh. [[It is slow.]] Bye.", year=2026)

        assert (utterance.language, sorted(utterance.tags)) == ("en", ["bad", "seller"])
        assert utterance.text == "Ugh. It is slow. Bye."
        assert utterance.text[utterance.start : utterance.end] == "It is slow."

    def test_marks_all_of_it_where_no_part_is_marked(self) -> None:
        utterance = texts.utterance("ko|좋아요", year=2026)

        assert (utterance.start, utterance.end) == (0, 3)

    def test_may_name_its_speaker(self) -> None:
        assert texts.utterance("en seller @Erik_Dahl|Hm.", year=2026).speaker == "Erik Dahl"
        assert texts.utterance("en seller|Hm.", year=2026).speaker == ""

    def test_knows_the_year(self) -> None:
        assert texts.utterance("en|It is {year}.", year=2031).text == "It is 2031."


class TestWishes:
    def test_have_words_that_mark_what_matters(self) -> None:
        for voice in itertools.chain(*(fixture["voices"] for fixture in FIXTURES)):
            assert voice.count("[[") == voice.count("]]") == 1, voice
            assert voice.split("|")[0].split()[0] in ("ko", "en"), voice

    def test_have_a_stage_of_the_journey(self) -> None:
        assert {fixture["stage"] for fixture in FIXTURES} <= set(Feedback.JourneyStage)

    def test_have_a_mark_for_every_criterion_or_none(self) -> None:
        marked = [fixture["marks"] for fixture in FIXTURES if "marks" in fixture]
        assert len(marked) == 52
        assert {len(marks) for marks in marked} == {len(CRITERIA)}
        assert set(itertools.chain(*marked)) == {1, 2, 3, 4, 5}

    def test_have_outcomes_in_both_languages(self) -> None:
        commitments = itertools.chain(*(fixture.get("commitments", []) for fixture in FIXTURES))
        for outcome_fixture in itertools.chain(
            *(commitment_fixture.get("outcomes", []) for commitment_fixture in commitments)
        ):
            is_whole = outcome_fixture["result"] == Outcome.Result.DELIVERED
            assert set(outcome_fixture["summary"]) == {"ko", "en"}
            assert set(outcome_fixture.get("missing", {})) == (set() if is_whole else {"ko", "en"})
