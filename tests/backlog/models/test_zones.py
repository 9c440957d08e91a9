"""Wherever a time zone is kept, one that no clock knows is refused, and shows no page a fault."""

import pytest
from django.apps import apps
from django.core.exceptions import ValidationError
from django.test import Client
from pytest_django import Settings

from backlog import errors
from backlog.db.fields import ZoneField
from backlog.models import Customer, User
from backlog.operations import customers, feedback
from backlog.operations.customers_in_bulk import CustomerIdentifier, NewCustomer
from tests.factories import NOON
from tests.factories import backlog as make

KEPT = [
    field
    for app in ("backlog", "council")
    for model in apps.get_app_config(app).get_models()
    for field in model._meta.concrete_fields
    if "zone" in field.name
]


def test_every_zone_is_kept_in_the_field_that_looks_at_it() -> None:
    assert {type(field) for field in KEPT} == {ZoneField}
    assert len(KEPT) >= 2


@pytest.mark.parametrize("field", KEPT, ids=str)
@pytest.mark.parametrize("name", ["Gone/Nowhere", "../../etc/passwd"])
def test_a_zone_that_no_clock_knows_is_refused(field: ZoneField, name: str) -> None:
    with pytest.raises(ValidationError):
        field.clean(name, None)


@pytest.mark.parametrize("field", KEPT, ids=str)
def test_who_has_not_said_theirs_is_in_the_zone_of_the_installation(
    field: ZoneField, settings: Settings
) -> None:
    settings.TIME_ZONE = "Europe/Lisbon"

    assert field.get_default() == "Europe/Lisbon"


@pytest.mark.django_db
def test_a_customer_who_is_met_with_their_words_has_a_zone_that_is_known() -> None:
    source = make.SourceFactory.create()
    said = feedback.FeedbackData(
        verbatim="Too slow.",
        identifier=CustomerIdentifier("u1"),
        new_customer=NewCustomer(time_zone="Gone/Nowhere"),
    )
    with pytest.raises(errors.Invalid) as refused:
        feedback.receive_feedback(source=source, incoming=said, by=None, at=NOON)
    assert refused.value.field == "time_zone"


@pytest.mark.django_db
def test_a_colleague_of_an_unknown_zone_sees_their_pages(as_mina: Client, mina: User) -> None:
    User.objects.filter(pk=mina.pk).update(time_zone="Gone/Nowhere")

    assert as_mina.get("/").status_code == 200


@pytest.mark.django_db
def test_a_customer_of_an_unknown_zone_can_still_change_how_often_they_hear() -> None:
    customer = make.CustomerFactory.create(time_zone="Gone/Nowhere")
    notice = make.NoticeFactory.create(customer=customer, waits_for="digest")

    customers.edit_customer(customer_id=customer.pk, rhythm="weekly", by=None, at=NOON)

    notice.refresh_from_db()
    assert Customer.objects.get(pk=customer.pk).rhythm == "weekly"
