"""What is sent twice is done once: every POST of the API with its key, every form of the pages."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.models import Model
from django.test import Client
from django.utils import timezone

from backlog.forms import sent_once
from backlog.models import (
    Account,
    Affiliation,
    CustomerRequest,
    Department,
    IdempotencyKey,
    Notice,
    Obligation,
    Product,
    StatusUpdate,
    User,
)
from backlog.models.edited import Edited
from backlog.operations import erasure
from council.models import AgendaItem, Ballot, Council, Meeting, Seat
from tests.access import (
    forms_of_members,
    held,
    inbox_forms,
    said_of_decisions,
    said_of_requests,
    said_of_series,
)
from tests.access.addresses import address
from tests.access.matrix import API, PAGES
from tests.access.test_matrix import undone
from tests.access.world import Rows, World
from tests.factories import backlog, council

pytestmark = pytest.mark.django_db

Body = dict[str, Any]
SOON = (timezone.now() + timedelta(days=2)).isoformat()
DAY = (timezone.now() + timedelta(days=9)).date().isoformat()
REASON: Body = {"reason": "Asked."}
# Tokens are shown once and never kept: those calls take no key.
WITHOUT_KEY = {"api:token-list", "api:token-rotate", "api:token-revoke"}


# What each is sent; an empty body where there is nothing to say.
BODIES: dict[str, Callable[[Rows], Body]] = {
    **held.BODIES,
    "product-list": lambda rows: {"prefix": "NEW", "name": "New"},
    "product-grants": lambda rows: {"user": rows[User].email},
    "product-revoke-grant": lambda rows: {"user": rows[User].email},
    "source-list": lambda rows: {"key": "calls", "name": "Calls", "kind": "survey"},
    "department-list": lambda rows: {"name": "Unheard of"},
    "account-list": lambda rows: {"name": "Hanbit"},
    "customer-list": lambda rows: {"name": "Jane"},
    "customer-affiliations": lambda rows: {"account": rows[Account].pk, "is_beside": True},
    "customer-end-affiliation": lambda rows: {"affiliation": rows[Affiliation].pk},
    "customer-correct-affiliation": lambda rows: {
        "affiliation": rows[Affiliation].pk,
        "starts_on": "2020-01-01",
        **REASON,
    },
    "customer-contact-points": lambda rows: {"email": "another@example.org"},
    "customer-give-consent": lambda rows: {"purpose": "research", "basis": "opt_in"},
    "customer-withdraw-consent": lambda rows: {"purpose": "loop"},
    **said_of_requests.BODIES,
    "evidence-unlink": lambda rows: REASON,
    "feedback-triage": lambda rows: {"act": "put_away", "done_as": "spam"},
    "sprint-list": lambda rows: {
        "product": "OPEN",
        "name": "May",
        "starts_on": "2026-05-01",
        "ends_on": "2026-05-14",
    },
    "sprint-capacities": lambda rows: {"department": rows[Department].pk, "days": "5"},
    "commitment-withdraw": lambda rows: REASON,
    "commitment-set-effort": lambda rows: {"department": rows[Department].pk, "days": "5"},
    "status-update-say": lambda rows: {"words": {"en": "Soon."}},
    "message-template-list": lambda rows: {"occasion": "partly", "language": "en"},
    "obligation-waive": lambda rows: REASON,
    "endpoint-list": lambda rows: {"name": "Chat", "url": "https://chat.example.com/hook"},
    "endpoint-replay": lambda rows: {"since": "2020-01-01T00:00:00Z"},
    "council-list": lambda rows: {
        "name": "Another",
        "products": ["OPEN"],
        "chair": rows[User].email,
        "secretary": rows[User].email,
    },
    "seat-list": lambda rows: {
        "council": rows[Council].pk,
        "title": "Advocate",
        "is_voting": False,
    },
    "seat-appoint": lambda rows: {"user": rows[User].email},
    "meeting-list": lambda rows: {
        "council": rows[Council].pk,
        "title": "May",
        "starts_at": SOON,
    },
    "meeting-cancel": lambda rows: REASON,
    **said_of_series.BODIES,
    "agenda-item-list": lambda rows: {"meeting": rows[Meeting].pk, "title": "Welcome"},
    "ballot-list": lambda rows: {
        "agenda_item": rows[AgendaItem].pk,
        "proposal": "Build it.",
        "verdict": "approve",
        "closes_at": SOON,
    },
    "ballot-stance": lambda rows: {"answer": "yes"},
    "ballot-amend": lambda rows: {"proposal": "Build half of it.", "verdict": "pilot"},
    "ballot-withdraw": lambda rows: REASON,
    "agenda-item-propose": lambda rows: {"meeting": rows[Meeting].pk, "title": "Welcome"},
    "agenda-item-move": lambda rows: {"after": None},
    "agenda-item-decline": lambda rows: REASON,
    **said_of_decisions.BODIES,
    "action-item-list": lambda rows: {
        "council": rows[Council].pk,
        "title": "Ask",
        "owner": rows[User].email,
        "due_on": DAY,
    },
    "action-item-reopen": lambda rows: REASON,
    "action-item-cancel": lambda rows: REASON,
    "action-item-block": lambda rows: REASON,
    "action-item-claim-done": lambda rows: {"evidence": "See."},
}
POSTS = [row for row in API if row.method == "POST" and row.route not in WITHOUT_KEY]


def everything() -> dict[str, Any]:
    """How many rows there are of each kind, and the versions of what has them."""
    counts = [f"SELECT '{table}', count(*) FROM {table}" for table in map(_table, _nouns())]
    versions = [
        f"SELECT '{_table(model)}', {model._meta.pk.column}, version FROM {_table(model)}"
        for model in _nouns()
        if issubclass(model, Edited)
    ]
    return {"counted": _union(counts), "versions": _union(versions)}


def _table(model: type[Model]) -> str:
    return model._meta.db_table


def _union(selects: list[str]) -> list[tuple[Any, ...]]:
    """By one query: it is asked twice for each route."""
    with connection.cursor() as cursor:
        cursor.execute(" UNION ALL ".join(selects))
        return sorted(cursor.fetchall())


def _nouns() -> list[type[Model]]:
    ours = [
        *apps.get_app_config("backlog").get_models(),
        *apps.get_app_config("council").get_models(),
    ]
    return [model for model in ours if model is not IdempotencyKey]


def _body(row: Any, world: World) -> Body:
    # Factories give requests numbers that the product has not counted.
    Product.objects.update(next_number=100_000)
    make = BODIES.get(row.route.removeprefix("api:"))
    return make(world.open) if make else {}


@pytest.mark.parametrize("row", POSTS, ids=lambda row: row.route)
def test_every_post_of_the_api_is_done_once_with_the_same_key(row: Any, world: World) -> None:
    caller = next(letter for letter in ("A", "S", "P") if letter in row.who)
    with undone():
        said = _body(row, world)
        to = address(row.route, world, world.open, caller)
        headers = {"Idempotency-Key": "once"}

        def call() -> Any:
            return world.browsers[caller].post(
                to, said, content_type="application/json", headers=headers
            )

        first, between = call(), everything()
        second, after = call(), everything()

    assert first.status_code < 500
    assert (second.status_code, second.content) == (first.status_code, first.content)
    assert second.headers["Idempotency-Replayed"] == "true"
    assert after == between


def test_most_of_them_were_really_done(world: World) -> None:
    done = []
    for row in POSTS:
        caller = next(letter for letter in ("A", "S", "P") if letter in row.who)
        with undone():
            said = _body(row, world)
            to = address(row.route, world, world.open, caller)
            answer = world.browsers[caller].post(to, said, content_type="application/json")
            done += [row.route] if answer.status_code < 300 else []
    assert len(done) > len(POSTS) / 2, sorted({row.route for row in POSTS} - {*done})


def _shown(client: Client, page: str, name: str) -> str:
    found: Any = client.get(page).context[name]
    return str(found["shown_as"].value())


def _meeting(rows: Rows) -> Meeting:
    made: Meeting = council.MeetingFactory.create(
        council=rows[Council], starts_at=timezone.now() + timedelta(days=3)
    )
    return made


def _to_commit(rows: Rows) -> Body:
    CustomerRequest.objects.filter(pk=rows[CustomerRequest].pk).update(status="approved")
    return {"sprint": backlog.SprintFactory.create(product=rows[Product]).pk}


def _nothing(rows: Rows, client: Client) -> Body:
    return {}


def _undecided(rows: Rows) -> list[str]:
    request = backlog.RequestFactory.create(product=rows[Product], status="under_review")
    return [str(request.key)]


def _edited_item(rows: Rows, client: Client) -> Body:
    agenda = client.get(f"/meetings/{rows[Meeting].pk}/").context["agenda"]
    form = next(row.form for row in agenda.rows if row.item == rows[AgendaItem])
    values = {name: form[name].value() or "" for name in form.fields}
    return {**values, "minutes": 25}


def _proposed(rows: Rows) -> Body:
    AgendaItem.objects.filter(pk=rows[AgendaItem].pk).update(status="proposed")
    return {}


FORMS: dict[str, Callable[[Rows, Client], Body]] = {
    **held.FORMS,
    "council:assess": _nothing,
    "council:room-attend": _nothing,
    "council:room-leave": _nothing,
    "council:room-give-proxy": lambda rows, client: {
        "seat": rows[Seat].pk,
        "user": rows[Council].secretary_id,
    },
    "council:room-start": _nothing,
    "council:room-end": _nothing,
    "council:room-activate": lambda rows, client: {"item": rows[AgendaItem].pk},
    "council:room-carry-over": lambda rows, client: {"item": rows[AgendaItem].pk},
    "council:room-put": lambda rows, client: {
        "item": rows[AgendaItem].pk,
        "proposal": "Build it.",
        "verdict": "approve",
    },
    "council:room-amend": lambda rows, client: {
        "ballot": rows[Ballot].pk,
        "proposal": "Build half of it.",
        "verdict": "pilot",
    },
    "council:room-close": lambda rows, client: {"ballot": rows[Ballot].pk},
    "council:room-withdraw": lambda rows, client: {"ballot": rows[Ballot].pk, **REASON},
    "council:room-answer": lambda rows, client: {
        "ballot": rows[Ballot].pk,
        "seat": rows[Seat].pk,
        "answer": "yes",
    },
    "council:room-record": lambda rows, client: {"ballot": rows[Ballot].pk},
    **said_of_decisions.FORMS,
    **inbox_forms.FORMS,
    **forms_of_members.FORMS,
    "council:link": lambda rows, client: inbox_forms.new_words(rows),
    "council:unlink": lambda rows, client: REASON,
    **said_of_requests.FORMS,
    "council:put-on-agenda": lambda rows, client: {"meeting": _meeting(rows).pk, "minutes": 10},
    "council:commit": lambda rows, client: _to_commit(rows),
    **said_of_series.FORMS,
    "council:propose-agenda": lambda rows, client: {"keys": _undecided(rows)},
    "council:add-item": lambda rows, client: {"title": "Welcome"},
    "council:propose-item": lambda rows, client: {"title": "Welcome"},
    "council:edit-item": _edited_item,
    "council:move-item": _nothing,
    "council:accept-item": _nothing,
    "council:decline-item": lambda rows, client: {**REASON, **_proposed(rows)},
    "council:carry-over-item": _nothing,
    "council:withdraw-item": _nothing,
    "backlog:save-view": lambda rows, client: {
        "list": "backlog:requests",
        "name": "Fresh",
        "wanted": "status=new",
    },
    "backlog:delete-view": _nothing,
    "backlog:place": lambda rows, client: {"chosen": rows[CustomerRequest].number, "place": 1},
    "backlog:move": _nothing,
    "backlog:undo": _nothing,
    "backlog:unanswered": lambda rows, client: {
        "key": rows[CustomerRequest].key,
        "en": "Soon.",
        "ko": "곧.",
    },
    "backlog:test-message": _nothing,
    "backlog:retry-notice": _nothing,
    "backlog:announce-step": _nothing,
    "backlog:preview-test": _nothing,
    "backlog:status-update-announce-step": _nothing,
    "backlog:status-update-preview-test": _nothing,
    "backlog:status-update-words": lambda rows, client: {
        "en": "Soon.",
        "ko": "곧.",
        "shown_as": _shown(client, f"/status-updates/{_status_update(rows)}/announce/", "words"),
    },
    "backlog:message-preview": _nothing,
    "backlog:message-save": lambda rows, client: {
        "headline": "Thanks.",
        "shown_as": _shown(client, "/messages/delivered/en/", "form"),
    },
    "backlog:message-reset": _nothing,
    "backlog:heard": lambda rows, client: {
        "obligation": Obligation.objects.get(items__notice=rows[Notice]).pk,
        "verdict": "no",
        "words": "Still slow.",
    },
    "backlog:own-account": lambda rows, client: {
        "name": "Ada Kim",
        "language": "en",
        "time_zone": "Asia/Seoul",
        "shown_as": _shown(client, "/account/", "form"),
    },
    "backlog:forgotten-password": lambda rows, client: {"email": "nobody@example.com"},
    "backlog:set-password": lambda rows, client: {},
    "backlog:unsubscribe": _nothing,
    "backlog:own-data": lambda rows, client: {"kind": "export"},
    "backlog:privacy-close": lambda rows, client: {"status": "done"},
    "backlog:privacy-welcome-back": lambda rows, client: {"email": _of_somebody_erased()},
    "set_language": lambda rows, client: {"language": "en"},
}


def _of_somebody_erased() -> str:
    somebody = backlog.ContactPointFactory.create()
    erasure.erase_customer(
        customer_id=somebody.customer_id, reason="They asked.", by=None, at=timezone.now()
    )
    return str(somebody.address)


def _status_update(rows: Rows) -> int:

    return int(rows[StatusUpdate].pk)


def test_every_form_of_the_pages_is_tried() -> None:
    assert {row.route for row in PAGES if row.method == "POST"} <= {
        *FORMS,
        "admin:login",
        "admin:autocomplete",
    }


@pytest.mark.parametrize("route", FORMS)
def test_every_form_of_the_pages_is_done_once(route: str, world: World) -> None:
    client = world.browsers["A"]
    with undone():
        said = {sent_once.FIELD: _now(world), **FORMS[route](world.open, client)}
        to = address(route, world, world.open, "A")
        first, between = client.post(to, said), everything()
        second, after = client.post(to, said), everything()

    assert max(first.status_code, second.status_code) < 500
    assert after == between


def _now(world: World) -> int:
    newest = IdempotencyKey.objects.filter(user=world.users["A"]).order_by("-pk").first()
    return newest.pk if newest else 0


def test_every_form_of_a_colleagues_page_says_what_it_was_shown_after() -> None:

    # Who cannot sign in has no claims, and a letter or a password twice is once.
    at_the_door = {"login.html", "forgotten.html", "set_password.html"}
    for path in Path("templates").rglob("*.html"):
        words = path.read_text(encoding="utf-8")
        forms = words.count('method="post"')
        is_unfolds = "unfold" in path.parts  # To leave, or change the language, twice is once.
        is_of_a_stranger = path.parent.name == "portal" or path.name in at_the_door
        if forms and not is_of_a_stranger and not is_unfolds:
            assert words.count("{% sent_once %}") == words.count("{% csrf_token %}") == forms, path
