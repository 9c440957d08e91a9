"""Requests: opening, wording, and moving them along their way."""

from collections.abc import Sequence
from datetime import date, datetime
from typing import TypedDict, Unpack

from django.db import transaction
from django.utils.translation import gettext as _

from backlog import errors
from backlog.models import CustomerRequest, DepartmentStep, Product, RequestStatus, User
from backlog.operations import events, evidence
from backlog.queries import merges
from backlog.queries import ranks as rank_queries
from backlog.rules import statuses, text_input


class RequestWords(TypedDict, total=False):
    root_cause: str
    perfect_picture: str
    owner: User | None


class RequestChanges(RequestWords, total=False):
    title: str
    problem: str
    review_on: date | None


@transaction.atomic
def open_request(
    *,
    product_id: int,
    title: str,
    problem: str,
    by: User | None,
    at: datetime,
    feedback_ids: Sequence[int] = (),
    **words: Unpack[RequestWords],
) -> CustomerRequest:
    """A new request at the bottom of the board; each feedback named becomes evidence, whole.

    What it costs depends neither on the length of the board nor on how much feedback is named.
    """
    product = Product.objects.select_for_update(no_key=True).get(pk=product_id)
    request = CustomerRequest(
        product=product,
        number=product.next_number,
        key=f"{product.prefix}-{product.next_number}",
        title=title,
        problem=problem,
        rank=rank_queries.key_at_bottom(product),
        status_changed_at=at,
        opened_by=by,
        opened_at=at,
        **words,
    )
    text_input.check(request)
    request.full_clean(validate_unique=False, validate_constraints=False)
    request.save(force_insert=True)
    product.next_number += 1
    product.board_version += 1
    product.save(update_fields=["next_number", "board_version"])
    events.record("request.opened", subject=request, request=request, by=by, at=at)
    if feedback_ids:
        evidence.link_whole(request=request, feedback_ids=feedback_ids, by=by, at=at)
    return request


@transaction.atomic
def edit_request(
    *,
    request_id: int,
    by: User | None,
    at: datetime,
    version: int | None = None,
    **changes: Unpack[RequestChanges],
) -> CustomerRequest:
    """Change a request's words, owner or review date, never its status.

    With `version`, refuses when somebody edited meanwhile. Editing nothing records nothing.
    """
    request = _lock_living(request_id)
    was = {"owner_was": request.owner_id, "review_on_was": _day(request.review_on)}
    changed = events.apply(request, dict(changes), version=version, by=by, at=at)
    if changed:
        was = {name: value for name, value in was.items() if name.removesuffix("_was") in changed}
        events.record(
            "request.edited",
            subject=request,
            request=request,
            by=by,
            at=at,
            data={"changed": changed, **was},
        )
    return request


def _day(day: date | None) -> str:
    return day.isoformat() if day else ""


def _lock_living(request_id: int) -> CustomerRequest:
    """Raises RequestMerged where another took its place: this one waits to be what it was."""
    request = CustomerRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if refusal := merges.refusal_of_merged(request):
        raise refusal
    return request


@transaction.atomic
def set_department_step(
    *,
    request_id: int,
    department_id: int,
    step: str,
    by: User | None,
    at: datetime,
    before: str | None = None,
) -> None:
    """What a department would do towards the solution; an empty step takes it back.

    It takes the place of `before`, and is refused where another stands there by now; without
    `before` it takes the place of any. Setting what is there records nothing.
    """
    wanted = text_input.fitting(step, DepartmentStep, "step") if step.strip() else ""
    request = _lock_living(request_id)
    steps = DepartmentStep.objects.filter(request=request, department=department_id)
    now = steps.values_list("step", flat=True).first() or ""
    if wanted == now:
        return
    if before is not None and before.strip() != now:
        raise errors.VersionConflict(
            _("Somebody has changed this department's step meanwhile."), step=now
        )
    if wanted:
        steps.update_or_create(
            request=request, department_id=department_id, defaults={"step": wanted}
        )
    else:
        steps.delete()
    events.record(
        "request.step_set",
        subject=request,
        request=request,
        by=by,
        at=at,
        data={"department": department_id},
    )


@transaction.atomic
def change_status(
    *,
    request_id: int,
    status: str,
    cause: str,
    by: User | None,
    at: datetime,
    review_on: date | None = None,
    reason: str = "",
) -> CustomerRequest:
    """Move a request as a consequence of `cause`; the day of its review is the one given.

    Moving it where it is changes nothing, unless another day is given. Raises IllegalTransition
    when the cause does not lead there from the status it has.
    """
    request = CustomerRequest.objects.select_for_update(no_key=True).get(pk=request_id)
    if request.status == status and review_on in (None, request.review_on):
        return request
    before, day = request.status, _day(request.review_on)
    was = {"review_on_was": day} if day else {}
    if before != status:
        _check_transition(request, status, statuses.Cause(cause))
    request.status, request.review_on = status, review_on
    request.version += 1
    if before != status:
        request.status_changed_at = at
    request.save(update_fields=["status", "status_changed_at", "review_on", "version"])
    events.record(
        "request.status_changed",
        subject=request,
        request=request,
        by=by,
        at=at,
        reason=reason,
        data={"from": before, "to": status, "cause": str(cause), **was},
    )
    return request


def _check_transition(request: CustomerRequest, status: str, cause: statuses.Cause) -> None:
    if not statuses.may_become(request.status, status, cause):
        raise errors.IllegalTransition(
            _("%(key)s is %(before)s; it cannot become %(after)s this way.")
            % {
                "key": request.key,
                "before": RequestStatus(request.status).label,
                "after": RequestStatus(status).label if status in RequestStatus else status,
            },
            status=request.status,
        )


@transaction.atomic
def override_status(
    *, request_id: int, status: str, reason: str, by: User | None, at: datetime
) -> CustomerRequest:
    """A product manager moves a request by hand. On record as an override of the council."""
    if not reason.strip():
        raise errors.ReasonRequired(_("Say why you override the council."))
    return change_status(
        request_id=request_id,
        status=status,
        cause=statuses.Cause.OVERRIDE,
        reason=reason,
        by=by,
        at=at,
    )
