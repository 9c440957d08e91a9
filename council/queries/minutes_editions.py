"""Minutes as people read them: with names, labels and times in place of ids, codes and stamps."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from django.db import models
from django.utils.translation import gettext as _

from backlog.models import User
from council.models import AgendaItem, Attendance, Ballot, Decision, Minutes, Seal, Stance
from council.queries import minutes as minutes_queries
from council.rules import minutes as rules

INTERNAL: Final = "internal"
CUSTOMERS: Final = "customers"
EDITIONS: Final = (INTERNAL, CUSTOMERS)

_LABELS: Final[dict[str, type[models.TextChoices]]] = {
    "capacity": Attendance.Capacity,
    "kind": AgendaItem.Kind,
    "verdict": Decision.Verdict,
    "answer": Stance.Answer,
}
_MOMENTS: Final = ("starts_at", "opened_at", "ended_at", "came_at", "left_at")
_DAYS: Final = ("review_on", "due_on")
_PEOPLE: Final = ("user", "owner", "presenter")


@dataclass(frozen=True, slots=True)
class Edition:
    """One edition of minutes for one reader; what it leaves out is not in it."""

    minutes: Minutes
    content: dict[str, Any]
    """As it is kept, for programs."""
    shown: dict[str, Any]
    """The same in words."""
    is_for_customers: bool
    seal: Seal | None

    @property
    def used(self) -> int:
        """Minutes that the items took together."""
        return sum(each.get("used") or 0 for each in self.shown["items"])


def edition_of(minutes: Minutes, user: User, name: str = INTERNAL) -> Edition:
    """What this person reads of the minutes: items about requests that they may not see are there
    with their time alone. The customers' edition is what was chosen when it was published."""
    content = minutes_queries.for_reader(minutes_queries.content_of(minutes), user)
    is_for_customers = name == CUSTOMERS
    if is_for_customers:
        content = rules.for_customers(content, minutes.shared)
    people = User.objects.in_bulk(rules.people_in(content))
    names = {number: str(each.name) for number, each in people.items()}
    return Edition(minutes, content, _shown(content, names), is_for_customers, seal_of(minutes))


def seal_of(minutes: Minutes) -> Seal | None:
    if not minutes.is_final:
        return None
    return Seal.objects.filter(subject_type="minutes", subject_id=minutes.pk).first()


def _shown(value: Any, names: dict[int, str]) -> Any:
    if isinstance(value, list):
        return [_shown(each, names) for each in value]
    if not isinstance(value, dict):
        return value
    shown = {name: _field(name, each, names) for name, each in value.items()}
    if "planned" in value and "title" not in value:
        shown["is_hidden"] = True
    if "status" in value:
        kind = Ballot.Status if "result" in value else AgendaItem.Status
        label = kind(value["status"]).label
        if value.get("result"):
            label = Ballot.Result(value["result"]).label
        shown["status_label"] = label
    return shown


def _field(name: str, value: Any, names: dict[int, str]) -> Any:
    if value is None or isinstance(value, dict | list):
        return _shown(value, names)
    if name in _MOMENTS:
        return datetime.fromisoformat(value)
    if name in _DAYS:
        return date.fromisoformat(value)
    if name in _PEOPLE:
        return names.get(value, _("somebody"))
    if name in _LABELS:
        return _LABELS[name](value).label
    return value
