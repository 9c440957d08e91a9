"""Short names in the texts of others: found as names, and never inside other words."""

import unicodedata

import pytest

from backlog.rules import people_names
from backlog.rules.mentions import REDACTED, Mentions


def linked(name: str, text: str) -> str:
    said: str = Mentions(names=[name]).redacted(text, is_linked=True)
    return said


ENDINGS = (
    *("", "님", " 님께서", "씨가", "이", "은", "을", "의", "에게", "께", "고객님은", " 고객님께서"),
    *("대표님께", "과장님한테는", "입니다", ")", "”", ", ", ": 화면", "이라고", "님들"),
)


@pytest.mark.parametrize("ending", ENDINGS)
@pytest.mark.parametrize("form", people_names.FORMS)
def test_a_korean_name_of_two_syllables_is_found_with_what_hangs_on_it(
    ending: str, form: people_names.Form
) -> None:
    before, after = (
        unicodedata.normalize(form, f"어제 {name}{ending} 말했다") for name in ("이산", REDACTED)
    )

    assert linked("이산", before) == after


@pytest.mark.parametrize(
    ("name", "text"),
    [
        *(("이산", text) for text in ("이산화탄소", "이산가족", "제이산업", "회의산출물")),
        *(("허준", text) for text in ("허준혁", "조허준")),
        *(("Li", text) for text in ("like", "Lisa", "Li-ion", "wei.Li@x.example", "a@Li", "li")),
        *(("Jo", text) for text in ("Job", "Joe", "banjo", "jo")),
        *(("Al", text) for text in ("et al", "All", "Al-Jazeera", "METAL")),
        ("Will", "they will"),
    ],
)
def test_other_words_stay(name: str, text: str) -> None:
    assert linked(name, text) == text


@pytest.mark.parametrize("text", ["Li's idea", "LI", "ask Li.", "(Li)", "Li님은", "Li, who"])
def test_a_latin_name_of_few_letters_is_found_as_a_word(text: str) -> None:
    assert REDACTED in linked("Li", text)


def test_elsewhere_a_short_name_is_only_possible() -> None:
    mentions = Mentions(names=["이산"])
    text = "이산님의 이산화탄소"

    assert mentions.redacted(text) == text
    assert mentions.possible_in(text) == [(0, 2)]
    assert mentions.redacted(text, is_meant=True) == f"{REDACTED}님의 이산화탄소"


def test_a_part_of_a_name_is_possible_in_what_is_about_them_alone() -> None:
    mentions = Mentions(names=["김민수", "Mira Quellenhof"])
    text = "민수 씨와 Quellenhof, 민수용"

    assert mentions.possible_in(text) == []
    assert mentions.possible_in(text, is_linked=True) == [(0, 2), (6, 16)]


def test_a_title_is_no_part_of_a_name() -> None:
    mentions = Mentions(names=["이산 대표님", "Dr. Li"])

    assert mentions.redacted("이산 과장, 대표님, Dr. Jo, Li", is_linked=True) == (
        f"{REDACTED} 과장, 대표님, Dr. Jo, {REDACTED}"
    )


def test_a_name_of_one_word_is_redacted_where_it_is_sure_alone() -> None:
    assert Mentions(names=["Mark"]).redacted("Mark the date") == "Mark the date"
    assert Mentions(names=["김민수"]).redacted("김민수가") == f"{REDACTED}가"
