"""What the ledger may hold, kind by kind, and who may read it.

An event that no rule knows is not written, and one that was written is read by nobody: a new kind
begins here. `data` holds ids, codes and numbers; what people said stands on the rows themselves,
where erasure finds it and `visible_to()` hides it.
"""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

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
    """The `sentence` says to people what happened, whoever did it and to whatever it was done.

    `sees` is the permission it takes beside that of the ledger, none where it is empty.

    Of `data`, `personal` names what only those read who may see customers. Only where `has_reason`
    does a colleague say why, in words of their own.
    """

    sentence: StrOrPromise
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
_PRIVACY: Final[Mapping[str, Holds]] = {"kind": a_code}
_WISHES: Final = "backlog.view_privacyrequest"
_SETTLED: Final[Mapping[str, Holds]] = {"notice": an_id, "reason": a_code, "superseded_by": an_id}


def _settled(sentence: StrOrPromise, *, has_reason: bool = False) -> Rule:
    """Of two things told in one message, one could tell that it is the same customer."""
    personal = frozenset({"notice", "superseded_by"})
    return Rule(sentence, _SETTLED, personal=personal, has_reason=has_reason)


def _reported(sentence: StrOrPromise) -> Rule:
    return Rule(sentence, {"happened_at": a_code, "judged_as": a_code}, sees="backlog.view_notice")


def _template(sentence: StrOrPromise) -> Rule:
    return Rule(
        sentence,
        {"product": an_id, "occasion": a_code, "language": a_code, "parts": our_words},
    )


