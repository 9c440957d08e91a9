"""Every write of the API over what somebody may have set names what it replaces, or why not."""

from typing import Any, Final

from backlog import errors
from backlog.api import urls as backlog_api
from council.api import urls as council_api

REPLACES_NOTHING: Final = {
    "a new row": {
        *("products.create", "products.grant", "sources.create", "departments.create"),
        *("tokens.create", "accounts.create", "customers.create", "customers.contact_points"),
        *("customers.start_affiliation", "customers.give_consent", "feedback.create"),
        *("feedback.bulk", "requests.create", "evidence.create", "scoring-models.create"),
        *("sprints.create", "commitments.create", "outcomes.create", "outcomes.measure"),
        *("endpoints.create", "endpoints.test", "councils.create", "seats.create"),
        *("meetings.create", "agenda-items.create", "decisions.create", "action-items.create"),
        *("agenda-items.propose", "meetings.propose_agenda", "meetings.attend", "ballots.create"),
        *("notices.report", "series.create", "meetings.invite", "meetings.amend_minutes"),
        *("decisions.review", "meetings.remind", "ballots.remind"),
        *("agenda-items.read", "agenda-items.step_aside"),
    },
    "the next state, and only from the one before": {
        *("products.revoke_grant", "tokens.revoke", "tokens.rotate", "customers.end_affiliation"),
        *("customers.withdraw_consent", "customers.erase", "requests.transition"),
        *("requests.merge", "requests.unmerge", "customers.merge", "customers.unmerge"),
        *("suggestions.create", "suggestions.accept", "suggestions.dismiss"),
        *("evidence.unlink", "sprints.start", "sprints.close", "commitments.withdraw"),
        *("outcomes.announce", "outcomes.ask_countersign", "outcomes.countersign"),
        *("outcomes.cancel_announcement", "status-updates.announce"),
        *("status-updates.ask_countersign", "status-updates.countersign"),
        *("status-updates.cancel_announcement", "obligations.waive", "notices.retry"),
        *("endpoints.replay", "endpoints.rotate_secret", "webhook-deliveries.retry"),
        *("seats.vacate", "meetings.start", "meetings.end", "meetings.cancel"),
        *("agenda-items.withdraw", "action-items.claim_done", "action-items.verify"),
        *("action-items.reopen", "action-items.cancel", "meetings.leave"),
        *("action-items.block", "action-items.unblock", "action-items.help"),
        "action-items.undo",
        *("agenda-items.accept", "agenda-items.decline", "agenda-items.activate"),
        *("series.end", "meetings.skip", "meetings.restore"),
        *("meetings.propose_minutes", "meetings.answer_amendment", "meetings.approve_minutes"),
        "decisions.retire",
        *("feedback.triage", "agenda-items.come_back"),
        *("agenda-items.carry_over", "ballots.close", "ballots.withdraw", "ballots.record"),
    },
    "what was there, which stays on record as it was": {
        *("customers.correct_affiliation", "seats.appoint", "ballots.amend"),
        *("decisions.amend", "decisions.correct", "decisions.supersede"),
        *("meetings.publish_minutes", "meetings.correct_minutes"),
    },
    "a day, with a reason; each is on the ledger": {"action-items.put_off"},
    "a time that is not another's words; who was asked for the one before hears of it": {
        "meetings.move"
    },
    "one's own answer, of which the last one counts": {"meetings.answer_invitation"},
    "each in the version that is named with it": {"requests.edit_several"},
    "one's own view, under the name that one gives": {"views.create", "views.forget"},
    "a place among others, which is no value": {"requests.move", "agenda-items.move"},
    "a seat's own answer, of which the last one counts until the vote is closed": {
        "ballots.stance"
    },
    "the words that come built in; what was there is on the ledger": {"message-templates.reset"},
}


def _writes(viewset: Any) -> set[str]:
    plain = {name for name in ("create", "partial_update", "destroy") if hasattr(viewset, name)}
    mapped = (each.mapping.items() for each in viewset.get_extra_actions())
    return plain | {name for pairs in mapped for method, name in pairs if method != "get"}


def _is_guarded(viewset: Any, action: str) -> bool:
    is_edit = action == "partial_update" and viewset.is_versioned
    return is_edit or errors.VersionConflict in viewset.access[action].refusals


def test_each_write_is_guarded_or_replaces_nothing() -> None:
    registry = [*backlog_api.router.registry, *council_api.router.registry]
    unguarded = {
        f"{prefix.rpartition('/')[2]}.{action}"
        for prefix, viewset, _name in registry
        for action in _writes(viewset)
        if not _is_guarded(viewset, action)
    }

    assert unguarded == set().union(*REPLACES_NOTHING.values())
