"""Who asked for what became this outcome, and beside each name how they were told, or why not."""

import io
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from itertools import islice
from typing import Final

from django.conf import settings
from django.contrib.auth.decorators import permission_required
from django.db.models import Count
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backlog.filters.filtersets import ObligationFilter
from backlog.models import Obligation, Outcome
from backlog.models.obligations import ObligationQuerySet
from backlog.pages.base import Request, page, takes_several
from backlog.pages.loop import lines
from backlog.queries import loop_ledger, loop_metrics
from backlog.rules import formats

ROWS_AT_ONCE: Final = 500
BYTE_ORDER_MARK: Final = "\ufeff"  # Without it spreadsheets do not take the file for UTF-8.

COLUMNS: Final = (
    gettext_lazy("customer"),
    gettext_lazy("account"),
    gettext_lazy("segment"),
    gettext_lazy("status"),
    gettext_lazy("told at"),
    gettext_lazy("channel"),
    gettext_lazy("sent to"),
    gettext_lazy("why not"),
    gettext_lazy("did this solve it?"),
    gettext_lazy("satisfaction"),
    gettext_lazy("answered at"),
    gettext_lazy("words"),
)


@require_safe
@permission_required("backlog.view_obligation", raise_exception=True)
@takes_several("status", "reason")
def outcome(request: Request, outcome_id: int) -> HttpResponse:
    found, obligations = _outcome(request, outcome_id)
    filtered = ObligationFilter(request.GET, queryset=obligations, request=request)
    counts = obligations.order_by().values("status").annotate(n=Count("pk"))
    labels = dict(Obligation.Status.choices)
    return page(
        request,
        "backlog/loop_outcome.html",
        title=_("Who was told"),
        outcome=found,
        customer_request=found.commitment.request,
        figures=loop_metrics.metrics(obligations, at=timezone.now()),
        unusable=filtered.errors,
        counts=[(each["status"], labels[each["status"]], each["n"]) for each in counts],
        **lines(filtered.qs, request.GET),
    )


@require_safe
@permission_required("backlog.view_obligation", raise_exception=True)
def export(request: Request, outcome_id: int) -> HttpResponseBase:
    """The same list as a file for spreadsheets, in the reader's language and time."""
    found, obligations = _outcome(request, outcome_id)
    name = f"{found.commitment.request.key}-outcome-{found.pk}.csv"
    return StreamingHttpResponse(
        _csv(
            obligations,
            translation.get_language() or settings.LANGUAGE_CODE,
            timezone.get_current_timezone(),
        ),
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _outcome(request: Request, outcome_id: int) -> tuple[Outcome, ObligationQuerySet]:
    outcomes = Outcome.objects.visible_to(request.user).for_listing()
    found = get_object_or_404(outcomes.select_related("announcement__announced_by"), pk=outcome_id)
    return found, Obligation.objects.visible_to(request.user).filter(announcement__outcome=found)


def _csv(obligations: ObligationQuerySet, language: str, zone: tzinfo) -> Iterator[str]:
    """Piece by piece, so that memory stays flat. The view is long over when this runs."""
    with translation.override(language):
        yield BYTE_ORDER_MARK + _lines([[str(column) for column in COLUMNS]])
    found = obligations.for_ledger().order_by("pk").iterator(ROWS_AT_ONCE)
    while rows := list(islice(found, ROWS_AT_ONCE)):
        with translation.override(language), timezone.override(zone):
            piece = _lines(_cells(entry) for entry in loop_ledger.entries(rows))
        yield piece


def _cells(entry: loop_ledger.Entry) -> list[str]:
    row, notice, answer = entry.obligation, entry.notice, entry.answer
    is_by_message = entry.is_told and notice is not None
    return [
        str(row.customer),
        str(row.account or ""),
        row.account.segment if row.account else "",
        row.get_status_display(),
        _time(entry.told_at),
        notice.get_channel_display() if notice and is_by_message else "",
        str(notice.contact_point or "") if notice and is_by_message else "",
        entry.why,
        answer.get_verdict_display() if answer else "",
        str(answer.satisfaction or "") if answer else "",
        _time(answer.answered_at if answer else None),
        answer.feedback.verbatim if answer and answer.feedback else "",
    ]


def _time(moment: datetime | None) -> str:
    return timezone.localtime(moment).strftime("%Y-%m-%d %H:%M") if moment else ""


def _lines(rows: Iterable[list[str]]) -> str:
    text = io.StringIO(newline="")
    formats.write_csv(text, rows)
    return text.getvalue()
