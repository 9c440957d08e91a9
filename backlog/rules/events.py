"""What the ledger may hold, kind by kind, and who may read it.

An event that no rule knows is not written, and one that was written is read by nobody: a new kind
begins here. `data` holds ids, codes and numbers; what people said stands on the rows themselves,
where erasure finds it and `visible_to()` hides it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from backlog.rules import roles

CODE_FORM: Final = re.compile(r"[A-Za-z0-9_.:+-]{0,64}")

Holds = Callable[[Any], bool]
"""Whether a value is of the form that its name promises."""


def an_id(value: Any) -> bool:
    return value is None or (isinstance(value, int) and not isinstance(value, bool) and value > 0)


def a_number(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def a_flag(value: Any) -> bool:
    return isinstance(value, bool)


def a_code(value: Any) -> bool:
    """A word of our own, a decimal or a moment: nothing that somebody could have typed freely."""
    return isinstance(value, str) and CODE_FORM.fullmatch(value) is not None


def codes(value: Any) -> bool:
    return isinstance(value, list) and all(map(a_code, value))


def ids(value: Any) -> bool:
    return isinstance(value, list) and all(map(an_id, value))


def some_roles(value: Any) -> bool:
    return isinstance(value, list) and set(value) <= set(roles.PERMISSIONS)


def our_words(value: Any) -> bool:
    """What the company itself wrote for others to read, by name: terms, templates. No person's."""
    return isinstance(value, dict) and all(map(a_code, value))


@dataclass(frozen=True, slots=True)
class Rule:
    """`sees` is the permission it takes beside that of the ledger, none where it is empty.

    Of `data`, `personal` names what only those read who may see customers. Only where `has_reason`
    does a colleague say why, in words of their own.
    """

    data: Mapping[str, Holds] = field(default_factory=dict)
    sees: str = ""
    personal: frozenset[str] = frozenset()
    has_reason: bool = False


_CUSTOMERS: Final = "backlog.view_customer"
_PEOPLE: Final = "backlog.view_user"
_TOKENS: Final = "backlog.view_apitoken"
_ENDPOINTS: Final = "backlog.view_endpoint"
_IMPORTS: Final = "backlog.view_importrun"
_CHANGED: Final[Mapping[str, Holds]] = {"changed": codes}
_SETTLED: Final[Mapping[str, Holds]] = {"notice": an_id, "reason": a_code, "superseded_by": an_id}
_REPORTED: Final = Rule({"happened_at": a_code}, sees="backlog.view_notice")
_TEMPLATE: Final = Rule(
    {"product": an_id, "occasion": a_code, "language": a_code, "parts": our_words}
)


def _settled(*, has_reason: bool = False) -> Rule:
    """Of two things told in one message, one could tell that it is the same customer."""
    return Rule(_SETTLED, personal=frozenset({"notice", "superseded_by"}), has_reason=has_reason)


