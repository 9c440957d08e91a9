"""What counts because of who does it is not done in another's name, by whatever face."""

from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import getmembers
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from backlog.auth import personal_acts
from backlog.models import ApiToken, User
from backlog.operations import api_tokens
from tests.factories import NOON, backlog, council, people

IN_PERSON = {
    "backlog.operations.accepted_suggestions.accept_suggestion",
    "backlog.operations.announcements.ask_to_announce",
    "backlog.operations.announcements.countersign",
    "backlog.operations.assessments.assess",
    "backlog.operations.suggestions.dismiss",
    "council.operations.action_items.claim_done",
    "council.operations.action_items.verify_action",
    "council.operations.amendments.propose_amendment",
    "council.operations.attendances.attend",
    "council.operations.attendances.give_proxy",
    "council.operations.attendances.leave",
    "council.operations.ballots.amend_ballot",
    "council.operations.ballots.close_ballot",
    "council.operations.ballots.open_ballot",
    "council.operations.ballots_by_deadline.vote_between_meetings",
    "council.operations.decisions.record_by_ballot",
    "council.operations.decisions.record_decision",
    "council.operations.minutes.approve_minutes",
    "council.operations.preparations.read_item",
    "council.operations.preparations.unread_item",
    "council.operations.recusals.come_back",
    "council.operations.recusals.step_aside",
    "council.operations.reviews.review_decision",
    "council.operations.standing_decisions.amend_decision",
    "council.operations.standing_decisions.correct_decision",
    "council.operations.standing_decisions.retire_decision",
    "council.operations.standing_decisions.supersede_decision",
    "council.operations.stances.take_stance",
    "council.operations.workshops.work_out",
}
# These say by their names that somebody agrees, judges or votes: a new one belongs above.
TELLING = (
    "countersign",
    "ask_to_announce",
    "assess",
    "ballot",
    "vote",
    "attend",
    "give_proxy",
    "take_stance",
    "open_ballot",
    "amend_ballot",
    "close_ballot",
    "record_by",
    "verify_",
    "record_decision",
)


def operations() -> Iterator[tuple[str, Callable[..., Any]]]:
    for app in ("backlog", "council"):
        folder = Path(settings.BASE_DIR) / app / "operations"
        for file in sorted(folder.glob("[a-z]*.py")):
            module = import_module(f"{app}.operations.{file.stem}")
            for name, found in getmembers(module, callable):
                if getattr(found, "__module__", "") == module.__name__ and name[0] != "_":
                    yield f"{module.__name__}.{name}", found


def test_these_are_done_in_person() -> None:
    assert {name for name, found in operations() if hasattr(found, personal_acts.MARK)} == IN_PERSON


def test_none_that_sounds_like_it_is_missing() -> None:
    telling = {name for name, _found in operations() if name.rpartition(".")[2].startswith(TELLING)}

    assert telling - IN_PERSON == set()


def called_with(user: User, made_by: User | None) -> Client:
    user = User.objects.get(pk=user.pk)
    _token, secret = ApiToken.objects.create(
        user, name="tool", scopes=list(api_tokens.SCOPES), made_by=made_by
    )
    return Client(headers={"authorization": f"Bearer {secret}"})


class TestByAToken:
    """Each of the edges of the API: with a token of one's own, and with one that another made."""

    @pytest.fixture
    def edges(self, mina: User, sora: User) -> dict[str, tuple[User, str, dict[str, Any]]]:
        people.MembershipFactory.create(user=sora)
        request = backlog.RequestFactory.create(status="under_review")
        criterion = backlog.CriterionFactory.create(model=request.product.scoring_model)
        outcome = backlog.OutcomeFactory.create()
        status_update = backlog.StatusUpdateFactory.create()
        outcome_asked = backlog.OutcomeFactory.create(asked_by=sora, asked_at=NOON)
        status_update_asked = backlog.StatusUpdateFactory.create(asked_by=sora, asked_at=NOON)
        item = council.ActionItemFactory.create(owner=sora)
        board = item.council
        board.products.add(request.product)
        type(board).objects.filter(pk=board.pk).update(chair=sora)
        other = council.ActionItemFactory.create(council=board, status="claimed_done", evidence="x")
        value = {"answers": {criterion.key: {"value": 3}}}
        decided = {"council": board.pk, "request": request.key, "verdict": "approve"}
        api = "/api/v1"
        return {
            "assess": (sora, f"{api}/requests/{request.key}/assessments/", value),
            "ask": (mina, f"{api}/outcomes/{outcome.pk}/ask-countersign/", {}),
            "ask news": (mina, f"{api}/status-updates/{status_update.pk}/ask-countersign/", {}),
            "countersign": (mina, f"{api}/outcomes/{outcome_asked.pk}/countersign/", {}),
            "countersign news": (
                mina,
                f"{api}/status-updates/{status_update_asked.pk}/countersign/",
                {},
            ),
            "claim": (sora, f"{api}/action-items/{item.pk}/claim-done/", {"evidence": "Seen."}),
            "verify": (sora, f"{api}/action-items/{other.pk}/verify/", {}),
            "decide": (sora, f"{api}/decisions/", {**decided, "rationale": "Many asked."}),
        }

    @pytest.mark.parametrize(
        "act",
        [
            "assess",
            "ask",
            "ask news",
            "countersign",
            "countersign news",
            "claim",
            "verify",
            "decide",
        ],
    )
    def test_that_another_made_nobody_acts_in_person(
        self, act: str, edges: dict[str, tuple[User, str, dict[str, Any]]], ada: User
    ) -> None:
        user, to, body = edges[act]
        for made_by in (ada, None):
            answer = called_with(user, made_by).post(to, body, content_type="application/json")
            assert (answer.status_code, answer.json()["code"]) == (403, "person_required")

        own = called_with(user, user).post(to, body, content_type="application/json")
        assert own.status_code in (200, 201), own.json()
