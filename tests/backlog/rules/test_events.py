import ast
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from backlog.rules import events, roles

ROOT = Path(settings.BASE_DIR)
RECORDERS = {"record", "entry", "record_many", "_record"}


def nobody(permission: str) -> bool:
    return False


def everybody(permission: str) -> bool:
    return True


def kinds_in_the_code() -> Iterator[str]:
    """Each kind that an operation writes out in full where it records it."""
    for app in ("backlog", "council"):
        for file in sorted((ROOT / app / "operations").glob("*.py")):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and _name(node.func) in RECORDERS and node.args:
                    first = node.args[0]
                    if isinstance(first, ast.Constant) and "." in str(first.value):
                        yield str(first.value)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def test_every_kind_that_is_recorded_has_a_rule() -> None:
    found = set(kinds_in_the_code())

    assert len(found) > 50
    assert found - set(events.rules()) == set()


def test_a_kind_without_a_rule_is_not_written() -> None:
    with pytest.raises(ValueError, match="who may see"):
        events.check("customer.sneezed", {}, reason="")


def test_a_kind_without_a_rule_is_read_by_nobody() -> None:
    assert "customer.sneezed" not in events.seen_with(everybody)
    assert events.shown("customer.sneezed", {"who": 1}, nobody) == {}


@pytest.mark.parametrize(
    ("kind", "data", "reason"),
    [
        ("notice.bounced", {"said": "Kim left the company"}, ""),
        ("notice.bounced", {"happened_at": "Kim left the company"}, ""),
        ("customer.edited", {"changed": ["Kim left"]}, ""),
        ("customer.told", {"notice": "7"}, ""),
        ("customer.told", {"notice": True}, ""),
        ("colleague.roles_set", {"roles": ["king"]}, ""),
        ("customer.added", {}, "Kim said so."),
    ],
)
def test_what_somebody_could_have_typed_is_not_written(
    kind: str, data: dict[str, Any], reason: str
) -> None:
    with pytest.raises(ValueError, match=kind.replace(".", r"\.")):
        events.check(kind, data, reason=reason)


def test_what_the_rules_ask_for_is_a_permission_that_somebody_has() -> None:
    asked = {rule.sees for rule in events.rules().values()} - {""}

    assert asked <= roles.EVERYTHING


@pytest.mark.parametrize(
    "family", ["customer.e", "contact_point.", "consent.", "notice.", "token."]
)
def test_what_is_about_a_person_is_not_for_everybody_who_reads(family: str) -> None:
    assert not [kind for kind in events.seen_with(nobody) if kind.startswith(family)]
    assert [kind for kind in events.seen_with(everybody) if kind.startswith(family)]


def test_how_two_things_go_together_is_for_those_who_see_customers() -> None:
    data = {"notice": 7, "reason": "bounced"}

    assert events.shown("customer.told", data, nobody) == {"reason": "bounced"}
    assert events.shown("customer.told", data, everybody) == data