_rules: dict[str, Rule] = {
    "account.added": Rule(sees="backlog.view_account"),
    "account.edited": Rule(_CHANGED, sees="backlog.view_account"),
    "colleague.added": Rule({"roles": some_roles}, sees=_PEOPLE),
    "colleague.edited": Rule(_CHANGED, sees=_PEOPLE),
    "colleague.password_set": Rule(sees=_PEOPLE),
    "colleague.roles_set": Rule({"roles": some_roles}, sees=_PEOPLE),
    "commitment.edited": Rule({"changed": codes, "before": our_words, "after": our_words}),
    "commitment.effort_set": Rule({"department": an_id, "days": a_code}),
    "commitment.withdrawn": Rule(has_reason=True),
    "consent.given": Rule({"purpose": a_code, "basis": a_code}, sees=_CUSTOMERS),
    "consent.withdrawn": Rule({"purpose": a_code}, sees=_CUSTOMERS),
    "contact_point.added": Rule(sees=_CUSTOMERS),
    "contact_point.bounced": Rule(sees=_CUSTOMERS),
    "contact_point.complained": Rule(sees=_CUSTOMERS),
    "contact_point.unsubscribed": Rule(sees=_CUSTOMERS),
    "contact_point.usable": Rule(sees=_CUSTOMERS),
    "customer.added": Rule(sees=_CUSTOMERS),
    "customer.edited": Rule(_CHANGED, sees=_CUSTOMERS),
    "customer.told": _settled(),
    "delivery.retried": Rule(sees=_ENDPOINTS),
    "department.added": Rule(),
    "department.joined": Rule({"department": an_id}, sees=_PEOPLE),
    "department.renamed": Rule(),
    "department.seated": Rule(),
    "endpoint.added": Rule(sees=_ENDPOINTS),
    "endpoint.edited": Rule(_CHANGED, sees=_ENDPOINTS),
    "endpoint.replayed": Rule({"since": a_code, "deliveries": a_number}, sees=_ENDPOINTS),
    "endpoint.secret_rotated": Rule(sees=_ENDPOINTS),
    "endpoint.switched_off": Rule(sees=_ENDPOINTS),
    "endpoint.tested": Rule(sees=_ENDPOINTS),
    "evidence.linked": Rule(
        {"feedback": an_id, "start": a_number, "end": a_number, "importance": a_number}
    ),
    "evidence.unlinked": Rule(has_reason=True),
    "feedback.imported": Rule({"stored": a_number, "first": an_id, "last": an_id}, sees=_IMPORTS),
    "feedback.received": Rule({"source": an_id}),
    "import.failed": Rule(sees=_IMPORTS),
    "import.finished": Rule(sees=_IMPORTS),
    "import.started": Rule({"source": an_id}, sees=_IMPORTS),
    "message_template.reset": _TEMPLATE,
    "message_template.written": _TEMPLATE,
    "news.announced": Rule({"customers": a_number}),
    "news.announcement_cancelled": Rule(),
    "news.countersign_asked": Rule(),
    "news.countersigned": Rule(),
    "news.recorded": Rule({"kind": a_code}),
    "news.worded": Rule(),
    "notice.bounced": _REPORTED,
    "notice.complained": _REPORTED,
    "notice.delivered": _REPORTED,
    "notice.given_up": Rule(sees="backlog.view_notice"),
    "notice.retried": Rule(sees="backlog.view_notice"),
    "obligation.bounced": _settled(),
    "obligation.superseded": _settled(),
    "obligation.suppressed": _settled(),
    "obligation.waived": _settled(has_reason=True),
    "outcome.announced": Rule({"customers": a_number}),
    "outcome.announcement_cancelled": Rule(),
    "outcome.countersign_asked": Rule(),
    "outcome.countersigned": Rule(),
    "outcome.measured": Rule({"outcome": an_id, "verdict": a_code}),
    "outcome.recorded": Rule({"result": a_code, "sprint": an_id}),
    "product.added": Rule(),
    "product.edited": Rule(_CHANGED),
    "product.grant_revoked": Rule({"user": an_id}, sees="backlog.manage_products"),
    "product.granted": Rule({"user": an_id}, sees="backlog.manage_products"),
    "product.model_changed": Rule({"model": an_id}),
    "reply.received": Rule({"obligation": an_id, "verdict": a_code}),
    "request.assessed": Rule({"department": an_id, "criteria": codes, "revised": codes}),
    "request.committed": Rule({"sprint": an_id, "is_pilot": a_flag}),
    "request.edited": Rule(_CHANGED),
    "request.moved": Rule({"after": an_id, "before": an_id, "was_after": an_id}, has_reason=True),
    "request.opened": Rule(),
    "request.status_changed": Rule(
        {"from": a_code, "to": a_code, "cause": a_code}, has_reason=True
    ),
    "request.step_set": Rule({"department": an_id}),
    "scoring_model.added": Rule(),
    "source.added": Rule(),
    "source.edited": Rule(_CHANGED),
    "sprint.capacity_set": Rule({"department": an_id, "days": a_code}),
    "sprint.closed": Rule(),
    "sprint.edited": Rule(_CHANGED),
    "sprint.planned": Rule(),
    "sprint.started": Rule(),
    "token.issued": Rule({"token": a_code, "scopes": codes}, sees=_TOKENS),
    "token.revoked": Rule({"token": a_code}, sees=_TOKENS),
    "token.rotated": Rule({"token": a_code, "successor": a_code}, sees=_TOKENS),
}


def register(rules: Mapping[str, Rule]) -> None:
    """Let an app that builds on this one have kinds of its own."""
    _rules.update(rules)


def rules() -> Mapping[str, Rule]:
    return _rules


def check(kind: str, data: Mapping[str, Any], *, reason: str) -> None:
    """Raises ValueError for what no rule allows: a mistake in the code, never of a caller."""
    rule = _rules.get(kind)
    if rule is None:
        raise ValueError(f"No rule says who may see {kind}: see backlog/rules/events.py")
    if reason and not rule.has_reason:
        raise ValueError(f"{kind} has no reason")
    for name, value in data.items():
        if name not in rule.data or not rule.data[name](value):
            raise ValueError(f"{kind} may not hold this as {name}")


def seen_with(may: Callable[[str], bool]) -> list[str]:
    """The kinds that somebody may read who has these permissions."""
    return [kind for kind, rule in _rules.items() if not rule.sees or may(rule.sees)]


def shown(kind: str, data: Mapping[str, Any], may: Callable[[str], bool]) -> dict[str, Any]:
    """Of an event that may be read, what may be read of it."""
    personal: Iterable[str] = _rules[kind].personal if kind in _rules else data
    hidden = () if may(_CUSTOMERS) else personal
    return {name: value for name, value in data.items() if name not in hidden}
