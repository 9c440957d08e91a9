"""Reports: how well customers were heard and heard back in a month, a quarter or a year."""

from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from backlog.models import Product, User
from backlog.pages.base import Request, page
from backlog.queries import suggestions
from backlog.rules import calendars, formats
from council.filters.filtersets import ReportFilter
from council.queries import report_texts, reports
from council.queries.reports import Figure, Month, Name, Report
from council.queries.said_and_done import SaidAndDone
from council.rules.periods import MONTH, QUARTER, YEAR, Period

LENGTHS: Final = (
    (MONTH, gettext_lazy("Month")),
    (QUARTER, gettext_lazy("Quarter")),
    (YEAR, gettext_lazy("Year")),
)
COLUMNS: Final = (
    gettext_lazy("period"),
    gettext_lazy("product"),
    gettext_lazy("figure"),
    gettext_lazy("segment"),
    gettext_lazy("value"),
    gettext_lazy("unit"),
    gettext_lazy("low"),
    gettext_lazy("high"),
    gettext_lazy("n"),
    gettext_lazy("before"),
    gettext_lazy("verdict"),
    gettext_lazy("council"),
    gettext_lazy("department"),
)
BYTE_ORDER_MARK: Final = "\ufeff"
PROMISES: Final = ("done_on_time", "done_late", "overdue", "accepted")
TILES: Final = (Name.CLOSED, Name.MEDIAN_WAIT, Name.SOLVED)
HAPPENED: Final = (Name.WORDS, Name.REQUESTS, Name.DECISIONS, Name.OUTCOMES, Name.TOLD)
OTHERS: Final = (
    *(Name.ANSWERED, Name.SATISFIED),
    *(Name.NPS, Name.CSAT, Name.CES),
)


WIDTH: Final = 40
HEIGHT: Final = 108
"""Of one month in the picture, in its own units."""


class Cell(NamedTuple):
    """A figure as it reads."""

    figure: Figure
    title: Any
    value: str
    bounds: str
    before: str
    verdict: Any


class Column(NamedTuple):
    """From where, and how far, a bar of the picture reaches."""

    y: str
    height: str


class Bar(NamedTuple):
    """A month of the picture."""

    month: Month
    label: str
    x: int
    is_within: bool
    words: Column
    told: Column


@require_safe
def report(request: Request) -> HttpResponse:
    wanted = _wanted(request)
    period = wanted.chosen or Period.around(calendars.day_of(timezone.now()), QUARTER)
    found = _report(request.user, wanted, period)
    product = request.GET.get("product", "")
    return page(
        request,
        "council/reports.html",
        title=_("Reports"),
        unusable=wanted.errors,
        report=found,
        period_text=report_texts.period(period),
        before_text=report_texts.period(period.before),
        lengths=[
            (Period.around(_day_within(period), months).name, title, months == period.months)
            for months, title in LENGTHS
        ],
        may_go_on=period.end <= calendars.day_of(timezone.now()),
        products=Product.objects.visible_to(request.user).order_by("name", "pk"),
        product=product,
        of_product=f"&product={product}" if wanted.is_of_some else "",
        tiles=_cells(found.of(*TILES)),
        ninetieth=_cells(found.of(Name.NINETIETH_WAIT))[0],
        others=[cell for cell in _cells(found.of(*OTHERS)) if cell.figure.n],
        happened=_cells(found.of(*HAPPENED)),
        bars=_bars(found),
        fairness=_by_segment(found, Name.VOICE, Name.DELIVERY),
        hearing=_by_segment(found, Name.CLOSED, Name.MEDIAN_WAIT),
        acceptance=_acceptance(request.user, period),
    )


def _acceptance(user: User, period: Period) -> list[suggestions.Acceptance]:
    """Of what was suggested in that time, over all products."""
    begins, ends = calendars.start_of(period.first), calendars.start_of(period.end)
    return suggestions.acceptance(user, since=begins, until=ends)


@require_safe
def export(request: Request) -> HttpResponseBase:
    """The same figures as a file for spreadsheets and tools: codes and plain numbers."""
    wanted = _wanted(request)
    period = wanted.chosen or Period.around(calendars.day_of(timezone.now()), QUARTER)
    found = _report(request.user, wanted, period)
    product = request.GET.get("product", "") if wanted.is_of_some else ""
    return StreamingHttpResponse(
        [BYTE_ORDER_MARK, *formats.csv_lines(_lines(found, product))],
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="report-{period.name}.csv"'},
    )


def _wanted(request: Request) -> ReportFilter:
    products = Product.objects.visible_to(request.user)
    return ReportFilter(request.GET, queryset=products, request=request)


def _report(user: User, wanted: ReportFilter, period: Period) -> Report:
    products = wanted.qs if wanted.is_of_some else None
    return reports.report(user, period, products=products, at=timezone.now())


def _day_within(period: Period) -> Any:
    """A month or a quarter of a longer period is its last; of one that lasts, that of today."""
    today = calendars.day_of(timezone.now())
    if period.first <= today < period.end:
        return today
    return Period(period.after.start - 1, MONTH).first


def _cells(figures: Iterable[Figure]) -> list[Cell]:
    return [_cell(each) for each in figures]


def _cell(figure: Figure) -> Cell:
    return Cell(
        figure,
        report_texts.NAMES[figure.name],
        report_texts.value(figure, figure.value),
        report_texts.bounds(figure),
        report_texts.value(figure, figure.before),
        report_texts.verdict(figure),
    )


def _by_segment(found: Report, *names: Name) -> list[tuple[str, list[Cell]]]:
    """Those of whom there is something to say, in the order of the names."""
    rows = found.by_segment(*names)
    return [(name, [_cell(row[each]) for each in names]) for name, row in rows.items()]


def _bars(found: Report) -> list[Bar]:
    tallest = max((max(each.words, each.told) for each in found.months), default=0)
    if not tallest:
        return []
    return [
        Bar(
            each,
            report_texts.month(each.first),
            n * WIDTH,
            found.period.first <= each.first < found.period.end,
            _column(each.words / tallest),
            _column(each.told / tallest),
        )
        for n, each in enumerate(found.months)
    ]


def _column(share: float) -> Column:
    return Column(f"{HEIGHT * (1 - share):.1f}", f"{HEIGHT * share:.1f}")


def _lines(found: Report, product: str) -> Iterator[list[str]]:
    yield [str(each) for each in COLUMNS]
    for figure in found.figures:
        yield [
            found.period.name,
            product,
            figure.name.value,
            "" if figure.segment is None else figure.segment or "-",
            _number(figure.value),
            figure.unit.value,
            _number(figure.low),
            _number(figure.high),
            str(figure.n),
            _number(figure.before),
            figure.verdict.value if figure.verdict else "",
            "",
            "",
        ]
    promises = found.promises
    start = [found.period.name, product]
    yield from _promised(start, promises.total, "", "")
    for each in promises.councils:
        yield from _promised(start, each, each.name, "")
    for each in promises.departments:
        yield from _promised(start, each, "", each.name or "-")


def _promised(
    start: list[str], said: SaidAndDone, council: str, department: str
) -> Iterator[list[str]]:
    """How many promises there were, and of them each share."""
    n, end = str(said.n), ["", "", council, department]
    yield [*start, "promised", "", n, "number", "", "", n, *end]
    for name, share in zip(PROMISES, said.shares, strict=True):
        if share is not None:
            bounds = (share.percent.middle, share.percent.low, share.percent.high)
            value, low, high = map(_number, bounds)
            yield [*start, name, "", value, "percent", low, high, n, *end]


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.6g}"
