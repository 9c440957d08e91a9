import pytest
from django.core.exceptions import ValidationError

from backlog import errors
from backlog.models import Account, Event, User
from backlog.operations import events
from tests.factories import NOON
from tests.factories.backlog import AccountFactory, RequestFactory


class TestRecord:
    def test_says_what_happened_to_what_when_and_by_whom(self, mina: User) -> None:
        request = RequestFactory.create()

        event = events.record(
            "request.moved",
            subject=request,
            request=request,
            by=mina,
            at=NOON,
            reason="Many asked.",
            data={"after": 7},
        )

        event = Event.objects.get(pk=event.pk)
        assert (event.kind, event.subject_type, event.subject_id) == (
            "request.moved",
            "customerrequest",
            request.pk,
        )
        assert (event.request, event.actor, event.at) == (request, mina, NOON)
        assert (event.reason, event.data) == ("Many asked.", {"after": 7})

    def test_names_nobody_when_the_clock_acted(self, db: None) -> None:
        event = events.record("account.added", subject=AccountFactory.create(), by=None, at=NOON)
        assert (event.actor, event.request, event.reason, event.data) == (None, None, "", {})

    def test_refuses_a_reason_that_cannot_be_stored(self, db: None) -> None:
        row = RequestFactory.create()
        with pytest.raises(errors.UnstorableText) as refused:
            events.record("request.moved", subject=row, by=None, at=NOON, reason="\x00")
        assert refused.value.field == "reason"

    @pytest.mark.parametrize(
        ("kind", "data"),
        [("notice.bounced", {"said": "Kim left the company"}), ("customer.sneezed", {})],
    )
    def test_keeps_neither_words_nor_kinds_without_a_rule(
        self, db: None, kind: str, data: dict[str, str]
    ) -> None:
        row = AccountFactory.create()
        with pytest.raises(ValueError, match=kind):
            events.record(kind, subject=row, by=None, at=NOON, data=data)
        with pytest.raises(ValueError, match=kind):
            events.record_many(kind, subject=Account, ids=[row.pk], by=None, at=NOON, data=data)
        assert not Event.objects.filter(kind=kind).exists()


class TestApply:
    def test_saves_and_names_only_what_differs(self, db: None) -> None:
        account = AccountFactory.create(name="Hanbit", segment="retail")
        Account.objects.filter(pk=account.pk).update(currency="USD")

        changed = events.apply(
            account, {"segment": "bank", "name": "Hanbit", "kind": "partner"}, by=None, at=NOON
        )

        assert changed == ["kind", "segment"]
        account.refresh_from_db()
        assert (account.kind, account.segment, account.currency) == ("partner", "bank", "USD")

    def test_writes_nothing_where_nothing_differs(self, db: None) -> None:
        assert (
            events.apply(AccountFactory.create(name="Hanbit"), {"name": "Hanbit"}, by=None, at=NOON)
            == []
        )

    @pytest.mark.parametrize(
        ("changes", "refusal"),
        [({"kind": "rival"}, ValidationError), ({"segment": "\x00"}, errors.UnstorableText)],
    )
    def test_refuses_what_would_not_be_valid(
        self, db: None, changes: dict[str, str], refusal: type[Exception]
    ) -> None:
        account = AccountFactory.create()
        with pytest.raises(refusal):
            events.apply(account, changes, by=None, at=NOON)
        account.refresh_from_db()
        assert (account.kind, account.segment) == ("customer", "")
