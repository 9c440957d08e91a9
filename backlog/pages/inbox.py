"""The inbox: words that speak for no request yet, a list of them and one of them to be read."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final

from django.contrib.auth.decorators import permission_required
from django.db.models import Q
from django.http import Http404, HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe
from django.views.decorators.vary import vary_on_headers
from django_stubs_ext import StrOrPromise

from backlog.filters import narrowing, words
from backlog.filters.filtersets import NOBODY
from backlog.models import CustomerRequest, Event, Feedback, Product, User
from backlog.models.feedback import FeedbackQuerySet
from backlog.pages.base import Request, page, takes_several
from backlog.pages.lists import chosen, feedback, view
from backlog.pages.lists.listing import Pick
from backlog.queries import feedback_triage, similar, suggestions, what_became
from backlog.rules import calendars, names, titles

OPEN, DID, AFTER = "open", "did", "after"
"""Parameters of the address beside the filters: which words are read, what was just done, and
behind which words one goes on."""
WAITING: Final = "waiting"
MOST_DID: Final = 200
PEOPLE: Final = 9
ALSO_SAID: Final = 3
FIND_LENGTH: Final = 200
ALIKE: Final = 3
OFFERED: Final = ("product", "source", "language")
"""Besides whose they are; the other filters of feedback are set by links."""

INBOX: Final = replace(
    feedback.LIST,
    title=gettext_lazy("Inbox"),
    picks=(
        Pick(
            "given_to",
            gettext_lazy("Given to"),
            lambda _user: feedback_triage.triagers(),
            natural="email",
        ),
        Pick("triage", gettext_lazy("Inbox"), is_offered=False),
        Pick("low_score", gettext_lazy("Low scores"), is_offered=False),
        *(
            replace(each, is_offered=each.is_offered and each.name in OFFERED)
            for each in feedback.LIST.picks
            if each.name != "linked"
        ),
    ),
    template="inbox/_row.html",
)


@dataclass(frozen=True, slots=True)
class Tab:
    label: StrOrPromise
    address: str
    is_current: bool


@require_safe
@permission_required("backlog.view_feedback", raise_exception=True)
@vary_on_headers("HX-Request")
@takes_several(*feedback.LIST.several)
def place(request: Request) -> HttpResponse:
    """The list of all feedback; narrowed to what is linked to nothing, the inbox."""
    if request.GET.get("linked") != "no":
        return everything(request)
    context = shown(request, request.GET)
    if request.htmx and not request.htmx.history_restore_request:
        return render(request, "inbox/_inbox.html", context)
    return page(request, "inbox/page.html", **context)


everything: Final = view.page_of(feedback.LIST)
place.listing = feedback.LIST  # type: ignore[attr-defined]


@require_safe
@permission_required("backlog.view_feedback", raise_exception=True)
def reading(request: Request, feedback_id: int) -> HttpResponse:
    """One piece of words with all around it, to be put beside the list."""
    row = _words(request.user).filter(pk=feedback_id).first()
    if row is None:
        raise Http404
    where = asked(request.GET)
    return render(request, "inbox/_reading.html", {**around(request, row), **_places(where)})


@require_safe
@permission_required("backlog.link_evidence", raise_exception=True)
def found(request: Request) -> HttpResponse:
    """Requests that somebody looks for, to link words to one: by key or words, the alike after."""
    wanted = request.GET.get("q", "").strip()[:FIND_LENGTH]
    seen = CustomerRequest.objects.visible_to(request.user).exclude(status="merged")
    matching = words.matching(seen.select_related("product"), wanted, "search_text", "key")
    newest = matching.order_by("-opened_at", "-pk")
    rows = narrowing.first(newest, similar.SHOWN) if wanted else []
    known = {row.pk for row in rows}
    alike = similar.requests_like(wanted, viewer=request.user)
    more = [each.request for each in alike if each.request.pk not in known]
    return render(
        request,
        "inbox/_found.html",
        {"found": [*rows, *more][: similar.SHOWN], "wanted": wanted},
    )


@require_safe
@permission_required("backlog.view_customerrequest", raise_exception=True)
@vary_on_headers("HX-Request")
def alike(request: Request) -> HttpResponse:
    """Requests that may be the same as another, or as one whose title is being typed."""
    key = request.GET.get("request", "")
    seen = CustomerRequest.objects.visible_to(request.user)
    other = get_object_or_404(seen, key=key) if key else None
    if other is not None:
        likely = suggestions.for_request(other, request.user)[:ALIKE]
    else:
        title = request.GET.get("title", "")
        likely = similar.requests_like(title, viewer=request.user, most=ALIKE)
    context: dict[str, Any] = {"alike": likely, "other": other}
    if request.htmx:
        return render(request, "inbox/_alike.html", context)
    title = _("May be the same")
    return page(request, "inbox/alike.html", title=title, **context)


def asked(query: QueryDict) -> QueryDict:
    """What the address narrows the inbox to; what it says beside that is left out."""
    wanted = query.copy()
    for name in (OPEN, DID, AFTER):
        wanted.pop(name, None)
    wanted["linked"] = "no"
    return wanted


def shown(
    request: Request, query: QueryDict, *, after: Feedback | None = None, **more: Any
) -> dict[str, Any]:
    """All that the page shows. The words to read are those named, or the next `after` some."""
    where = asked(query)
    narrowed = where.copy()
    narrowed["triage"] = where.get("triage") or WAITING
    context = view.context_of(request, INBOX, narrowed)
    rows = context["rows"]
    row = _opened(request, rows, query, after)
    at = timezone.now()
    context |= {
        "title": INBOX.title,
        "tabs": _tabs(request.user, where),
        "views": [each for each in context["views"] if "linked=no" in each.address],
        "chips": _chips(context["chips"], where),
        "is_waiting": narrowed["triage"] == WAITING,
        "is_narrowed": len(asked_for(where)) > 0,
        "can_keep": context["can_keep"] and len(asked_for(where)) > 0,
        "progress": progress(request.user, at),
        "all_address": "?linked=no",
        "kept_fields": _kept(where, [menu.name for menu in context["menus"]]),
        "done": _done(request, query),
        "can_triage": request.user.has_perm("backlog.link_evidence"),
        **_places(where),
    }
    if row is not None:
        context |= around(request, row)
    return {**context, **more}


def asked_for(where: QueryDict) -> dict[str, str]:
    aside = {"linked", "triage", chosen.CURSOR, "ordering"}
    return {name: str(where[name]) for name in where if where[name] and name not in aside}


def _kept(where: QueryDict, menus: list[str]) -> list[tuple[str, str]]:
    """Filters that have no menu, for the form of those that have one."""
    aside = {*menus, "q", "ordering", "linked", chosen.CURSOR}
    return [(name, str(where[name])) for name in where if where[name] and name not in aside]


def progress(user: User, at: datetime) -> feedback_triage.Progress:
    waiting = Feedback.objects.visible_to(user).waiting(at)
    since = calendars.start_of(calendars.day_of(at))
    return feedback_triage.progress(waiting, user, since=since, at=at)


def around(request: Request, row: Feedback) -> dict[str, Any]:
    """Who said the words, what else they said and what became of it, and what can be done."""
    user, at = request.user, timezone.now()
    can_triage = user.has_perm("backlog.link_evidence")
    context: dict[str, Any] = {
        "row": row,
        "can_triage": can_triage,
        "can_open": user.has_perm("backlog.open_request"),
        "may_see_customers": user.has_perm("backlog.view_customer"),
        "is_waiting_now": not row.is_linked and not row.done_as,
        "is_snoozed": row.snoozed_until is not None and row.snoozed_until > at,
        "sentences": titles.sentences(row.verbatim),
        "also": _also(user, row),
    }
    if can_triage:
        context |= {
            "people": _people(user),
            "dones": Feedback.Done.choices,
            "products": list(Product.objects.visible_to(user).order_by("name", "pk")),
            "proposed_title": titles.title_of(row.verbatim),
            "similar": suggestions.for_words(row, user) if context["is_waiting_now"] else [],
        }
    return context


def _also(user: User, row: Feedback) -> list[what_became.Said]:
    if row.customer is None or not user.has_perm("backlog.view_customer"):
        return []
    person = row.customer.merged_into_id or row.customer_id
    same = Q(customer=person) | Q(customer__merged_into=person)
    said = _words(user).filter(same).exclude(pk=row.pk).order_by("-said_at", "-pk")
    said = said.prefetch_related("customer__contact_points")
    return what_became.of(list(said[:ALSO_SAID]), viewer=user)


def _people(user: User) -> list[User]:
    """Oneself first, as the one who takes the words on."""
    people = list(feedback_triage.triagers()[: PEOPLE + 1])
    return sorted(people, key=lambda each: each.pk != user.pk)[:PEOPLE]


def _words(user: User) -> FeedbackQuerySet:
    rows = Feedback.objects.visible_to(user).with_words()
    rows = rows.select_related("source", "customer__merged_into", "account", "product", "given_to")
    return rows.prefetch_related("readings").defer("raw", "payload", "search_text")


def _opened(
    request: Request, rows: list[Feedback], query: QueryDict, after: Feedback | None
) -> Feedback | None:
    known = {each.pk: each for each in rows}
    wanted, behind = (names.number(query.get(name, "")) for name in (OPEN, AFTER))
    if wanted in known:
        return known[wanted]
    seen = _words(request.user)
    if wanted is not None and (named := seen.filter(pk=wanted).first()) is not None:
        return named
    if after is None and behind is not None:
        after = seen.filter(pk=behind).first()
    if after is not None:
        return _next(rows, after)
    return rows[0] if rows else None


def _next(rows: list[Feedback], after: Feedback) -> Feedback | None:
    """The first below the words that just left the list; at its end the last."""
    at = (after.received_at, after.pk)
    is_falling = len(rows) < 2 or _place(rows[0]) > _place(rows[-1])
    below = (each for each in rows if (_place(each) < at if is_falling else _place(each) > at))
    return next(below, rows[-1] if rows else None)


def _place(row: Feedback) -> tuple[datetime, int]:
    return row.received_at, row.pk


def _places(where: QueryDict) -> dict[str, str]:
    return {"where": where.urlencode()}


def _tabs(user: User, where: QueryDict) -> list[Tab]:
    tabs: tuple[tuple[str, dict[str, str]], ...] = (
        (_("Waiting"), {}),
        (_("Mine"), {"given_to": user.email}),
        (_("Unassigned"), {"given_to": NOBODY}),
        (_("Low scores"), {"low_score": "yes"}),
        (_("Put off"), {"triage": "snoozed"}),
        (_("Put away"), {"triage": "done"}),
    )
    now = asked_for(where) | ({"triage": where["triage"]} if where.get("triage") else {})
    if now.get("triage") == WAITING:
        del now["triage"]
    begun = QueryDict("linked=no")
    return [Tab(label, chosen.address(begun, **query), query == now) for label, query in tabs]


def _chips(chips: list[chosen.Chip], where: QueryDict) -> list[chosen.Chip]:
    """What the tabs say already needs no chip; nobody is nobody's address."""
    hidden = {str(each.label) for each in INBOX.picks if each.name == "triage"}
    linked = _("Linked")
    return [
        replace(each, value=_("nobody")) if each.value == NOBODY else each
        for each in chips
        if each.label not in {*hidden, linked} and each.value != "no"
    ]


def _done(request: Request, query: QueryDict) -> list[int]:
    """The events of what the person has just done, to be undone by one key."""
    numbers = [names.number(each) for each in query.get(DID, "").split(",")[:MOST_DID]]
    wanted = [each for each in numbers if each]
    if not wanted:
        return []
    mine = Event.objects.filter(pk__in=wanted, actor=request.user, kind__in=feedback_triage.ACTS)
    return list(mine.order_by("pk").values_list("pk", flat=True))
