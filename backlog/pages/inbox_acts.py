"""What is done in the inbox: one act on one or several pieces of words, each by itself."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from backlog import errors
from backlog.forms import sent_once
from backlog.models import CustomerRequest, Event, Evidence, Feedback, Suggestion
from backlog.operations import feedback_triage, suggestions
from backlog.pages import inbox, inbox_forms
from backlog.pages.base import Request, page
from backlog.queries import feedback_triage as queries
from backlog.rules import names


@dataclass(slots=True)
class Result:
    """What was done with how many pieces, by which events it is undone, and what was refused."""

    said: str = ""
    pieces: int = 0
    events: list[int] = field(default_factory=list)
    refusals: list[str] = field(default_factory=list)
    has_faults: bool = False
    left: list[CustomerRequest] = field(default_factory=list)
    """What was opened and stays, though what opened it is undone."""


Done = Event | Evidence | CustomerRequest | Feedback | Suggestion | None
Operation = Callable[..., Done]


@dataclass(frozen=True, slots=True)
class Act:
    """Who may, what they fill in, what it does to each piece, and how that reads.

    A `joint` act is done once, about all pieces. After some the words stay open.
    """

    permission: str
    form: type[inbox_forms.Triage]
    operation: Operation
    said: Callable[[dict[str, Any], Done, int], str]
    is_joint: bool = False
    stays: bool = False


def _linked(_arguments: dict[str, Any], done: Done, n: int) -> str:
    assert isinstance(done, Evidence)
    said = ngettext("Linked to %(key)s.", "%(n)d pieces linked to %(key)s.", n)
    return said % {"key": done.request.key, "n": n}


def _opened(_arguments: dict[str, Any], done: Done, _n: int) -> str:
    assert isinstance(done, CustomerRequest)
    return _("%(key)s is open: %(title)s") % {"key": done.key, "title": done.title}


def _put_away(arguments: dict[str, Any], _done: Done, n: int) -> str:
    said = ngettext("Put away as “%(what)s”.", "%(n)d pieces put away as “%(what)s”.", n)
    return said % {"what": Feedback.Done(arguments["done_as"]).label, "n": n}


def _snoozed(arguments: dict[str, Any], _done: Done, n: int) -> str:
    day = date_format(timezone.localtime(arguments["until"]), "SHORT_DATE_FORMAT")
    said = ngettext("Put off until %(day)s.", "%(n)d pieces put off until %(day)s.", n)
    return said % {"day": day, "n": n}


def _given(arguments: dict[str, Any], _done: Done, n: int) -> str:
    if arguments["to"] is None:
        return ngettext("Given to nobody.", "%(n)d pieces given to nobody.", n) % {"n": n}
    said = ngettext("Given to %(who)s.", "%(n)d pieces given to %(who)s.", n)
    return said % {"who": arguments["to"], "n": n}


def _returned(_arguments: dict[str, Any], _done: Done, n: int) -> str:
    return ngettext("Back in the inbox.", "%(n)d pieces back in the inbox.", n) % {"n": n}


def _dismissed(_arguments: dict[str, Any], done: Done, _n: int) -> str:
    assert isinstance(done, Suggestion)
    assert done.request is not None
    return _("%(key)s is not suggested for these words any more.") % {"key": done.request.key}


TRIAGES: Final = "backlog.link_evidence"
ACTS: Final[Mapping[str, Act]] = {
    "link": Act(TRIAGES, inbox_forms.LinkWords, feedback_triage.link, _linked),
    "open": Act(
        "backlog.open_request",
        inbox_forms.NewRequest,
        feedback_triage.open_request,
        _opened,
        is_joint=True,
    ),
    "dismiss": Act(
        TRIAGES,
        inbox_forms.DismissRequest,
        suggestions.dismiss_for_words,
        _dismissed,
        stays=True,
    ),
    "put-away": Act(TRIAGES, inbox_forms.PutAway, feedback_triage.put_away, _put_away),
    "snooze": Act(TRIAGES, inbox_forms.Snooze, feedback_triage.snooze, _snoozed),
    "give": Act(TRIAGES, inbox_forms.Give, feedback_triage.give, _given),
    "return": Act(TRIAGES, inbox_forms.Triage, feedback_triage.bring_back, _returned),
}


@require_POST
def act(request: Request, name: str) -> HttpResponse:
    """Do what `ACTS` has by this name, and show the inbox with the next words open."""
    wanted = ACTS[name]
    _check(request, wanted.permission)
    ids = _chosen(request)
    words = Feedback.objects.visible_to(request.user).filter(pk__in=ids)
    pieces = list(words.order_by("-received_at", "-pk").defer("raw", "payload", "search_text"))
    if not pieces:
        if ids:
            raise Http404
        return _answer(request, Result(refusals=[_("Choose some words first.")]), pieces)
    form = wanted.form(words, request.user, request.POST)
    if not form.is_valid():
        faults = [str(fault) for each in form.errors.values() for fault in each]
        return _answer(request, Result(refusals=faults, has_faults=True), pieces)
    result = Result()
    if wanted.is_joint:
        arguments = {**form.arguments(), "feedback_ids": [each.pk for each in pieces]}
        _carry_out(request, wanted, arguments, result, len(pieces), name)
    else:
        for each in pieces:
            arguments = {**form.arguments(), "feedback_id": each.pk}
            _carry_out(request, wanted, arguments, result, 1, each.pk)
    return _answer(request, result, pieces, is_open=wanted.stays)


@require_POST
def undo(request: Request) -> HttpResponse:
    """Take back what the person has just done, all of it; the words are open again."""
    _check(request, TRIAGES)
    numbers = [names.number(each) for each in request.POST.getlist("event")]
    wanted = [each for each in numbers if each is not None][: inbox_forms.MOST_CHOSEN]
    result, pieces, at = Result(), [], timezone.now()
    for number in sorted(wanted, reverse=True):
        try:
            with sent_once.once(request, at=at, part=number):
                row = feedback_triage.undo(event_id=number, by=request.user, at=at)
        except errors.Refusal as refusal:
            result.refusals.append(str(refusal))
        else:
            pieces.append(row)
    if pieces:
        result.said = ngettext("Undone.", "%(n)d acts undone.", len(pieces)) % {"n": len(pieces)}
        result.left = queries.left_open(wanted, request.user)
        result.said += "".join(f" {_still_open(each)}" for each in result.left)
    return _answer(request, result, pieces, is_open=bool(pieces))


def _still_open(opened: CustomerRequest) -> str:
    said = _("%(key)s stays open, and no words speak for it: merge it, or link others.")
    return said % {"key": opened.key}


def _check(request: Request, permission: str) -> None:
    if not request.user.has_perm(permission):
        raise PermissionDenied


def _chosen(request: Request) -> list[int]:
    """What is ticked in the list, else what is read beside it."""
    given = request.POST.getlist("chosen") or request.POST.getlist("feedback")
    numbers = [names.number(each) for each in given[: inbox_forms.MOST_CHOSEN]]
    return [each for each in numbers if each is not None]


def _carry_out(
    request: Request, wanted: Act, arguments: dict[str, Any], result: Result, n: int, part: object
) -> None:
    """One of several: what is refused holds up no other."""
    at = timezone.now()
    try:
        with sent_once.once(request, at=at, part=part):
            done = wanted.operation(**arguments, by=request.user, at=at)
    except errors.Refusal as refusal:
        if str(refusal) not in result.refusals:
            result.refusals.append(str(refusal))
        return
    result.pieces += n
    result.events += _events(done)
    result.said = wanted.said(arguments, done, result.pieces)


def _events(done: Done) -> list[int]:
    """By which what was done can be undone."""
    if isinstance(done, Event):
        return [done.pk] if done.kind in queries.ACTS else []
    about: Any = None
    if isinstance(done, Evidence):
        about = [done.pk]
    elif isinstance(done, CustomerRequest):
        about = list(done.evidence.values_list("pk", flat=True))
    if about is None:
        return []
    linked = Event.objects.filter(subject_type="evidence", subject_id__in=about)
    return list(linked.filter(kind=queries.LINKED).values_list("pk", flat=True))


def _answer(
    request: Request, result: Result, pieces: Sequence[Feedback], *, is_open: bool = False
) -> HttpResponse:
    """The inbox in place; without scripts the page. Refused, the words stay where they are."""
    query = inbox.asked(request.GET)
    stays = is_open or (bool(result.refusals) and not result.pieces)
    if stays and pieces:
        query[inbox.OPEN] = str(pieces[0].pk)
    if result.events:
        query[inbox.DID] = ",".join(map(str, result.events))
    if not request.htmx and not result.has_faults:
        for refusal in result.refusals:
            messages.warning(request, refusal)
        if result.said:
            messages.success(request, result.said)
        if pieces and not stays:
            query["after"] = str(pieces[-1].pk)
        return redirect(f"{reverse('backlog:feedback')}?{query.urlencode()}")
    after = pieces[-1] if pieces and not stays else None
    typed = request.POST if result.has_faults else None
    said = {"said": result.said, "refusals": result.refusals, "typed": typed, "left": result.left}
    context = inbox.shown(request, query, after=after, **said)
    if request.htmx:
        return render(request, "inbox/_inbox.html", context)
    return page(request, "inbox/page.html", status=422, **context)
