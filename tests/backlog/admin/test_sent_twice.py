"""A form that is sent twice is done once: every step, every add, from one tab or from two."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db.models import Model
from django.test import Client

from backlog.admin.framework.row_actions import RowAction, RowActionAdmin, RowActionForm
from backlog.forms import sent_once
from backlog.models import Account, Event, IdempotencyKey, User
from council.models import AgendaItem, Meeting
from tests.at_once import at_once
from tests.backlog.admin.pages import address, carried, messages
from tests.backlog.admin.test_every_noun import MAKE, NOUNS, root
from tests.factories import backlog, council, people

__all__ = ["root"]
SIGN_IN = "django.contrib.auth.backends.ModelBackend"


def all_row_actions() -> Iterator[tuple[type[Model], str]]:
    for model in NOUNS:
        registered: Any = admin.site._registry[model]
        if isinstance(registered, RowActionAdmin):
            names = {name for name in dir(registered) if _row_action_of(registered, name)}
            yield from ((model, name) for name in sorted(names))


def _row_action_of(registered: Any, name: str) -> RowAction | None:
    found: RowAction | None = getattr(getattr(type(registered), name, None), "row_action", None)
    return found


every_row_action = pytest.mark.parametrize(
    ("model", "name"),
    list(all_row_actions()),
    ids=lambda it: it if isinstance(it, str) else it.__name__,
)


@pytest.fixture
def done(request: pytest.FixtureRequest) -> Iterator[list[Any]]:
    """What the step was carried out on; its own form and operation are tested elsewhere."""
    model, name = (request.getfixturevalue(each) for each in ("model", "name"))
    row_action = _row_action_of(admin.site._registry[model], name)
    assert row_action is not None
    calls: list[Any] = []
    before = (row_action.run, row_action.form)
    object.__setattr__(row_action, "run", lambda self, subject, **facts: calls.append(subject))
    object.__setattr__(row_action, "form", RowActionForm)
    yield calls
    object.__setattr__(row_action, "run", before[0])
    object.__setattr__(row_action, "form", before[1])


@every_row_action
def test_a_step_that_is_sent_twice_is_done_once_and_the_second_leads_to_the_same_place(
    model: type[Model], name: str, done: list[Any], root: User, client: Client
) -> None:
    row = MAKE[model._meta.label](root, 0)
    page = address(model, name, row.pk)
    form, other_tab = carried(client, page), carried(client, page)

    first, again = client.post(page, form), client.post(page, form)
    from_other_tab = client.post(page, other_tab)

    assert len(done) == 1
    places = [(each.status_code, each["Location"]) for each in (first, again, from_other_tab)]
    assert places == [places[0]] * 3
    assert "once, not again" in messages(again)[-1]


@every_row_action
def test_a_step_that_is_opened_again_can_be_done_again(
    model: type[Model], name: str, done: list[Any], root: User, client: Client
) -> None:
    row = MAKE[model._meta.label](root, 0)
    page = address(model, name, row.pk)

    for _twice in range(2):
        client.post(page, carried(client, page))

    assert len(done) == 2


def test_there_are_steps() -> None:
    assert len(list(all_row_actions())) > 40


class TestATopic:
    @pytest.fixture
    def meeting(self, db: None) -> Meeting:
        meeting: Meeting = council.MeetingFactory.create()
        return meeting

    def test_is_on_the_agenda_once_after_a_double_click(
        self, meeting: Meeting, root: User, client: Client
    ) -> None:
        page = address(Meeting, "add_item", meeting.pk)
        form = {**carried(client, page), "title": "Welcome", "minutes": "10"}

        for _twice in range(2):
            client.post(page, form)

        assert meeting.agenda_items.get().title == "Welcome"
        assert Event.objects.filter(kind="agenda_item.added").count() == 1

    def test_with_another_name_is_another_one_after_going_back(
        self, meeting: Meeting, root: User, client: Client
    ) -> None:
        page = address(Meeting, "add_item", meeting.pk)
        form = {**carried(client, page), "minutes": "10"}

        for title in ("Welcome", "Good-bye"):
            client.post(page, {**form, "title": title})

        assert meeting.agenda_items.count() == 2

    def test_that_was_refused_can_be_sent_again(
        self, meeting: Meeting, root: User, client: Client
    ) -> None:
        page = address(Meeting, "add_item", meeting.pk)
        form = {**carried(client, page), "title": "Welcome", "minutes": "10"}
        Meeting.objects.update(status="cancelled")
        assert client.post(page, form).status_code == 200

        Meeting.objects.update(status="scheduled")
        client.post(page, form)

        assert meeting.agenda_items.count() == 1

    def test_of_one_person_is_not_taken_for_anothers(
        self, meeting: Meeting, root: User, client: Client
    ) -> None:
        page = address(Meeting, "add_item", meeting.pk)
        other = Client()
        other.force_login(
            people.UserFactory.create(is_staff=True, is_superuser=True), backend=SIGN_IN
        )

        for each in (client, other):
            each.post(page, {**carried(each, page), "title": "Welcome", "minutes": "10"})

        assert meeting.agenda_items.count() == 2


def test_an_add_that_is_sent_twice_adds_one_row(as_mina: Client) -> None:
    shown = sent_once.shown_after(as_mina.get(address(Account, "add")).context["request"])
    facts = {"name": "Hanbit", "kind": "customer", "currency": "KRW", sent_once.FIELD: shown}

    first, second = (as_mina.post(address(Account, "add"), facts) for _twice in range(2))

    assert (first.status_code, second.status_code) == (302, 302)
    assert Account.objects.filter(name="Hanbit").count() == 1


def test_a_password_that_was_sent_is_not_kept(as_mina: Client) -> None:
    as_mina.post(address(Account, "add"), {"name": "Hanbit", "kind": "customer"})

    keys = IdempotencyKey.objects.values_list("key", "fingerprint", "body")
    assert all("Hanbit" not in str(each) for each in keys)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_sendings_in_the_same_moment_are_done_once() -> None:
    user = people.UserFactory.create(is_staff=True, is_superuser=True)
    for round_ in range(3):
        meeting = council.MeetingFactory.create()
        page = address(Meeting, "add_item", meeting.pk)
        tabs = [Client(), Client(), Client()]
        for tab in tabs:
            tab.force_login(user, backend=SIGN_IN)
        form = {**carried(tabs[0], page), "title": f"Topic {round_}", "minutes": "10"}
        answers: list[int] = []

        def send(tab: Client, page: str = page, form: Any = form, said: Any = answers) -> None:
            said.append(tab.post(page, form).status_code)

        assert at_once([lambda tab=tab: send(tab) for tab in tabs]) == []  # type: ignore[misc]
        assert answers == [302, 302, 302]
        assert AgendaItem.objects.filter(meeting=meeting).count() == 1


def test_a_list_step_on_several_rows_is_done_once_for_each(as_mina: Client) -> None:
    rows = [backlog.ContactPointFactory.create() for _each in range(2)]
    chosen = {"action": "unsubscribe", "_selected_action": [row.pk for row in rows]}
    form = {**chosen, "_answered": "1"}

    for _twice in range(2):
        response = as_mina.post(address(type(rows[0]), "changelist"), form)

    assert response.status_code == 302
    assert Event.objects.filter(kind="contact_point.unsubscribed").count() == 2
