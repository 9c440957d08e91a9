"""How a person's name stands in a text: alone, before a title, or with what Korean hangs on it.

A name of two syllables is also a part of other words (이산 in 이산화탄소, Li in “like”), so what
may follow it is listed here, and nothing else may.
"""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final, Literal

Form = Literal["NFC", "NFD"]
FORMS: Final[tuple[Form, ...]] = ("NFC", "NFD")
SHORTEST: Final = 2
_SHORTEST_TELLING: Final = 4
_SHORTEST_TELLING_BEYOND_ASCII: Final = 3
_GIVEN: Final = 2
"""Most Korean given names have two syllables, and stand after a family name of one or two."""
_LONGEST_KOREAN: Final = 4
_HANGUL: Final = re.compile(r"[가-힣]+")
# Chinese and Japanese put no spaces between words.
_UNSPACED: Final = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]")

_TITLES: Final = (
    *("고객", "회원", "대표", "대표이사", "사장", "회장", "이사", "상무", "전무", "부사장"),
    *("부장", "차장", "과장", "대리", "주임", "사원", "팀장", "실장", "본부장", "센터장", "점장"),
    *("점주", "원장", "소장", "교수", "박사", "선생", "기사", "매니저", "담당", "담당자", "책임"),
    *("선임", "수석", "프로", "작가", "변호사", "어머", "아버", "여사"),
)
_ADDRESSES: Final = ("님", "씨", "군", "양", *_TITLES)
_ENGLISH_TITLES: Final = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir"})
_PARTICLES: Final = (
    *("이", "가", "은", "는", "을", "를", "의", "에", "에게", "에게서", "에게도", "에겐"),
    *("께", "께서", "께서는", "께선", "께도", "한테", "한테서", "한테는", "더러", "보고"),
    *("와", "과", "랑", "이랑", "하고", "도", "만", "부터", "까지", "조차", "마저", "밖에"),
    *("처럼", "같이", "보다", "만큼", "로", "으로", "로서", "으로서", "로부터", "으로부터"),
    *("라고", "이라고", "라는", "이라는", "라며", "이라며", "란", "이란", "라", "이라", "이나"),
    *("아", "야", "이야", "여", "이여", "인", "인데", "이고", "이며", "입니다", "이다", "였다"),
    *("이었다", "이에요", "예요", "요", "이요", "네", "들", "측", "쪽", "뿐", "대로", "마다"),
)


def is_telling(name: str) -> bool:
    """Whether it means one person wherever it stands: no single word of few letters does."""
    if name.isascii():
        return len(name) >= _SHORTEST_TELLING and len(name.split()) > 1
    return len(name) >= _SHORTEST_TELLING_BEYOND_ASCII


def without_titles(names: Iterable[str]) -> list[str]:
    """The names as they are, and without the titles that were written beside them."""
    found: dict[str, None] = {}
    for name in names:
        bare = " ".join(word for word in name.split() if not _is_title(word))
        for each in (name.strip(), bare):
            if len(each) >= SHORTEST:
                found[each] = None
    return list(found)


def parts(name: str) -> set[str]:
    """By what a part of the name may be meant: a given name, a family name of some letters."""
    if _HANGUL.fullmatch(name) and _GIVEN < len(name) <= _LONGEST_KOREAN:
        return {name[-length:] for length in range(_GIVEN, len(name))}
    words = re.split(r"[\s,·]+", name)
    return {each for each in words if len(each) >= SHORTEST and not _is_title(each)} - {name}


def written(names: Iterable[str]) -> set[str]:
    """As a name is written: as it is, with a capital, in capitals. Small letters may be a word."""
    found = set()
    for name in names:
        found |= {name, name.title(), name.upper()} if name.isascii() else {name}
    return found


def certainly(names: Iterable[str]) -> re.Pattern[str] | None:
    """Where one stands as a word of its own, not as a part of an address or a compound."""
    return _any_of(rf"(?<!@)(?<!\w[-.]){_one(name)}(?![-@.]\w)" for name in written(names))


def possibly(names: Iterable[str]) -> re.Pattern[str] | None:
    """Where one may be meant; capitals must be as a name has them."""
    return _any_of(_one(name) for name in written(names))


def in_any_case(names: Iterable[str]) -> re.Pattern[str] | None:
    """As `possibly`, in small letters, too."""
    found = possibly(names)
    return re.compile(found.pattern, re.IGNORECASE) if found else None


def _is_title(word: str) -> bool:
    bare = word.rstrip(".").casefold()
    return bare in _ENGLISH_TITLES or bare.removesuffix("님") in {"", *_ADDRESSES}


def _one(name: str) -> str:
    """A Mac and others write the same Hangul differently: composed and decomposed."""
    alternatives = "|".join(_in_form(unicodedata.normalize(it, name), it) for it in FORMS)
    return f"(?:{alternatives})"


def _in_form(name: str, form: Form) -> str:
    words = r"\s+".join(map(re.escape, name.split()))
    if _UNSPACED.search(name):
        return words
    return rf"(?<!\w){words}(?={_endings(form)}(?!\w))"


def _endings(form: Form) -> str:
    def one_of(endings: Iterable[str]) -> str:
        longest_first = sorted(endings, key=lambda each: (-len(each), each))
        return "|".join(unicodedata.normalize(form, each) for each in longest_first)

    honour = unicodedata.normalize(form, "님")
    return f"(?:(?:{one_of(_ADDRESSES)})(?:{honour})?)?(?:{one_of(_PARTICLES)}){{0,2}}"


def _any_of(patterns: Iterable[str]) -> re.Pattern[str] | None:
    alternatives = "|".join(
        f"(?:{each})" for each in sorted(patterns, key=lambda it: (-len(it), it))
    )
    return re.compile(alternatives) if alternatives else None
