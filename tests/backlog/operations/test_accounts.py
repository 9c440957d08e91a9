from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import Account, CustomerRequest, User
from backlog.operations import accounts
from tests.backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import (
    AccountFactory,
    CustomerFactory,
    EvidenceFactory,
    RequestFactory,
)


def stale() -> list[CustomerRequest]:
    return list(CustomerRequest.objects.filter(is_score_stale=True).order_by("pk"))


class TestAddAccount:
    def test_is_an_organisation(self, mina: User) -> None:
        account = accounts.add_account(
            name="한빛은행",
            segment="bank",
            annual_revenue=Decimal("1200000.50"),
            churn_risk="high",
            by=mina,
            at=NOON,
        )

        account = Account.objects.get(pk=account.pk)
        assert (account.name, account.kind, account.currency) == ("한빛은행", "customer", "KRW")
        assert (account.annual_revenue, account.churn_risk) == (Decimal("1200000.50"), "high")
        assert events.facts(events.last()) == {
            "kind": "account.added",
            "by": mina,
            "at": NOON,
            "data": {},
        }

    @pytest.mark.parametrize(
        ("facts", "refusal"),
        [
            ({"name": ""}, ValidationError),
            ({"kind": "rival"}, ValidationError),
            ({"annual_revenue": Decimal(-1)}, ValidationError),
            ({"annual_revenue": Decimal("NaN")}, ValidationError),
            ({"currency": "WONS"}, ValidationError),
            ({"segment": "\x00"}, errors.UnstorableText),
        ],
    )
    def test_refuses_what_is_not_valid(
        self, mina: User, facts: dict[str, object], refusal: type[Exception]
    ) -> None:
        with pytest.raises(refusal):
            accounts.add_account(**{"name": "Hanbit"} | facts, by=mina, at=NOON)  # type: ignore[arg-type]
        assert (Account.objects.count(), events.kinds()) == (0, [])


class TestEditAccount:
    def test_records_what_differs_once(self, mina: User) -> None:
        account = AccountFactory.create()
        for _twice in range(2):
            accounts.edit_account(account_id=account.pk, segment="bank", by=mina, at=NOON)

        account.refresh_from_db()
        assert account.segment == "bank"
        assert events.kinds() == ["account.edited"]
        assert events.last().data == {"changed": ["segment"]}

    def test_makes_scores_stale_where_words_speak_for_it(self, mina: User) -> None:
        account = AccountFactory.create()
        asker = CustomerFactory.create(account=account)
        merged = CustomerFactory.create(merged_into=asker)
        asked = EvidenceFactory.create(feedback__customer=asker).request
        spoken = EvidenceFactory.create(feedback__customer=merged, feedback__account=account)
        EvidenceFactory.create(feedback__customer=asker, unlinked_at=NOON)
        EvidenceFactory.create()
        survivor = RequestFactory.create()
        EvidenceFactory.create(feedback__customer=asker, counts_for=survivor)

        accounts.edit_account(account_id=account.pk, annual_revenue=Decimal(7), by=mina, at=NOON)

        assert stale() == [asked, spoken.request, survivor]

    def test_leaves_scores_alone_when_only_its_name_changes(self, mina: User) -> None:
        account = AccountFactory.create()
        EvidenceFactory.create(feedback__customer=CustomerFactory.create(account=account))
        accounts.edit_account(account_id=account.pk, name="Hanbit", by=mina, at=NOON)
        assert stale() == []
