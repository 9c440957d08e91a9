"""Merging a request into another that says the same, and taking that back.

Words are counted for the survivor, and who said them hears what becomes of it. All else keeps its
row and its request: assessments, decisions, commitments, outcomes, and what customers are owed of
these. The event of the merge holds what the request was, and un-merging makes it that again.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import partial

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Event, Evidence, Product, RequestStatus, User
from backlog.operations import events, suggestions
from backlog.queries import merges as queries
from backlog.rules import rank_keys


@transaction.atomic
def merge_request(
    *, request_id: int, into_id: int, reason: str, by: User | None, at: datetime
) -> CustomerRequest:
    """Let another request of its product take this one's place; returns the one that survives.

    What was merged into this one comes along. Merging it there again changes nothing. Refused while
    this one is in a sprint whose outcome is not known, or is being voted on: what is decided of it
    then would reach nobody.
    """
    _check_reason(reason)
    rows = _lock(request_id, into_id)
    merged, survivor = rows[request_id], rows[into_id]
    if merged.merged_into_id == survivor.pk:
        return survivor
    if refusal := queries.refusal_to_merge(merged, survivor):
        raise refusal
    was = {
        "into": survivor.pk,
        "status": merged.status,
        "since": merged.status_changed_at.isoformat(),
        "rank": merged.rank,
    }
    along = {row.pk: at for row in rows.values() if row.merged_into_id == merged.pk}
    _let_count_for(survivor, merged, along)
    merged.status, merged.status_changed_at = RequestStatus.MERGED, at
    merged.merged_into, merged.rank = survivor, None
    _save(merged)
    _renew_board(survivor)
    tell = partial(events.record, reason=reason, by=by, at=at)
    tell(queries.MERGED, subject=merged, request=merged, data=was)
    pair = suggestions.Pair(suggestions.Kind.MERGE_REQUESTS, merged.pk, survivor.pk)
    suggestions.note_merge(pair=pair, by=by, at=at)
    taken_in = {"merged": merged.pk}
    tell("request.took_in", subject=survivor, request=survivor, data=taken_in)
    return survivor


@transaction.atomic
def unmerge_request(
    *, request_id: int, reason: str, by: User | None, at: datetime
) -> CustomerRequest:
    """Make a merged request again what it was, with its words and with what was merged into it.

    It gets its place on the board back, or the one right below who took that. What was announced
    meanwhile was told, and stays so; what is owed stays owed.
    """
    _check_reason(reason)
    rows = _lock(request_id)
    merged = rows[request_id]
    event = queries.merge_of(merged)
    if event is None or merged.merged_into_id is None:
        raise errors.IllegalTransition(
            _("%(key)s is not merged.") % {"key": merged.key}, status=merged.status
        )
    survivor = rows[merged.merged_into_id]
    along = queries.merged_by_way_of(merged)
    merged.status = event.data["status"]
    merged.status_changed_at = datetime.fromisoformat(event.data["since"])
    merged.merged_into, merged.rank = None, _free_rank(merged, event)
    _save(merged)
    _let_count_for(merged, merged, along)
    _renew_board(survivor)
    tell = partial(events.record, reason=reason, by=by, at=at)
    was_in = {"survivor": survivor.pk}
    tell("request.unmerged", subject=merged, request=merged, data=was_in)
    given_back = {"merged": merged.pk}
    tell("request.gave_back", subject=survivor, request=survivor, data=given_back)
    return merged


def _check_reason(reason: str) -> None:
    if not reason.strip():
        raise errors.ReasonRequired(_("Say why."))


def _lock(*ids: int) -> dict[int, CustomerRequest]:
    """These, their survivors and all that is merged with them, under the lock of their products.

    Who merges holds the product: what is merged with what stays so meanwhile.
    """
    named = CustomerRequest.objects.filter(pk__in=ids)
    products = Product.objects.filter(pk__in=named.values("product")).order_by("pk")
    list(products.select_for_update(no_key=True).values_list("pk"))
    survivors = named.filter(merged_into__isnull=False).values_list("merged_into", flat=True)
    tops = {*ids, *survivors}
    together = CustomerRequest.objects.filter(Q(pk__in=tops) | Q(merged_into__in=tops))
    locked = together.select_for_update(of=("self",), no_key=True).select_related("product")
    found = {row.pk: row for row in locked.defer("search_text").order_by("pk")}
    if missing := [pk for pk in ids if pk not in found]:
        raise CustomerRequest.DoesNotExist(missing)
    return found


def _let_count_for(
    survivor: CustomerRequest, moved: CustomerRequest, along: Mapping[int, datetime]
) -> None:
    """Its words speak for the survivor, and those of what comes along, which points there, too.

    Nothing points to what is merged itself; each says since when its words count where they do.
    """
    Evidence.objects.filter(request__in=[moved.pk, *along]).update(counts_for=survivor)
    for pk, since in along.items():
        row = CustomerRequest.objects.filter(pk=pk)
        row.update(merged_into=survivor, status_changed_at=since)


def _save(row: CustomerRequest) -> None:
    row.version += 1
    row.save(update_fields=["status", "status_changed_at", "merged_into", "rank", "version"])


def _renew_board(survivor: CustomerRequest) -> None:
    product = survivor.product
    product.refresh_from_db(fields=["board_version"])
    product.board_version += 1
    product.save(update_fields=["board_version"])


def _free_rank(merged: CustomerRequest, event: Event) -> str:
    """Its place on the board, or the one right below who took that. The product is locked."""
    rank: str = event.data["rank"]
    ranked = CustomerRequest.objects.filter(product=merged.product_id, rank__isnull=False)
    if not ranked.filter(rank=rank).exists():
        return rank
    below = ranked.filter(rank__gt=rank).order_by("rank").values_list("rank", flat=True).first()
    return rank_keys.key_between(rank, below)
