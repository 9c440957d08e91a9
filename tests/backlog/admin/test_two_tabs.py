"""Two people, or two tabs, edit the same row: the second save does not take back the first."""

import json
from typing import Any

import pytest
from django.contrib import admin
from django.forms import BooleanField, ChoiceField, ModelChoiceField
from django.test import Client

from backlog.forms import edit_conflicts
from backlog.models import Customer, User
from backlog.models.edited import Edited
from council.models import Council
from tests.backlog.admin.pages import address, errors, looking, submit
from tests.backlog.admin.test_every_noun import BY_LABEL, MAKE, model_admin, root
from tests.factories import backlog

EDITABLE = [label for label in BY_LABEL if model_admin(label).to_edit]
every_editable = pytest.mark.parametrize("label", EDITABLE)
ADDED = [label for label in BY_LABEL if model_admin(label).to_add]
OTHER = {"time_zone": "Asia/Tokyo", "url": "https://other.example.com/hook"}
__all__ = ["root"]


def made(label: str, root: User) -> Any:
    row = MAKE[label](root, 0)
    if isinstance(row, Council):
        row.products.add(backlog.ProductFactory.create())
    return row


def opened(client: Client, page: str) -> dict[str, Any]:
    """Everything that a browser would send back of the page, untouched."""
    form = client.get(page).context["adminform"].form
    sent: dict[str, Any] = {}
    for field in form:
        value = field.value()
        if isinstance(field.field, BooleanField):
            sent |= {field.name: "on"} if value else {}
        elif value is not None:
            sent[field.name] = getattr(value, "pk", value)
    return sent


def another(form: Any, name: str, sent: dict[str, Any]) -> dict[str, Any]:
    """The same with one field changed."""
    field = form.fields[name]
    if isinstance(field, BooleanField):
        return {key: it for key, it in sent.items() if key != name} | (
            {} if name in sent else {name: "on"}
        )
    return {**sent, name: OTHER.get(name, f"Other {name}")}


def two_texts(form: Any) -> list[str]:
    """Fields where anything can be typed or switched."""
    free = [
        name
        for name, field in form.fields.items()
        if name != edit_conflicts.NAME
        and not isinstance(field, ModelChoiceField | ChoiceField)
        and type(field).__name__ in ("CharField", "BooleanField")
    ]
    return (free * 2)[:2]


@every_editable
def test_a_save_that_was_opened_before_another_one_is_refused_and_says_what_changed(
    label: str, root: User, client: Client
) -> None:
    row = made(label, root)
    page = address(BY_LABEL[label], "change", row.pk)
    form = client.get(page).context["adminform"].form
    theirs, mine = two_texts(form)
    first, second = opened(client, page), opened(client, page)

    saved = submit(client, page, **another(form, theirs, first))
    assert saved.status_code == 302, errors(saved)
    row.refresh_from_db()
    after_theirs = getattr(row, theirs)
    typed = another(form, mine, second)
    if mine == theirs and mine in typed:
        typed[mine] = "A third name"
    refused = submit(client, page, **typed)

    assert refused.status_code == 200
    assert theirs in errors(refused)
    assert "meanwhile" in errors(refused)["__all__"][0]
    row.refresh_from_db()
    assert getattr(row, theirs) == after_theirs


@every_editable
def test_what_was_typed_is_kept_and_can_be_saved_knowingly(
    label: str, root: User, client: Client
) -> None:
    row = made(label, root)
    page = address(BY_LABEL[label], "change", row.pk)
    form = client.get(page).context["adminform"].form
    theirs, mine = two_texts(form)
    if theirs == mine:
        pytest.skip("this noun has one such field")
    first, second = opened(client, page), opened(client, page)
    submit(client, page, **another(form, theirs, first))
    row.refresh_from_db()
    after_theirs = getattr(row, theirs)

    refused = submit(client, page, **another(form, mine, second))
    shown = {field.name: field.value() for field in refused.context["adminform"].form}
    again = {name: value for name, value in shown.items() if value not in (None, False)}
    saved = submit(client, page, **again)

    assert saved.status_code == 302, errors(saved)
    row.refresh_from_db()
    assert getattr(row, theirs) == after_theirs
    assert str(getattr(row, mine)) in (OTHER.get(mine, f"Other {mine}"), str(mine not in second))


@every_editable
def test_a_form_that_does_not_say_what_it_showed_is_refused(
    label: str, root: User, client: Client
) -> None:
    row = made(label, root)
    page = address(BY_LABEL[label], "change", row.pk)
    sent = {name: it for name, it in opened(client, page).items() if name != edit_conflicts.NAME}

    assert "again" in errors(client.post(page, sent))["__all__"][-1]


@every_editable
def test_an_editable_noun_has_versions(label: str) -> None:
    assert issubclass(BY_LABEL[label], Edited)


def test_nothing_is_edited_below_a_page_where_no_form_compares(root: User) -> None:
    request = looking(root)
    for model, registered in admin.site._registry.items():
        for inline in registered.get_inline_instances(request, model()):
            may = (inline.has_change_permission(request), inline.has_add_permission(request, None))
            assert may == (False, False), inline
            assert not inline.can_delete
        assert not registered.list_editable


def test_a_customers_own_choice_survives_a_colleagues_open_page(as_mina: Client) -> None:
    customer = backlog.CustomerFactory.create()
    page = address(Customer, "change", customer.pk)
    sent = opened(as_mina, page)
    Customer.objects.update(rhythm="weekly", version=2)

    refused = submit(as_mina, page, **(sent | {"name": "Jane"}))

    assert errors(refused)["rhythm"] == ["By now it is: once a week"]
    form = refused.context["adminform"].form
    assert (form["rhythm"].value(), form["name"].value()) == ("weekly", "Jane")
    customer.refresh_from_db()
    assert customer.rhythm == "weekly"


def test_who_typed_what_somebody_else_saved_already_is_not_stopped(as_mina: Client) -> None:
    customer = backlog.CustomerFactory.create()
    page = address(Customer, "change", customer.pk)
    sent = opened(as_mina, page)
    Customer.objects.update(name="Jane")

    assert submit(as_mina, page, **(sent | {"name": "Jane"})).status_code == 302


@pytest.mark.usefixtures("root")
@pytest.mark.parametrize("label", ADDED)
def test_nobody_has_changed_meanwhile_what_is_only_being_added(label: str, client: Client) -> None:
    page = address(BY_LABEL[label], "add")
    form = client.get(page).context["adminform"].form

    refused = submit(client, page)  # Without the proposals, as if each had been typed over.

    assert json.loads(form[edit_conflicts.NAME].value())["values"] == {}
    assert refused.status_code == 200
    assert "meanwhile" not in str(errors(refused))
