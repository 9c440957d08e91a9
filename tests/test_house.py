"""The house is as CONTRIBUTING draws it: who reads, who writes, and where each noun stands."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest
from django.apps import apps
from django.contrib import admin
from django.db.models import Model
from django.urls import URLPattern, URLResolver, get_resolver
from rest_framework.serializers import ModelSerializer

ROOT: Final = Path(__file__).resolve().parent.parent
APPS: Final = ("backlog", "council")
WRITES: Final = {
    *("save", "create", "update", "delete", "get_or_create", "update_or_create"),
    *("bulk_create", "bulk_update", "select_for_update", "insert", "insert_numbered"),
}
AT_THE_ROOT: Final = {"__init__", "apps", "errors", "tasks"}
MODELS: Final = [model for app in APPS for model in apps.get_app_config(app).get_models()]

# Dictionaries and sets in queries, which have an `update` of their own.
NOT_ROWS: Final = {"event_texts", "found"}

# What other operations call within their transaction.
PARTS: Final = {
    "action_items.move",
    "action_items.record",
    "customers_in_bulk.recognise",
    "customers_in_bulk.rest_on_own_requests",
    "meetings.append_item",
    "meetings.carry_over_item",
}

# Nouns without an admin of their own, and where a colleague sees them instead.
WITHOUT_ADMIN: Final = {
    "Affiliation": "on the page of its customer",
    "Membership": "on the page of a user, and of a department",
    "Announcement": "on the page of its outcome or status update",
    "Criterion": "on the page of its scoring model",
    "ProductGrant": "on the page of its product",
    "Reading": "on the page of its feedback",
    "Capacity": "on the page of its sprint",
    "Effort": "on the page of its commitment",
    "Consent": "on the page of its customer",
    "DepartmentScore": "on the page of its request",
    "DepartmentStep": "on the page of its request",
    "ErasedIdentifier": "nobody may list what was forgotten",
    "IdempotencyKey": "answers to programs, kept for a day",
    "Identity": "on the page of its customer",
    "MailDomain": "on the page about the delivery of mail",
    "Measurement": "on the page of its commitment",
    "NoticeItem": "on the page of its notice",
    "OwedFile": "there for a moment, when a person is erased",
    "PrivacyRequest": "on a page of its own, pages/privacy_requests",
    "Prediction": "on the page of its decision",
    "Review": "on the page of its decision",
    "SeatTerm": "on the page of its seat",
    "Attendance": "on the page of its meeting",
    "Preparation": "on the page where its meeting is prepared",
    "Recusal": "on the page of its ballot",
    "LedgerSeal": "checked by the command verify_ledger",
    "Letter": "on the page of its minutes, as a number",
    "Minutes": "on a page of their own, pages/minutes",
    "MinutesAmendment": "on the page of its minutes",
    "MinutesApproval": "on the page of its minutes",
    "Stance": "on the page of its ballot",
    "Series": "on a page of its own, pages/series",
    "Invitation": "on the page of its meeting",
    "CalendarFeed": "one's own, on the page of one's calendar",
    "View": "on the list that it narrows",
    "Suggestion": "in the inbox and on the pages where what it proposes is done",
}

# Nouns that are no resource of the API, and where a program finds them instead.
WITHOUT_RESOURCE: Final = {
    "User": "as references; people are kept by administrators",
    "Affiliation": "below its customer",
    "Membership": "as the department of a reference",
    "Announcement": "inside its outcome or status update",
    "Criterion": "inside its scoring model",
    "ProductGrant": "who sees a closed product is for administrators",
    "ImportRun": "imports are run on the server",
    "Reading": "inside its feedback",
    "Capacity": "inside its sprint",
    "Effort": "inside its commitment",
    "Consent": "inside its customer",
    "ContactPoint": "inside its customer",
    "DepartmentScore": "inside its request",
    "DepartmentStep": "inside its request",
    "ErasedIdentifier": "nobody may list what was forgotten",
    "IdempotencyKey": "the header of a write",
    "Identity": "inside its customer",
    "MailDomain": "for administrators",
    "Measurement": "inside its commitment",
    "NoticeItem": "inside its notice",
    "OwedFile": "there for a moment, when a person is erased",
    "PrivacyRequest": "for colleagues who answer them, on a page",
    "Prediction": "inside its decision",
    "Review": "inside its decision",
    "SeatTerm": "inside its seat",
    "Attendance": "inside its meeting",
    "Preparation": "counted by `meetings/{id}/preparation/`",
    "Recusal": "inside its ballot",
    "LedgerSeal": "checked by the command verify_ledger",
    "Letter": "mail to colleagues",
    "Minutes": "below their meeting",
    "MinutesAmendment": "inside its minutes",
    "MinutesApproval": "inside its minutes",
    "Stance": "inside its ballot",
    "Invitation": "inside its meeting",
    "CalendarFeed": "one's own secret, made at a page",
    "Seal": "checked by the command verify_ledger",
}

# Tests about what all modules of a floor have in common, or several do at once.
ABOUT_ALL: Final = {
    *("test_races", "test_dispatch_races"),
    *("test_access", "test_editing", "test_every_noun", "test_policy"),
    *("test_sent_twice", "test_two_tabs"),
    *("test_bad_input", "test_bounds", "test_client", "test_constraints", "test_fuzz"),
    "test_large_bodies",
    "test_lists",
}

# Nouns whose tests stand with the noun that they belong to.
TESTED_WITH: Final = {
    "announced": "backlog/operations/test_announcements.py",
    "assessments": "backlog/operations/test_scores.py",
    "consents": "backlog/operations/test_customers.py",
    "contact_points": "backlog/operations/test_customers.py",
    "department_scores": "backlog/operations/test_scores.py",
    "department_steps": "backlog/operations/test_requests.py",
    "departments": "backlog/operations/test_users.py",
    "edited": "backlog/operations/test_events.py",
    "idempotency_keys": "backlog/api/framework/test_idempotency.py",
    "identities": "backlog/operations/test_customers.py",
    "owed_files": "erasure/test_files.py",
    "memberships": "backlog/operations/test_users.py",
    "privacy_requests": "erasure/test_operations.py",
    "scoring_models": "backlog/operations/test_scores.py",
    "calendar_feeds": "council/pages/test_calendar.py",
    "seats": "council/operations/test_councils.py",
}


def _files(folder: str) -> list[Path]:
    return [path for app in APPS for path in sorted((ROOT / app / folder).glob("*.py"))]


def _id(path: Path) -> str:
    return f"{path.parts[-3]}.{path.stem}"


def _without_by_and_at(path: Path) -> set[str]:
    """Public functions that neither take both nor only lock or check for other operations."""
    found = set()
    for node in ast.parse(path.read_text()).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith(("_", "lock_", "check_")):
            taken = {argument.arg for argument in node.args.kwonlyargs}
            if not {"by", "at"} <= taken:
                found.add(f"{path.stem}.{node.name}")
    return found


@pytest.mark.parametrize("path", _files("operations"), ids=_id)
def test_operations_take_who_and_when(path: Path) -> None:
    assert _without_by_and_at(path) == set()


def _in_pieces(path: Path) -> set[str]:
    """Public functions that record an event, themselves or by others of the file, outside of any
    transaction."""
    functions = {
        node.name: node
        for node in ast.parse(path.read_text()).body
        if isinstance(node, ast.FunctionDef)
    }

    def is_in_pieces(node: ast.FunctionDef) -> bool:
        if "transaction.atomic" in ast.unparse(node):
            return False
        used = {it.id for it in ast.walk(node) if isinstance(it, ast.Name)} - {node.name}
        records = any(
            isinstance(it, ast.Attribute)
            and it.attr.startswith("record")
            and ast.unparse(it.value).endswith("events")
            for it in ast.walk(node)
        )
        return records or any(is_in_pieces(functions[name]) for name in used & functions.keys())

    public = (node for name, node in functions.items() if not name.startswith("_"))
    return {f"{path.stem}.{node.name}" for node in public if is_in_pieces(node)}


@pytest.mark.parametrize("path", _files("operations"), ids=_id)
def test_what_is_on_record_is_done_whole_or_not_at_all(path: Path) -> None:
    """A refusal after the first row was written must leave nothing of it."""
    assert _in_pieces(path) - PARTS == set()


@pytest.mark.parametrize("path", _files("queries"), ids=_id)
def test_queries_write_and_lock_nothing(path: Path) -> None:
    calls = [
        node.func
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
    ]
    writing = [
        f"{ast.unparse(call)} in line {call.lineno}"
        for call in calls
        if call.attr in WRITES and ast.unparse(call.value) not in NOT_ROWS
    ]

    assert writing == []


@pytest.mark.parametrize("app", APPS)
def test_nothing_lies_loose_at_the_root_of_an_app(app: str) -> None:
    assert {path.stem for path in (ROOT / app).glob("*.py")} <= AT_THE_ROOT


def _noun(thing: type) -> str:
    """The name of the file in which something is written."""
    return thing.__module__.rpartition(".")[2]


def _views(patterns: list[URLPattern | URLResolver]) -> Iterator[type]:
    for pattern in patterns:
        if isinstance(pattern, URLResolver):
            yield from _views(pattern.url_patterns)
        elif (view := getattr(pattern.callback, "cls", None)) is not None:
            yield view


def _resources() -> dict[type, type[Model]]:
    rows = {view: getattr(view, "queryset", None) for view in _views(get_resolver().url_patterns)}
    return {view: some.model for view, some in rows.items() if some is not None}


def _serializers(of: Any = ModelSerializer) -> Iterator[Any]:
    for each in of.__subclasses__():
        yield each
        yield from _serializers(each)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_noun_has_the_same_file_name_in_the_admin(model: type[Model]) -> None:
    shown = admin.site._registry.get(model)

    if shown is None:
        assert WITHOUT_ADMIN.get(model.__name__), f"say where {model.__name__} is seen"
    else:
        assert model.__name__ not in WITHOUT_ADMIN
        assert _noun(type(shown)) == _noun(model)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.__name__)
def test_a_noun_has_the_same_file_name_in_the_api(model: type[Model]) -> None:
    """Metrics of the loop and reports of products are figures about them, not the resource."""
    views = {view for view, of in _resources().items() if of is model}
    names = {_noun(view) for view in views} - {"loop_metrics", "reports"}

    if names:
        assert model.__name__ not in WITHOUT_RESOURCE
        assert names == {_noun(model)}
    else:
        assert WITHOUT_RESOURCE.get(model.__name__), f"say where {model.__name__} is read"


def test_serializers_stand_in_the_file_of_their_noun() -> None:
    """References (`…Ref`) name a row within another noun, and stand where they are used."""
    _resources()  # loads them all
    astray = [
        f"{each.__module__}.{each.__name__}"
        for each in _serializers()
        if (model := getattr(getattr(each, "Meta", None), "model", None)) in MODELS
        and not each.__name__.endswith("Ref")
        and _noun(each) != _noun(model)
    ]

    assert astray == []


@pytest.mark.parametrize("floor", ["operations", "queries", "admin", "api", "pages", "dispatch"])
def test_tests_stand_beside_what_they_test(floor: str) -> None:
    """Each `test_<name>` is about a module of the floor, or about all of them."""
    modules = {path.stem for path in _files(floor)} - {"__init__"}
    nouns = modules | {path.stem for path in _files("models")}
    astray = [
        f"{path.parts[-3]}.{path.stem}"
        for app in APPS
        for path in (ROOT / "tests" / app / floor).glob("test_*.py")
        if not _is_about(path.stem.removeprefix("test_"), nouns) and path.stem not in ABOUT_ALL
    ]

    assert sorted(astray) == []


def _is_about(name: str, nouns: set[str]) -> bool:
    return any(name == noun or name.startswith(f"{noun}_") for noun in nouns)


@pytest.mark.parametrize("path", _files("models"), ids=_id)
def test_each_noun_has_tests_of_its_name(path: Path) -> None:
    of_its_name = [
        each
        for each in (ROOT / "tests" / path.parts[-3]).rglob(f"test_{path.stem}*.py")
        if each.parent.name in ("models", "operations", "admin", "api", "pages")
    ]

    if of_its_name or path.stem == "__init__":
        assert path.stem not in TESTED_WITH
    else:
        assert (ROOT / "tests" / TESTED_WITH[path.stem]).exists()


def test_numbers_in_addresses_and_forms_are_read_in_one_place() -> None:
    """`backlog.rules.names.number` knows how long one may be, and which digits are none."""
    edges = [
        path
        for app in APPS
        for edge in ("api", "pages")
        for path in (ROOT / app / edge).rglob("*.py")
    ]
    own = re.compile(r"\.is(?:digit|decimal|numeric)\(")
    assert edges
    assert [str(path) for path in edges if own.search(path.read_text(encoding="utf-8"))] == []


LONGEST_FILE: Final = 400
LONGEST_FUNCTION: Final = 40
SOURCES: Final = [
    path
    for folder in (*APPS, "config", "tests", "bench", "docs")
    for path in sorted((ROOT / folder).rglob("*.py"))
    if "migrations" not in path.parts
]


def test_files_and_functions_are_short_enough_to_be_read_at_once() -> None:
    too_long = []
    for path in SOURCES:
        source = path.read_text(encoding="utf-8")
        if (lines := source.count("\n")) > LONGEST_FILE:
            too_long.append(f"{path.relative_to(ROOT)}: {lines}")
        too_long += [
            f"{path.relative_to(ROOT)}: {node.name}: {lines}"
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.FunctionDef)
            and (lines := node.end_lineno - node.lineno + 1) > LONGEST_FUNCTION  # type: ignore[operator]
        ]

    assert too_long == []
