"""How alike two texts are: which words and pairs of syllables they share, the rarer the better.

English is compared by the stems of its words, Korean by pairs of syllables: particles and endings
stay on the stem (번역을, 번역이), so that whole words would miss each other.
"""

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from math import log, sqrt
from typing import Final

from backlog.rules import search

LONGEST: Final = 4_000
"""So many characters are read of a text; what matters is said before."""
MOST_LOOKUPS: Final = 24
TITLE: Final = 2.0
"""What stands in a title counts so much more."""
AS_REQUEST: Final = 2.0
WORDS_HEARD: Final = 3
"""A request counts twice, and beside it the words of so many who asked for it: customers say a
thing as other customers do, and in their own language, whatever that of the request is."""
LEAST: Final = 0.06
"""What shares less is not alike."""
SHOWN: Final = 4

_PIECE: Final = re.compile(r"[a-z0-9]+|[가-힣]+|[^\W\da-z가-힣_]+")
_HANGUL: Final = re.compile(r"[가-힣]")
_SHORTEST: Final = 3
_ENDINGS: Final = ("ings", "ing", "ies", "ied", "edly", "ed", "es", "ly", "s")
_STEM: Final = 3
_COMMON_WORDS: Final = """
    about after again all also and any app are because been but can cannot can't could did does
    doesn don done each even ever every for from get gets got had has have her here him his how
    into its just let like make many may more most much need needs not now off one only our out
    over own please really same she should some such take than thank thanks that the their them
    then there these they thing this those too use used using very want wants was way were what
    when where which who why will with would you your it's i'm
"""
_COMMON_SYLLABLES: Final = """
    습니 니다 합니 입니 됩니 립니 세요 어요 아요 해요 네요 데요 에요 예요 는데 은데 인데 으면 으로
    에서 하고 하는 하면 하지 하게 해서 했는 했습 주세 있습 없습 있는 없는 있어 없어 있으 없으 겠습
    싶습 싶어 같습 같아 때문 지만 니까 그리 그런 이런 저희 우리 제가 너무 정말 진짜 계속 좋겠 않습
    않아 수가 것이 것을 것은 들이 들은 들을 부터 까지 마다 에게 한테 보다 라고 다고 려고 면서 거나
    든지 이나 에는 에도 로는 았습 었습 렸습 졌습 봤습 왔습 나요 까요 가요 군요 거든 더라 라서 아서
    어서 여서
"""
_COMMON: Final = frozenset(_COMMON_WORDS.split())
_COMMON_PAIRS: Final = frozenset(_COMMON_SYLLABLES.split())


@dataclass(frozen=True, slots=True)
class Text:
    """A request that could be meant, or (without a title) words that speak for it already."""

    of: int
    title: str
    more: str = ""


@dataclass(frozen=True, slots=True)
class Match:
    """How alike a request is, from 0 to 1, and the words of what was asked that say so."""

    of: int
    score: float
    shared: tuple[str, ...]


def lookups(text: str) -> list[str]:
    """What to look for in an index of who says the same: the words that tell most, first."""
    found = Counter(feature for feature, _word in _read(text))
    return sorted(found, key=lambda it: (-_weight_unknown(it), -found[it], it))[:MOST_LOOKUPS]


def ranked(text: str, candidates: Iterable[Text]) -> list[Match]:
    """Requests that are alike, the most alike first; how rare a word is, the candidates say."""
    wanted = _features(text)
    read = [(each, _weighed(each)) for each in candidates]
    known = Counter(feature for _each, features in read for feature in features)
    rarity = {feature: log(1 + len(read) / n) for feature, n in known.items()}
    unknown = log(1 + len(read))
    length = _length(wanted, {it: rarity.get(it, unknown) for it in wanted})
    alike: dict[int, _Alike] = {}
    for each, features in read:
        shared = wanted.keys() & features.keys()
        if shared:
            together = sum(wanted[it] * features[it] * rarity[it] ** 2 for it in shared)
            score = together / (length * _length(features, rarity))
            alike.setdefault(each.of, _Alike()).add(each, score, shared)
    words = _words(text)
    found = [
        Match(of, each.score, each.told(words, rarity))
        for of, each in alike.items()
        if each.score >= LEAST
    ]
    return sorted(found, key=lambda it: (-it.score, it.of))


@dataclass(slots=True)
class _Alike:
    """What was found for one request: how alike it is itself, and the words that speak for it."""

    as_request: float = 0.0
    heard: list[float] = field(default_factory=list)
    shared: set[str] = field(default_factory=set)

    def add(self, text: Text, score: float, shared: Iterable[str]) -> None:
        if text.title:
            self.as_request = score
        else:
            self.heard.append(score)
        self.shared.update(shared)

    @property
    def score(self) -> float:
        heard = sum(sorted(self.heard, reverse=True)[:WORDS_HEARD])
        return round(min(1.0, AS_REQUEST * self.as_request + heard), 3)

    def told(self, words: Mapping[str, str], rarity: Mapping[str, float]) -> tuple[str, ...]:
        best = sorted(self.shared, key=lambda it: (-rarity[it], it))
        return tuple(dict.fromkeys(words[it] for it in best))[:SHOWN]


def _length(features: Mapping[str, float], weights: Mapping[str, float]) -> float:
    return sqrt(sum((n * weights[it]) ** 2 for it, n in features.items())) or 1.0


def _weighed(each: Text) -> dict[str, float]:
    in_title, in_more = _features(each.title), _features(each.more)
    every = in_title.keys() | in_more.keys()
    return {it: TITLE if it in in_title else 1.0 for it in every}


def _features(text: str) -> dict[str, float]:
    """Each once, however often it is said."""
    return dict.fromkeys((feature for feature, _word in _read(text)), 1.0)


def _words(text: str) -> dict[str, str]:
    """By feature the first word of the text in which it stands, as it is written there."""
    words: dict[str, str] = {}
    for feature, word in _read(text):
        words.setdefault(feature, word)
    return words


def _read(text: str) -> Sequence[tuple[str, str]]:
    found = []
    for piece in _PIECE.findall(search.folded(text[:LONGEST])):
        if piece[0].isascii():
            if len(piece) >= _SHORTEST and piece not in _COMMON:
                found.append((_stem(piece), piece))
        else:
            pairs = (piece[at : at + 2] for at in range(len(piece) - 1))
            found += [(pair, piece) for pair in pairs if pair not in _COMMON_PAIRS]
    return found


def _stem(word: str) -> str:
    for ending in _ENDINGS:
        stem = word.removesuffix(ending)
        if stem != word and len(stem) >= _STEM:
            return stem.rstrip("e") if len(stem) > _STEM else stem
    return word.rstrip("e") if len(word) > _STEM + 1 else word


def _weight_unknown(feature: str) -> float:
    """Before anything is counted: long words are rarer; two syllables are like a word of five."""
    return 5.0 if _HANGUL.match(feature) else float(min(len(feature), 9))
