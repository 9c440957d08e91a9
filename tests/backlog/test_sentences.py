"""Every kind of event, and every step, has a sentence for people, in both languages."""

import ast
import inspect
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.contrib import admin
from django.utils import translation

from backlog.admin.framework.row_actions import RowAction, RowActionAdmin
from backlog.models import Event, ImportRun
from backlog.queries import history
from backlog.rules import events
from council.models import ActionItem
from tests.factories import backlog

ROOT = Path(__file__).resolve().parents[2]
WRITERS = {"record", "entry", "record_many", "_record", "_save", "_EVENTS"}
# Where the kind is put together when it happens.
PUT_TOGETHER = {
    *(f"import.{status}" for status in ImportRun.Status if status != "running"),
    *(f"action_item.{status}" for status in ActionItem.Status if status not in ("open", "blocked")),
    *(
        f"{subject}.{what}"
        for subject in ("outcome", "status_update")
        for what in (
            "announced",
            "announcement_cancelled",
            "countersign_asked",
            "countersigned",
        )
    ),
    *(f"contact_point.{state}" for state in ("unsubscribed", "bounced", "complained")),
    *(f"notice.{status}" for status in ("delivered", "bounced", "complained")),
}


def written() -> Iterator[str]:
    """The kinds that operations write down, as they stand in the code."""
    for folder in ("backlog/operations", "council/operations"):
        for path in (ROOT / folder).glob("*.py"):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            for node in ast.walk(tree):
                yield from _kinds_in(node)


def _kinds_in(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Call):
        name = getattr(node.func, "attr", getattr(node.func, "id", ""))
        texts = node.args if name in WRITERS else []
    elif isinstance(node, ast.AnnAssign) and getattr(node.target, "id", "") == "_EVENTS":
        texts = node.value.values if isinstance(node.value, ast.Dict) else []
    else:
        return
    for each in texts:
        if isinstance(each, ast.Constant) and isinstance(each.value, str) and "." in each.value:
            yield each.value


KINDS = sorted({*written(), *PUT_TOGETHER})


def test_finds_the_kinds_in_the_code() -> None:
    assert len(KINDS) > 80
    assert {"request.opened", "meeting.ended", "customer.told", "customer.added"} <= set(KINDS)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_has_a_sentence_in_both_languages(kind: str) -> None:
    said = {}
    for language in ("en", "ko"):
        with translation.override(language):
            said[language] = str(events.sentence_of(kind))

    assert kind not in said.values()
    assert " " in said["en"]
    assert said["en"] != said["ko"]


def steps() -> Iterator[tuple[str, RowAction]]:
    for registered in admin.site._registry.values():
        if isinstance(registered, RowActionAdmin):
            for name in dir(type(registered)):
                found = getattr(getattr(type(registered), name), "step", None)
                if isinstance(found, RowAction):
                    yield f"{type(registered).__name__}.{name}", found


@pytest.mark.parametrize(
    ("name", "step"), list(steps()), ids=lambda it: it if isinstance(it, str) else ""
)
def test_every_step_says_in_a_sentence_that_it_is_done(name: str, step: RowAction) -> None:
    """By itself, or in the words that its method returns."""
    returns = inspect.signature(step.run).return_annotation
    assert step.done or returns not in (None, "None")
    if step.done:
        with translation.override("en"):
            english = str(step.done)
        with translation.override("ko"):
            korean = str(step.done)
        assert english.endswith(".")
        assert ": done" not in english
        assert korean != english


@pytest.mark.django_db
def test_the_ledger_is_read_in_sentences() -> None:
    event = backlog.EventFactory.create(
        kind="notice.complained", request=None, subject_type="agendaitem", subject_id=57
    )
    registered = admin.site._registry[Event]
    with translation.override("en"):
        assert str(event) == "A message was reported as unwanted"
        assert registered.what(event) == "A message was reported as unwanted"  # type: ignore[attr-defined]
        assert registered.subject(event) == "Agenda item"  # type: ignore[attr-defined]


@pytest.mark.django_db
def test_what_no_reader_tells_is_told_by_its_sentence() -> None:

    backlog.EventFactory.create(kind="notice.retried")
    event = Event.objects.with_token_names().get()
    with translation.override("en"):
        [entry] = history.event_entries([event], None)
        assert str(entry.title) == "A message was tried again"
