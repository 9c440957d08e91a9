"""Sorting a board by priority, all of it or some, in one act that is undone as one.

The requests that move share the ranks that they had, so that nothing else is touched, whatever the
length of the board.
"""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.auth import origins
from backlog.db import bulk
from backlog.models import CustomerRequest, Event, Product, User
from backlog.operations import drift
from backlog.queries import ranks as rank_queries
from backlog.queries import sorting as queries
from backlog.rules import events as event_rules
from backlog.rules import rank_keys, text_input

BATCH = 500


@transaction.atomic
def sort_by_priority(
    *,
    product_id: int,
    by: User | None,
    at: datetime,
    request_ids: Collection[int] | None = None,
    moves_pinned: bool = False,
    board_version: int | None = None,
    reason: str = "",
) -> queries.Plan:
    """Sort a board, or some of its requests among themselves, the highest priority first.

    With the `board_version` that was looked at, raises VersionConflict when the board changed
    since; ReasonRequired where one comes to be further from its neighbours than its product leaves
    without a reason, which is then on record with that one.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    if board_version not in (None, product.board_version):
        words = _("The board has changed meanwhile. Look at the order as it is now.")
        raise errors.VersionConflict(words, version=product.board_version)
    plan = queries.plan(product, request_ids=request_ids, moves_pinned=moves_pinned)
    if len(plan.moves) > queries.MOST:
        words = _("At most %(most)d requests are moved at once; these are %(count)d.")
        facts = {"most": queries.MOST, "count": len(plan.moves)}
        raise errors.Invalid(words % facts, field="requests")
    if plan.asks_why and not reason.strip():
        raise errors.ReasonRequired(
            _("%(count)d of them would be far from what their neighbours score. Say why.")
            % {"count": len(plan.asks_why)},
            asked_from=product.reason_from_drift,
        )
    _write(product, [(each.request_id, each.rank) for each in plan.moves], by=by, at=at)
    _record(plan, reason=text_input.fitting(reason, Event, "reason"), by=by, at=at)
    return plan


@transaction.atomic
def take_back(*, event_id: int, by: User | None, at: datetime) -> int:
    """Give all of one sorting the ranks that they had; how many there were.

    Raises VersionConflict where one of them was moved since: the others' places may be taken.
    """
    event = Event.objects.select_related("request__product").get(pk=event_id)
    assert event.request is not None
    product = Product.objects.select_for_update(no_key=True).get(pk=event.request.product_id)
    made = list(
        rank_queries.moved_together(event).values_list(
            "request", "data__rank_was", "data__rank", "request__rank", "request__key"
        )
    )
    for _pk, _was, given, now, key in made:
        if given != now:
            words = _("%(key)s was moved since. Move what is to stand elsewhere by hand.")
            raise errors.VersionConflict(words % {"key": key}, version=product.board_version)
    _write(product, [(pk, was) for pk, was, *_rest in made], by=by, at=at)
    told = [(pk, "", {"rank_was": given, "rank": was}) for pk, was, given, *_rest in made]
    _insert(told, by=by, at=at)
    return len(made)


def _write(
    product: Product, given: Sequence[tuple[int, str]], *, by: User | None, at: datetime
) -> None:
    """Ranks are unique at every moment, so that all get one past the end first."""
    if not given:
        return
    last = rank_queries.ranked(product).order_by("-rank").values_list("rank", flat=True).first()
    aside = rank_keys.keys_between(last, None, len(given))
    rows = [CustomerRequest(pk=pk, rank=key) for (pk, _rank), key in zip(given, aside, strict=True)]
    CustomerRequest.objects.bulk_update(rows, ["rank"], batch_size=BATCH)
    for row, (_pk, rank) in zip(rows, given, strict=True):
        row.rank = rank
    CustomerRequest.objects.bulk_update(rows, ["rank"], batch_size=BATCH)
    product.board_version += 1
    product.save(update_fields=["board_version"])
    drift.refresh_drift(product_id=product.pk, by=by, at=at)


def _record(plan: queries.Plan, *, reason: str, by: User | None, at: datetime) -> None:
    """The reason stands with those that ask for one: only they are overrides."""
    moves = [
        (
            each.request_id,
            reason if each.asks_why else "",
            {"rank_was": each.rank_was, "rank": each.rank, **_far(plan, each)},
        )
        for each in plan.moves
    ]
    _insert(moves, by=by, at=at)


def _far(plan: queries.Plan, move: queries.SortedMove) -> dict[str, str]:
    return rank_queries.drift_told(plan.product, move.drift) if move.asks_why else {}


def _insert(
    moves: Sequence[tuple[int, str, dict[str, str]]], *, by: User | None, at: datetime
) -> None:
    """An event for each request, with its reason and its data."""
    same = {
        "kind": "request.moved",
        "subject_type": "customerrequest",
        "actor_id": by and by.pk,
        "at": at,
        **origins.current().columns(),
    }
    for _pk, reason, data in moves:
        event_rules.check("request.moved", data, reason=reason)
    rows = [
        {**same, "request_id": pk, "subject_id": pk, "reason": reason, "data": data}
        for pk, reason, data in moves
    ]
    bulk.insert(Event, rows)