_rules: dict[str, Rule] = {
    "account.added": Rule(_("An account was added"), sees="backlog.view_account"),
    "account.edited": Rule(_("An account was edited"), _CHANGED, sees="backlog.view_account"),
    "affiliation.corrected": Rule(
        _("The account of a customer was put right"),
        {"affiliation": an_id, "was": an_id, "account": an_id, "words": a_number},
        sees=_CUSTOMERS,
        has_reason=True,
    ),
    "affiliation.ended": Rule(
        _("A customer left an account"), {"account": an_id, "ends_on": a_code}, sees=_CUSTOMERS
    ),
    "affiliation.started": Rule(
        _("A customer came to an account"),
        {"account": an_id, "starts_on": a_code},
        sees=_CUSTOMERS,
    ),
    "colleague.added": Rule(_("A colleague was added"), {"roles": some_roles}, sees=_PEOPLE),
    "colleague.edited": Rule(_("A colleague’s details were edited"), _CHANGED, sees=_PEOPLE),
    "colleague.invited": Rule(_("A colleague was invited by e-mail"), sees=_PEOPLE),
    "colleague.password_set": Rule(_("A colleague was given a new password"), sees=_PEOPLE),
    "colleague.roles_set": Rule(
        _("A colleague’s roles were changed"), {"roles": some_roles}, sees=_PEOPLE
    ),
    "commitment.edited": Rule(
        _("The terms of a commitment were edited"),
        {"changed": codes, "before": our_words, "after": our_words},
    ),
    "commitment.effort_set": Rule(
        _("A department’s effort was estimated"), {"department": an_id, "days": a_code}
    ),
    "commitment.withdrawn": Rule(_("A request was taken back out of a sprint"), has_reason=True),
    "consent.given": Rule(
        _("A customer’s consent was recorded"),
        {"purpose": a_code, "basis": a_code},
        sees=_CUSTOMERS,
    ),
    "consent.withdrawn": Rule(
        _("A customer’s consent was withdrawn"), {"purpose": a_code}, sees=_CUSTOMERS
    ),
    "contact_point.added": Rule(_("A customer’s address was added"), sees=_CUSTOMERS),
    "contact_point.bounced": Rule(_("A customer’s address stopped working"), sees=_CUSTOMERS),
    "contact_point.complained": Rule(_("A customer complained about our mail"), sees=_CUSTOMERS),
    "contact_point.unsubscribed": Rule(_("A customer unsubscribed an address"), sees=_CUSTOMERS),
    "contact_point.usable": Rule(_("A customer’s address works again"), sees=_CUSTOMERS),
    "customer.added": Rule(_("A customer became known"), sees=_CUSTOMERS),
    "customer.edited": Rule(_("A customer’s details were edited"), _CHANGED, sees=_CUSTOMERS),
    "customer.erased": Rule(
        _("A customer was forgotten"),
        {"customers": ids, "words": a_number, "meant": a_number, "kept": a_number},
        sees=_CUSTOMERS,
        has_reason=True,
    ),
    "customer.gave_back": Rule(
        _("A customer who was merged into this one is their own again"),
        {"merged": an_id},
        sees=_CUSTOMERS,
        has_reason=True,
    ),
    "customer.merged": Rule(
        _("A customer was merged into another"),
        {"into": an_id, "taken_off": ids, "cancelled": ids, "owed_again": codes},
        sees=_CUSTOMERS,
        has_reason=True,
    ),
    "customer.told": _settled(_("A customer was told")),
    "customer.took_in": Rule(
        _("Another customer was merged into this one"),
        {"merged": an_id},
        sees=_CUSTOMERS,
        has_reason=True,
    ),
    "customer.unmerged": Rule(
        _("A merged customer is their own again"),
        {"survivor": an_id, "owed": ids},
        sees=_CUSTOMERS,
        has_reason=True,
    ),
    "customer.welcomed_back": Rule(_("Somebody who had been forgotten came back"), sees=_CUSTOMERS),
    "webhook_delivery.retried": Rule(_("A webhook message was tried again"), sees=_ENDPOINTS),
    "department.added": Rule(_("A department was added")),
    "department.joined": Rule(
        _("A colleague joined a department"), {"department": an_id}, sees=_PEOPLE
    ),
    "department.renamed": Rule(_("A department was renamed")),
    "department.seated": Rule(_("A department got a voting seat")),
    "endpoint.added": Rule(_("An endpoint was added"), sees=_ENDPOINTS),
    "endpoint.edited": Rule(_("An endpoint was edited"), _CHANGED, sees=_ENDPOINTS),
    "endpoint.replayed": Rule(
        _("An endpoint was told again"), {"since": a_code, "deliveries": a_number}, sees=_ENDPOINTS
    ),
    "endpoint.secret_rotated": Rule(_("An endpoint’s secret was replaced"), sees=_ENDPOINTS),
    "endpoint.switched_off": Rule(
        _("An endpoint was switched off, for it did not answer"), sees=_ENDPOINTS
    ),
    "endpoint.tested": Rule(_("An endpoint was sent a test"), sees=_ENDPOINTS),
    "evidence.linked": Rule(
        _("Words were linked as evidence"),
        {"feedback": an_id, "start": a_number, "end": a_number, "importance": a_number},
    ),
    "evidence.unlinked": Rule(_("Words were taken off a request"), has_reason=True),
    "feedback.given": Rule(
        _("Words in the inbox were given to a colleague"), {"to": an_id, "was": an_id}
    ),
    "feedback.imported": Rule(
        _("Feedback was imported"),
        {"stored": a_number, "first": an_id, "last": an_id},
        sees=_IMPORTS,
    ),
    "feedback.put_away": Rule(
        _("Words were put away without a request"), {"done_as": a_code}, has_reason=True
    ),
    "feedback.received": Rule(_("Feedback arrived"), {"source": an_id}),
    "feedback.returned": Rule(_("Words came back into the inbox"), {"was": a_code}),
    "feedback.snoozed": Rule(_("Words in the inbox were put off"), {"until": a_code}),
    "import.failed": Rule(_("An import failed"), sees=_IMPORTS),
    "import.finished": Rule(_("An import was finished"), sees=_IMPORTS),
    "import.started": Rule(_("An import was started"), {"source": an_id}, sees=_IMPORTS),
    "message_template.reset": _template(_("The built-in words of a message came back")),
    "message_template.written": _template(_("The words of a message were written")),
    "status_update.announced": Rule(
        _("A status update was announced to customers"), {"customers": a_number}
    ),
    "status_update.announcement_cancelled": Rule(
        _("The announcement of a status update was cancelled")
    ),
    "status_update.countersign_asked": Rule(
        _("A second colleague was asked to agree to telling a status update")
    ),
    "status_update.countersigned": Rule(_("A second colleague agreed to telling a status update")),
    "status_update.recorded": Rule(_("There is a status update for customers"), {"kind": a_code}),
    "status_update.worded": Rule(_("The words of a status update for customers were written")),
    "notice.bounced": _reported(_("A message came back")),
    "notice.complained": _reported(_("A message was reported as unwanted")),
    "notice.delivered": _reported(_("A message was delivered")),
    "notice.given_up": Rule(_("A message was given up"), sees="backlog.view_notice"),
    "notice.retried": Rule(_("A message was tried again"), sees="backlog.view_notice"),
    "obligation.bounced": _settled(_("A customer could not be reached")),
    "obligation.superseded": _settled(_("A customer was told with a later update")),
    "obligation.suppressed": _settled(_("A customer was not told")),
    "obligation.waived": _settled(_("A customer need not be told"), has_reason=True),
    "outcome.announced": Rule(_("An outcome was announced to customers"), {"customers": a_number}),
    "outcome.announcement_cancelled": Rule(_("The announcement of an outcome was cancelled")),
    "outcome.countersign_asked": Rule(
        _("A second colleague was asked to agree to telling an outcome")
    ),
    "outcome.countersigned": Rule(_("A second colleague agreed to telling an outcome")),
    "outcome.measured": Rule(_("An outcome was measured"), {"outcome": an_id, "verdict": a_code}),
    "outcome.recorded": Rule(_("An outcome was recorded"), {"result": a_code, "sprint": an_id}),
    "privacy.asked": Rule(
        _("A customer asked for their data or to be forgotten"), _PRIVACY, sees=_WISHES
    ),
    "privacy.done": Rule(
        _("What a customer asked of us about their data was done"), _PRIVACY, sees=_WISHES
    ),
    "privacy.withdrawn": Rule(
        _("A customer’s wish about their data was withdrawn"), _PRIVACY, sees=_WISHES
    ),
    "product.added": Rule(_("A product was added")),
    "product.edited": Rule(_("A product was edited"), _CHANGED),
    "product.grant_revoked": Rule(
        _("A colleague’s access to a product was taken back"),
        {"user": an_id},
        sees="backlog.manage_products",
    ),
    "product.granted": Rule(
        _("A colleague was given access to a product"),
        {"user": an_id},
        sees="backlog.manage_products",
    ),
    "product.model_changed": Rule(_("A product is scored with another model"), {"model": an_id}),
    "reply.received": Rule(_("A customer answered"), {"obligation": an_id, "verdict": a_code}),
    "request.assessed": Rule(
        _("A department assessed a request"),
        {"department": an_id, "criteria": codes, "revised": codes},
    ),
    "request.committed": Rule(
        _("A request was taken into a sprint"), {"sprint": an_id, "is_pilot": a_flag}
    ),
    "request.edited": Rule(
        _("A request was edited"), {**_CHANGED, "owner_was": an_id, "review_on_was": a_code}
    ),
    "request.gave_back": Rule(
        _("A request that was merged into this one is its own again"),
        {"merged": an_id},
        has_reason=True,
    ),
    "request.merged": Rule(
        _("A request was merged into another"),
        {"into": an_id, "status": a_code, "since": a_code, "rank": a_code},
        has_reason=True,
    ),
    "request.moved": Rule(
        _("A request was moved in rank"),
        {
            "after": an_id,
            "before": an_id,
            "was_after": an_id,
            "rank": a_code,
            "rank_was": a_code,
            "drift": a_code,
        },
        has_reason=True,
    ),
    "request.opened": Rule(_("A request was opened")),
    "request.status_changed": Rule(
        _("A request’s status changed"),
        {"from": a_code, "to": a_code, "cause": a_code, "review_on_was": a_code},
        has_reason=True,
    ),
    "request.step_set": Rule(_("A department’s step was set"), {"department": an_id}),
    "request.took_in": Rule(
        _("Another request was merged into this one"), {"merged": an_id}, has_reason=True
    ),
    "request.unmerged": Rule(
        _("A merged request is its own again"), {"survivor": an_id}, has_reason=True
    ),
    "scoring_model.added": Rule(_("A scoring model was added")),
    "source.added": Rule(_("A source was added")),
    "source.edited": Rule(_("A source was edited"), _CHANGED),
    "sprint.capacity_set": Rule(
        _("A department’s capacity was set"), {"department": an_id, "days": a_code}
    ),
    "sprint.closed": Rule(_("A sprint was closed")),
    "sprint.edited": Rule(_("A sprint was edited"), _CHANGED),
    "sprint.planned": Rule(_("A sprint was planned")),
    "sprint.started": Rule(_("A sprint was started")),
    "suggestion.decided": Rule(
        _("A suggestion was decided"), {"kind": a_code, "state": a_code, "origin": a_code}
    ),
    "suggestion.proposed": Rule(
        _("Something was suggested"), {"kind": a_code, "state": a_code, "origin": a_code}
    ),
    "text.redacted": Rule(
        _("Mentions of a forgotten customer were taken out of a text"), {"columns": codes}
    ),
    "token.issued": Rule(
        _("An API token was made"), {"token": a_code, "scopes": codes}, sees=_TOKENS
    ),
    "token.revoked": Rule(_("An API token was revoked"), {"token": a_code}, sees=_TOKENS),
    "token.rotated": Rule(
        _("An API token was replaced"), {"token": a_code, "successor": a_code}, sees=_TOKENS
    ),
    "words.expired": Rule(_("Words that were kept long enough were erased"), {"count": a_number}),
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


def sentence_of(kind: str) -> StrOrPromise:
    """What an event of this kind says to people; of a kind that no rule knows, the kind itself."""
    return _rules[kind].sentence if kind in _rules else kind


def seen_with(may: Callable[[str], bool]) -> list[str]:
    """The kinds that somebody may read who has these permissions."""
    return [kind for kind, rule in _rules.items() if not rule.sees or may(rule.sees)]


def shown(kind: str, data: Mapping[str, Any], may: Callable[[str], bool]) -> dict[str, Any]:
    """Of an event that may be read, what may be read of it."""
    personal: Iterable[str] = _rules[kind].personal if kind in _rules else data
    hidden = () if may(_CUSTOMERS) else personal
    return {name: value for name, value in data.items() if name not in hidden}
