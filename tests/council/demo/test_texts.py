import itertools

from backlog.models import Feedback, Outcome
from council.demo import texts
from council.demo.requests import CRITERIA

WISHES = [wish for prefix in ("PAY", "SHOP") for wish in texts.wishes(prefix)]


class TestUtterance:
    def test_marks_the_part_that_matters(self) -> None:
        said = texts.utterance("en seller bad|Ugh. [[It is slow.]] Bye.", year=2026)

        assert (said.language, sorted(said.tags)) == ("en", ["bad", "seller"])
        assert said.text == "Ugh. It is slow. Bye."
        assert said.text[said.start : said.end] == "It is slow."

    def test_marks_all_of_it_where_no_part_is_marked(self) -> None:
        said = texts.utterance("ko|좋아요", year=2026)

        assert (said.start, said.end) == (0, 3)

    def test_may_name_its_speaker(self) -> None:
        assert texts.utterance("en seller @Erik_Dahl|Hm.", year=2026).speaker == "Erik Dahl"
        assert texts.utterance("en seller|Hm.", year=2026).speaker == ""

    def test_knows_the_year(self) -> None:
        assert texts.utterance("en|It is {year}.", year=2031).text == "It is 2031."


class TestWishes:
    def test_have_words_that_mark_what_matters(self) -> None:
        for voice in itertools.chain(*(wish["voices"] for wish in WISHES)):
            assert voice.count("[[") == voice.count("]]") == 1, voice
            assert voice.split("|")[0].split()[0] in ("ko", "en"), voice

    def test_have_a_stage_of_the_journey(self) -> None:
        assert {wish["stage"] for wish in WISHES} <= set(Feedback.JourneyStage)

    def test_have_a_mark_for_every_criterion_or_none(self) -> None:
        marked = [wish["marks"] for wish in WISHES if "marks" in wish]
        assert len(marked) == 52
        assert {len(marks) for marks in marked} == {len(CRITERIA)}
        assert set(itertools.chain(*marked)) == {1, 2, 3, 4, 5}

    def test_have_outcomes_in_both_languages(self) -> None:
        promises = itertools.chain(*(wish.get("commitments", []) for wish in WISHES))
        for telling in itertools.chain(*(promise.get("outcomes", []) for promise in promises)):
            is_whole = telling["result"] == Outcome.Result.DELIVERED
            assert set(telling["summary"]) == {"ko", "en"}
            assert set(telling.get("missing", {})) == (set() if is_whole else {"ko", "en"})
