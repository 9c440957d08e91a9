"""Minutes: what of them is words, what customers may read, and when they count as approved.

The content of minutes is one document. Every field of it stands in `EDITION`, so that a new one is
kept from customers until somebody has said otherwise.
"""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

Content = Mapping[str, Any]

WORDS: Final = frozenset(
    {
        *("title", "place", "council", "seat_title", "note", "remarks", "correction"),
        *("proposal", "rationale", "expected_effect", "dissent_words", "reason"),
        "success_measure",
    }
)
"""Fields that hold what somebody wrote; all others are ids, codes, figures and moments."""

REMINDED_AFTER: Final = (timedelta(days=3), timedelta(days=7))
"""So long after a meeting minutes that are not approved are overdue, and again."""

ALWAYS: Final = "always"
NEVER: Final = "never"
DEPARTMENTS: Final = "departments"
TOPICS: Final = "topics"
PROPOSALS: Final = "proposals"
RATIONALE: Final = "rationale"
EFFECT: Final = "effect"
NOTES: Final = "notes"
ACTIONS: Final = "actions"
OPTIONAL: Final = (DEPARTMENTS, TOPICS, PROPOSALS, RATIONALE, EFFECT, NOTES, ACTIONS)
"""What the house chooses to let customers read as well, when it publishes."""

EDITION: Final[Mapping[str, str]] = {
    "meeting.id": ALWAYS,
    "meeting.title": ALWAYS,
    "meeting.council": ALWAYS,
    "meeting.starts_at": ALWAYS,
    "meeting.place": NEVER,
    "meeting.minutes": NEVER,
    "meeting.opened_at": NEVER,
    "meeting.ended_at": NEVER,
    "correction": NEVER,
    "remarks": NOTES,
    "attendances.user": NEVER,
    "attendances.seat": NEVER,
    "attendances.seat_title": DEPARTMENTS,
    "attendances.capacity": NEVER,
    "attendances.came_at": NEVER,
    "attendances.left_at": NEVER,
    "items.id": ALWAYS,
    "items.title": ALWAYS,
    "items.request": ALWAYS,
    "items.key": ALWAYS,
    "items.kind": NEVER,
    "items.status": ALWAYS,
    "items.presenter": NEVER,
    "items.planned": NEVER,
    "items.used": NEVER,
    "items.note": NOTES,
    "items.proposals.id": PROPOSALS,
    "items.proposals.version": PROPOSALS,
    "items.proposals.verdict": PROPOSALS,
    "items.proposals.proposal": PROPOSALS,
    "items.proposals.status": PROPOSALS,
    "items.proposals.result": PROPOSALS,
    "items.proposals.counts.answer": PROPOSALS,
    "items.proposals.counts.seats": PROPOSALS,
    "items.proposals.dissent.user": NEVER,
    "items.proposals.dissent.reason": NEVER,
    "items.decisions.id": ALWAYS,
    "items.decisions.request": ALWAYS,
    "items.decisions.key": ALWAYS,
    "items.decisions.verdict": ALWAYS,
    "items.decisions.review_on": ALWAYS,
    "items.decisions.rationale": RATIONALE,
    "items.decisions.expected_effect": EFFECT,
    "items.decisions.dissent_words": NEVER,
    "items.actions.id": ACTIONS,
    "items.actions.request": ACTIONS,
    "items.actions.title": ACTIONS,
    "items.actions.due_on": ACTIONS,
    "items.actions.owner": NEVER,
    "items.actions.success_measure": NEVER,
}


def for_customers(content: Content, chosen: Collection[str]) -> dict[str, Any]:
    """The customers' edition of the same record: field by field, what is always theirs to read and
    what the house has `chosen`. Items that were not decided on are there only as TOPICS."""
    shown: dict[str, Any] = _shown(content, "", {ALWAYS, *chosen})
    items = shown.get("items", [])
    shown["items"] = [it for it in items if TOPICS in chosen or it.get("decisions")]
    titles = (each.get("seat_title", "") for each in shown.get("attendances", []))
    shown["attendances"] = [{"seat_title": title} for title in dict.fromkeys(titles) if title]
    return shown


def _shown(value: Any, path: str, allowed: Collection[str]) -> Any:
    if isinstance(value, Mapping):
        return {
            key: _shown(each, f"{path}.{key}".lstrip("."), allowed)
            for key, each in value.items()
            if _is_shown(f"{path}.{key}".lstrip("."), allowed)
        }
    if isinstance(value, list):
        return [_shown(each, path, allowed) for each in value]
    return value


def _is_shown(path: str, allowed: Collection[str]) -> bool:
    rule = EDITION.get(path)
    if rule is not None:
        return rule in allowed
    return any(rule in allowed for name, rule in EDITION.items() if name.startswith(f"{path}."))


def for_reader(content: Content, requests: Collection[int]) -> dict[str, Any]:
    """What somebody reads who may see these requests: of items about others only their time."""
    shown = dict(content)
    shown["items"] = [_of_item(each, requests) for each in content.get("items", [])]
    return shown


def _of_item(item: Content, requests: Collection[int]) -> dict[str, Any]:
    if not _may_read(item, requests):
        return {"id": item["id"], **{k: item[k] for k in ("planned", "used") if k in item}}
    shown = dict(item)
    for name in ("decisions", "actions"):
        if name in item:
            shown[name] = [each for each in item[name] if _may_read(each, requests)]
    return shown


def _may_read(part: Content, requests: Collection[int]) -> bool:
    return part.get("request") is None or part["request"] in requests


def requests_in(content: Content) -> set[int]:
    """All requests that the minutes speak of."""
    items = content.get("items", [])
    parts = [*items, *(part for it in items for n in ("decisions", "actions") for part in it[n])]
    return {part["request"] for part in parts if part["request"] is not None}


def people_in(content: Content) -> set[int]:
    """The ids of all who are named: minutes hold no names."""
    found: set[int] = set()
    _collect(content, found)
    return found


def _collect(value: Any, found: set[int]) -> None:
    if isinstance(value, Mapping):
        named = (value.get(name) for name in ("user", "owner", "presenter"))
        found.update(each for each in named if each is not None)
        for each in value.values():
            _collect(each, found)
    elif isinstance(value, list):
        for each in value:
            _collect(each, found)


def facts(value: Any) -> Any:
    """The same document without what somebody wrote: it stands whoever is forgotten."""
    if isinstance(value, Mapping):
        return {key: facts(each) for key, each in value.items() if key not in WORDS}
    if isinstance(value, list):
        return [facts(each) for each in value]
    return value


def is_carried(approvals: int, there: int) -> bool:
    """More than half of those who were there say that the minutes are right."""
    return approvals * 2 > there


def reminders_due(ended_at: datetime, at: datetime) -> int:
    """How many reminders of minutes that are not approved there should have been by now."""
    return sum(ended_at + after <= at for after in REMINDED_AFTER)
