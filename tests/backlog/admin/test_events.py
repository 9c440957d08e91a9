"""The ledger as people read it: sentences and names, no ids and no codes."""

from django.test import Client

from backlog.models import Event
from tests.backlog.admin.pages import address
from tests.conftest import SameQueries
from tests.factories import backlog


def _ledger(client: Client) -> str:
    return client.get(address(Event, "changelist")).content.decode()


def test_names_what_an_event_is_about(as_mina: Client) -> None:
    row = backlog.StatusUpdateFactory.create()
    backlog.EventFactory.create(
        kind="status_update.recorded", subject_type="statusupdate", subject_id=row.pk
    )

    page = _ledger(as_mina)

    assert str(row) in page
    assert f"statusupdate {row.pk}" not in page.lower()
    assert "status_update.recorded" not in page


def test_names_no_customer_to_those_who_may_not_know_them(as_omar: Client) -> None:
    customer = backlog.CustomerFactory.create(name="Jane Cooper")
    about = {"subject_type": "customer", "subject_id": customer.pk}
    backlog.EventFactory.create(kind="feedback.received", **about)

    assert "Jane Cooper" not in _ledger(as_omar)


def test_names_a_customer_to_those_who_may(as_mina: Client) -> None:
    customer = backlog.CustomerFactory.create(name="Jane Cooper")
    about = {"subject_type": "customer", "subject_id": customer.pk}
    backlog.EventFactory.create(kind="customer.added", **about)

    assert "Jane Cooper" in _ledger(as_mina)


def test_asks_as_often_for_many_as_for_one(as_mina: Client, queries: SameQueries) -> None:
    _outcome()
    _ledger(as_mina)  # What is asked once a process is asked now.
    with queries() as few:
        _ledger(as_mina)
    for _ in range(6):
        _outcome()
    with queries() as many:
        _ledger(as_mina)

    assert len(many) == len(few)


def _outcome() -> None:
    outcome = backlog.OutcomeFactory.create()
    backlog.EventFactory.create(
        kind="outcome.recorded", subject_type="outcome", subject_id=outcome.pk
    )
