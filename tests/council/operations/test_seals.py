"""The chain of decisions: unbroken whatever is erased, broken by whatever is changed."""

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.utils import translation

from backlog.models import CustomerRequest, Event, Evidence, Feedback
from council.models import Council, Decision, Seal
from council.operations import decisions
from council.queries import seals as seal_queries
from council.rules import seals as rules
from tests.factories import NOON, backlog
from tests.factories import council as make

pytestmark = pytest.mark.django_db


def decide(council: Council, request: CustomerRequest, verdict: str) -> Decision:
    return decisions.record_decision(
        council_id=council.pk,
        request_id=request.pk,
        verdict=verdict,
        rationale="Many customers asked.",
        options=["Buy it", "Build it"],
        review_on=(NOON + timedelta(days=30)).date(),
        by=council.secretary,
        at=NOON,
    )


@pytest.fixture
def evidence(pay_faster: CustomerRequest) -> Evidence:
    # Figures that databases are known to write their own way.
    CustomerRequest.objects.update(priority=1e16, priority_low=-0.0, priority_high=0.1 + 0.2)
    return backlog.EvidenceFactory.create(request=pay_faster)


@pytest.fixture
def chain(council: Council, pay_faster: CustomerRequest, evidence: Evidence) -> list[Seal]:
    """Three decisions, one after the other, the later ones superseding the earlier."""
    for verdict in ("decline", "defer", "approve"):
        decide(council, pay_faster, verdict)
    return list(council.seals.order_by("number"))


class TestSealDecision:
    def test_chains_each_link_to_the_one_before(self, chain: list[Seal]) -> None:
        assert [seal.number for seal in chain] == [1, 2, 3]
        assert [seal.previous for seal in chain] == ["", chain[0].digest, chain[1].digest]
        for seal in chain:
            assert seal.digest == rules.link(seal.previous, seal.content)

    def test_begins_a_chain_for_each_council(
        self, chain: list[Seal], pay_faster: CustomerRequest
    ) -> None:
        other = make.CouncilFactory.create()
        other.products.add(pay_faster.product)

        decide(other, pay_faster, "decline")

        assert (other.seals.get().number, other.seals.get().previous) == (1, "")


class TestFindBreak:
    def test_finds_none_in_what_was_left_alone(self, council: Council, chain: list[Seal]) -> None:
        assert seal_queries.find_break(council) is None

    def test_finds_none_where_nothing_was_decided(self, council: Council) -> None:
        assert seal_queries.find_break(council) is None

    def test_finds_none_after_words_and_salt_were_erased(
        self, council: Council, chain: list[Seal], evidence: Evidence
    ) -> None:
        Feedback.objects.update(verbatim="", search_text="", salt="", erased_at=NOON)

        assert seal_queries.find_break(council) is None

    def test_finds_none_when_evidence_was_unlinked_since(
        self, council: Council, chain: list[Seal], evidence: Evidence
    ) -> None:
        Evidence.objects.update(unlinked_at=NOON)

        assert seal_queries.find_break(council) is None

    def broken(self, council: Council) -> tuple[int, str]:
        found = seal_queries.find_break(council)
        assert found is not None
        return found.number, found.damage

    @pytest.mark.parametrize(
        "change",
        [
            {"verdict": "approve"},
            {"rationale": "Nobody asked."},
            {"dissent": "Never."},
            {"options": []},
            {"decided_at": NOON + timedelta(hours=1)},
            {"frozen": {"scores": {}, "explanation": [], "evidence": []}},
        ],
        ids=lambda change: next(iter(change)),
    )
    def test_names_the_decision_that_was_changed(
        self, council: Council, chain: list[Seal], change: dict[str, object]
    ) -> None:
        Decision.objects.filter(pk=chain[1].subject_id).update(**change)

        assert self.broken(council) == (2, "subject_changed")

    def test_names_the_decision_that_is_said_to_have_come_another_way(
        self, council: Council, chain: list[Seal]
    ) -> None:
        events = Event.objects.filter(kind="decision.recorded", subject_id=chain[1].subject_id)
        events.update(way="token", token="abc", process="")

        assert self.broken(council) == (2, "subject_changed")

    def test_names_a_seal_that_was_rewritten(self, council: Council, chain: list[Seal]) -> None:
        content = chain[1].content | {"verdict": "approve"}
        Seal.objects.filter(pk=chain[1].pk).update(content=content)

        assert self.broken(council) == (2, "rewritten")

    def test_names_the_link_after_one_that_was_sealed_anew(
        self, council: Council, chain: list[Seal]
    ) -> None:
        forged = Decision.objects.get(pk=chain[1].subject_id)
        forged.rationale = "Nobody asked."
        forged.save()
        content = seal_queries.content_of(forged, seal_queries.through_of(forged))
        digest = rules.link(chain[1].previous, content)
        Seal.objects.filter(pk=chain[1].pk).update(content=content, digest=digest)

        assert self.broken(council) == (3, "unchained")

    def test_names_the_link_that_is_missing(self, council: Council, chain: list[Seal]) -> None:
        chain[1].delete()

        assert self.broken(council) == (2, "missing")

    def test_names_the_end_that_was_cut_off(self, council: Council, chain: list[Seal]) -> None:
        Decision.objects.filter(pk=chain[2].subject_id).delete()
        chain[2].delete()

        assert self.broken(council) == (3, "missing")

    def test_finds_a_decision_that_was_put_in(self, council: Council, chain: list[Seal]) -> None:
        make.DecisionFactory.create(council=council)

        assert self.broken(council) == (3, "unsealed")

    def test_finds_customers_words_that_were_changed(
        self, council: Council, chain: list[Seal], evidence: Evidence
    ) -> None:
        Feedback.objects.update(verbatim="All is well.")

        assert self.broken(council) == (1, "words_changed")

    def test_finds_customers_words_that_are_gone(
        self, council: Council, chain: list[Seal], evidence: Evidence
    ) -> None:
        evidence.delete()
        evidence.feedback.delete()

        assert self.broken(council) == (1, "words_changed")


class TestVerifyLedger:
    def run(self) -> str:
        said = StringIO()
        with translation.override("en"):
            call_command("verify_ledger", stdout=said, no_color=True)
        return said.getvalue()

    def test_says_how_long_each_unbroken_chain_is(
        self, council: Council, chain: list[Seal]
    ) -> None:
        assert self.run().startswith(f"{council}: 3 links, unbroken.\nLedger: 0 links, unbroken.")

    def test_names_the_broken_link_and_fails(self, council: Council, chain: list[Seal]) -> None:
        Decision.objects.filter(pk=chain[1].subject_id).update(rationale="Nobody asked.")

        said = StringIO()
        with translation.override("en"), pytest.raises(CommandError, match="1 chain is broken"):
            call_command("verify_ledger", stdout=said, no_color=True)

        assert said.getvalue().splitlines()[0] == (
            f"{council}: The decision of link 2 was changed. (decision {chain[1].subject_id})"
        )
