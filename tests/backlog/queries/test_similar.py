"""Which requests are found for somebody's words, on either database."""

import csv
from pathlib import Path

import pytest

from backlog.models import CustomerRequest, User
from backlog.queries import similar
from backlog.rules import similarity
from council.demo import texts
from tests.conftest import SameQueries
from tests.factories.backlog import (
    EvidenceFactory,
    FeedbackFactory,
    ProductFactory,
    RequestFactory,
)

PAIRS = [
    ("번역을 자동으로 해 주세요", "상품 설명 번역하기"),
    ("영수증이 메일로 안 와요", "메일로 영수증 보내기"),
    ("환불받는 데 너무 오래 걸립니다", "환불 기간 줄이기"),
    ("The exporting of reports takes an hour", "Export a report quickly"),
    ("Why can't I sort my playlists?", "Sorting of playlists"),
    ("비밀번호를 또 잊어버렸어요", "비밀번호 없이 로그인하기"),
    ("배송 조회가 이틀째 그대로예요", "배송 상태를 바로 보여 주기"),
    ("다크모드 지원 부탁드립니다", "다크 모드 지원하기"),
    ("쿠폰이 결제 화면에서 안 보여요", "결제할 때 쓸 수 있는 쿠폰 알려 주기"),
    ("Two-factor sign in please", "Sign in with a second factor"),
]


@pytest.fixture
def backlog(db: None) -> dict[str, CustomerRequest]:
    product = ProductFactory.create()
    return {
        title: RequestFactory.create(product=product, title=title, problem="-")
        for _words, title in PAIRS
    }


def found(words: str, viewer: User) -> list[CustomerRequest]:
    return [each.request for each in similar.requests_like(words, viewer=viewer)]


class TestRequestsLike:
    @pytest.mark.parametrize(("words", "title"), PAIRS)
    def test_finds_what_is_meant_whatever_the_endings(
        self, words: str, title: str, backlog: dict[str, CustomerRequest], mina: User
    ) -> None:
        assert found(words, mina)[:1] == [backlog[title]]

    def test_says_which_words_say_so(self, backlog: dict[str, CustomerRequest], mina: User) -> None:
        [best, *_others] = similar.requests_like("번역을 해 주세요", viewer=mina)
        assert best.shared == ("번역을",)
        assert 0 < best.score <= 1

    def test_finds_a_korean_request_for_english_words_that_others_said_like_it(
        self, backlog: dict[str, CustomerRequest], mina: User
    ) -> None:
        asked = backlog["환불 기간 줄이기"]
        said = FeedbackFactory.create(verbatim="My refund took three weeks.", is_linked=True)
        EvidenceFactory.create(request=asked, feedback=said, end=len(said.verbatim))

        assert found("When will the refund arrive?", mina)[:1] == [asked]

    def test_finds_nothing_in_what_is_no_word(
        self, backlog: dict[str, CustomerRequest], mina: User
    ) -> None:
        assert found("?! … ㅠㅠ 12", mina) == []
        assert found("", mina) == []

    def test_shows_nothing_of_a_closed_product(self, mina: User) -> None:
        closed = ProductFactory.create(is_open=False)
        secret = RequestFactory.create(product=closed, title="Teleport parcels", problem="-")
        said = FeedbackFactory.create(verbatim="Beam my parcels", product=closed)
        EvidenceFactory.create(request=secret, feedback=said, end=5)
        assert found("teleport parcels, beam", mina) == []

    def test_leaves_out_what_was_merged(
        self, backlog: dict[str, CustomerRequest], mina: User
    ) -> None:
        merged = backlog["환불 기간 줄이기"]
        CustomerRequest.objects.filter(pk=merged.pk).update(
            status="merged", rank=None, merged_into=backlog["다크 모드 지원하기"]
        )
        assert merged not in found("환불이 오래 걸려요", mina)

    def test_costs_three_queries_for_any_backlog(
        self, backlog: dict[str, CustomerRequest], mina: User, queries: SameQueries
    ) -> None:
        mina.has_perm("backlog.view_evidence")
        with queries() as few:
            found("번역을 자동으로", mina)
        RequestFactory.create_batch(30, title="번역 자동", problem="번역")
        with queries() as many:
            found("번역을 자동으로", mina)
        assert len(few) == len(many) == 3


def recall(heard: list[tuple[str, int]], candidates: list[similarity.Text]) -> float:
    """At five."""
    hits = 0
    for words, wanted in heard:
        others = [each for each in candidates if each.more != words]
        hits += wanted in [each.of for each in similarity.ranked(words, others)[:5]]
    return hits / len(heard)


@pytest.mark.parametrize(("language", "least"), [("ko", 0.8), ("en", 0.55)])
def test_of_the_demonstrations_voices_most_find_their_request(language: str, least: float) -> None:
    """Each voice in turn is taken for new, among the titles and what all others said."""
    for prefix in ("PAY", "SHOP"):
        requests = texts.requests(prefix)
        said = [
            (texts.utterance(words, year=2026), number)
            for number, each in enumerate(requests)
            for words in each["voices"]
        ]
        candidates = [
            similarity.Text(number, each["title"], each["problem"])
            for number, each in enumerate(requests)
        ]
        candidates += [similarity.Text(number, "", voice.text) for voice, number in said]
        heard = [(voice.text, number) for voice, number in said if voice.language == language]
        assert recall(heard, candidates) > least - 0.1
        assert heard


def test_of_annotated_reviews_nearly_all_find_their_feature(shared: Path) -> None:
    place = shared / "data/datasets/en/app_reviews_annotated_features.csv"
    with place.open(encoding="utf-8-sig", newline="") as file:
        read = [
            (row["Sentence content"], (row["Feature (All Annotated)"] or "").strip().lower())
            for row in csv.DictReader(file)
        ]
    rows = [(words, feature) for words, feature in read if feature]
    names = sorted({feature for _words, feature in rows})
    candidates = [similarity.Text(number, name) for number, name in enumerate(names)]
    heard = [(words, names.index(feature)) for words, feature in rows]
    assert len(heard) > 900
    assert recall(heard, candidates) > 0.9
