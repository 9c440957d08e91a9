"""Owner, status and day of review, edited where requests are listed: of one or of several at once.

Each request stands by itself: what is refused for one holds up no other.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final, TypedDict

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, Event, RequestStatus, User
from backlog.operations import requests
from backlog.queries import request_edits as queries
from backlog.rules import statuses

MOST: Final = 50
"""So many requests are edited at once at most: what a page of the board shows."""


class Edits(TypedDict, total=False):
    owner: User | None
    status: str
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one of them: the first event of its edit, none where it was so already."""

    request_id: int
    event: Event | None = None
    refusal: errors.Refusal | None = None


def edit_several(
    *,
    versions: Mapping[int, int | None],
    edits: Edits,
    by: User | None,
    at: datetime,
    reason: str = "",
) -> list[Result]:
    """Edit requests by their ids, each as it was read: in the version that goes with its id.

    Whoever was edited since is refused with VersionConflict. Another status takes a `reason`: it is
    on record as an override of the council, and clears the day of review unless one is given.
    """
    if not versions:
        raise errors.Invalid(_("Choose what is to be edited."), field="requests")
    if len(versions) > MOST:
        words = _("At most %(most)d requests are edited at once; these are %(count)d.")
        raise errors.Invalid(words % {"most": MOST, "count": len(versions)}, field="requests")

    def act(request_id: int) -> None:
        _edit(request_id, versions[request_id], edits, reason=reason, by=by, at=at)

    return [_by_itself(request_id, act, by=by, at=at) for request_id in sorted(versions)]


def take_back(*, event_id: int, by: User | None, at: datetime) -> list[Result]:
    """Undo one act of `edit_several`, as any of its events names it; by whoever did it.

    A request that was edited again since stays as it is.
    """
    together: dict[int, list[Event]] = {}
    for event in queries.edited_together(Event.objects.get(pk=event_id)).order_by("-pk"):
        assert event.request_id is not None
        together.setdefault(event.request_id, []).append(event)

    def act(request_id: int) -> None:
        _take_back(request_id, together[request_id], by=by, at=at)

    return [_by_itself(request_id, act, by=by, at=at) for request_id in sorted(together)]


def _by_itself(
    request_id: int, act: Callable[[int], None], *, by: User | None, at: datetime
) -> Result:
    try:
        with transaction.atomic():
            act(request_id)
    except errors.Refusal as refusal:
        return Result(request_id, refusal=refusal)
    return Result(request_id, event=queries.edits_of(request_id).filter(actor=by, at=at).first())


def _edit(
    request_id: int,
    version: int | None,
    edits: Edits,
    *,
    reason: str,
    by: User | None,
    at: datetime,
) -> None:
    wanted: Any = dict(edits)
    status = wanted.pop("status", None)
    # Checks the version under the lock, which is held from here on.
    row = requests.edit_request(request_id=request_id, version=version, by=by, at=at)
    if status not in (None, row.status):
        if not reason.strip():
            raise errors.ReasonRequired(
                _("Say why %(key)s becomes “%(status)s”: it overrides the council.")
                % {"key": row.key, "status": RequestStatus(status).label}
            )
        requests.override_status(request_id=row.pk, status=status, reason=reason, by=by, at=at)
    requests.edit_request(request_id=row.pk, **wanted, by=by, at=at)


def _take_back(request_id: int, made: list[Event], *, by: User | None, at: datetime) -> None:
    """The last event is taken back first."""
    row = CustomerRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    last = queries.edits_of(request_id).order_by("-pk").first()
    if last != made[0]:
        words = _("%(key)s was edited again since; it stays as it is now.") % {"key": row.key}
        raise errors.VersionConflict(words, version=row.version)
    for event in made:
        if event.kind == "request.status_changed":
            requests.change_status(
                request_id=request_id,
                status=event.data["from"],
                cause=statuses.Cause.OVERRIDE,
                review_on=_day(event.data.get("review_on_was", "")),
                reason=_("Taken back."),
                by=by,
                at=at,
            )
            continue
        requests.edit_request(request_id=request_id, **_was(event.data), by=by, at=at)


def _was(data: Mapping[str, Any]) -> Any:
    was: dict[str, Any] = {}
    if "owner_was" in data:
        was["owner"] = User.objects.filter(pk=data["owner_was"]).first()
    if "review_on_was" in data:
        was["review_on"] = _day(data["review_on_was"])
    return was


def _day(text: str) -> date | None:
    return date.fromisoformat(text) if text else None
