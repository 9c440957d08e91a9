"""What the menu leads to: a dozen rooms, and the pages that belong to each.

Every list and every page of our own stands here once: for a better page, exchange its address.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

MAILBOX: Final = "backlog.delivery.mailbox.MailboxBackend"


@dataclass(frozen=True)
class Page:
    """One place: shown to those who may, current below its address and below those in `also`."""

    title: StrOrPromise
    address: Any
    permission: str = ""
    about: StrOrPromise = ""
    group: StrOrPromise = ""
    narrowed: tuple[str, str] | None = None
    also: tuple[str, ...] = ()
    table: Any = ""
    """The admin's list of the same rows, where the page is one of ours."""
    backend: str = ""
    """The mail backend without which there is nothing to see."""

    @cached_property
    def link(self) -> str:
        """Found once: addresses stay what they are while a process lives."""
        query = "?{}={}".format(*self.narrowed) if self.narrowed else ""
        return f"{self.address}{query}"

    @cached_property
    def _places(self) -> tuple[str, ...]:
        """Every address that is this page's, and below which it is current."""
        return tuple(str(it) for it in (self.address, self.table, *self.also) if it)

    def is_open(self, request: HttpRequest) -> bool:
        is_there = self.backend in ("", settings.EMAIL_BACKEND)
        return is_there and (not self.permission or request.user.has_perm(self.permission))

    def nearness(self, request: HttpRequest) -> int:
        """How much of the reader's address is this page's; 0 where they are elsewhere."""
        if self.narrowed and request.GET.get(self.narrowed[0]) != self.narrowed[1]:
            return 0
        if self._places[0] == "/":
            return int(request.path == "/")
        below = [len(it) for it in self._places if request.path.startswith(it)]
        return max(below, default=0) * 2 + (self.narrowed is not None and bool(below))


@dataclass(frozen=True)
class Room:
    """An entry of the menu. It leads to the first of its pages that the reader may open."""

    title: StrOrPromise
    icon: str
    key: str
    pages: tuple[Page, ...]


def _list(
    title: StrOrPromise, noun: str, about: StrOrPromise, group: StrOrPromise = "", *also: str
) -> Page:
    """The list of a noun of the admin: `_list(_("Sprints"), "backlog.sprint", …)`."""
    app, model = noun.split(".")
    address = reverse_lazy(f"admin:{app}_{model}_changelist")
    return Page(title, address, f"{app}.view_{model}", about, group, also=also)


def _rows(title: StrOrPromise, name: str, noun: str, about: StrOrPromise, **more: Any) -> Page:
    """A list of our own, with the admin's of the same noun behind it."""
    table = _list(title, noun, about)
    return replace(table, address=reverse_lazy(name), table=table.address, **more)


def _page(
    title: StrOrPromise, name: str, permission: str, about: StrOrPromise, **more: Any
) -> Page:
    return Page(title, reverse_lazy(name), permission, about, **more)


PEOPLE: Final = _("People")
PRODUCTS: Final = _("Products and scoring")
LISTENING: Final = _("Where feedback comes from")
MESSAGES: Final = _("What customers read")
TOOLS: Final = _("Other tools")
PROOF: Final = _("Proof")

SEES_LOOP: Final = "backlog.view_obligation"
BOARD: Final = (
    _page(_("Board"), "backlog:first-board", "backlog.view_customerrequest", ""),
    _page(_("Overrides"), "backlog:overrides", "backlog.view_event", ""),
)

ROOMS: Final = (
    Room(_("Home"), icon="home", key="h", pages=(_page(_("Home"), "council:home", "", ""),)),
    Room(
        _("Inbox"),
        icon="inbox",
        key="i",
        pages=(
            _page(
                _("Inbox"),
                "backlog:feedback",
                "backlog.view_feedback",
                _("What customers said and nobody has linked to a request yet."),
                narrowed=("linked", "no"),
            ),
            _rows(
                _("All feedback"),
                "backlog:feedback",
                "backlog.feedback",
                _("Every word customers ever said, as they said it."),
            ),
            _list(
                _("Evidence"),
                "backlog.evidence",
                _("Which words speak for which request, and how much they matter."),
            ),
        ),
    ),
    Room(_("Board"), icon="format_list_numbered", key="b", pages=BOARD),
    Room(
        _("Requests"),
        icon="lightbulb",
        key="r",
        pages=(
            _rows(
                _("Requests"),
                "backlog:requests",
                "backlog.customerrequest",
                _("The problems that customers want solved."),
            ),
            _list(
                _("My assessments"),
                "backlog.assessment",
                _("Your own scores. Others see them when all are in."),
            ),
        ),
    ),
    Room(
        _("Council"),
        icon="groups",
        key="c",
        pages=(
            _rows(
                _("Meetings"),
                "council:meetings",
                "council.meeting",
                _("When the council sits, and what came of it."),
                also=("/series/",),
            ),
            _list(
                _("Agenda items"),
                "council.agendaitem",
                _("What is to be discussed, what was, and what was put off."),
            ),
            _rows(
                _("Decisions"),
                "council:decisions",
                "council.decision",
                _("What was decided, why, and when it is looked at again."),
            ),
            _page(
                _("Between meetings"),
                "council:ballots",
                "council.view_ballot",
                _("What is put to the vote by a deadline, and waits for your answer."),
            ),
            _list(
                _("Ballots"),
                "council.ballot",
                _("What was put to the vote, by which rule, and what came of it."),
            ),
            _rows(
                _("Action items"),
                "council:action-items",
                "council.actionitem",
                _("Who owes what by when. Closed only with evidence."),
            ),
            _rows(
                _("Councils"),
                "council:councils",
                "council.council",
                _("The standing bodies, and the rules by which they decide."),
            ),
            _list(
                _("Seats"),
                "council.seat",
                _("Which department speaks through whom, and for how long."),
            ),
        ),
    ),
    Room(
        _("Sprints"),
        icon="sprint",
        key="s",
        pages=(
            _page(_("Current sprint"), "backlog:sprints", "backlog.view_sprint", ""),
            _rows(
                _("All sprints"),
                "backlog:all-sprints",
                "backlog.sprint",
                _("Every time box, past and planned."),
            ),
            _list(
                _("Commitments"),
                "backlog.commitment",
                _("Requests taken into a sprint, with what they are expected to change."),
            ),
            _rows(
                _("Outcomes"),
                "backlog:outcomes",
                "backlog.outcome",
                _("What became of each commitment, and who has to hear about it."),
            ),
        ),
    ),
    Room(
        _("Loop"),
        icon="all_inclusive",
        key="l",
        pages=(
            _page(_("Loop ledger"), "backlog:loop", SEES_LOOP, ""),
            _page(
                _("Not told"),
                "backlog:loop",
                SEES_LOOP,
                "",
                narrowed=("status", "suppressed"),
            ),
            _page(_("Silence"), "backlog:unanswered", SEES_LOOP, ""),
            _list(
                _("Status updates"),
                "backlog.statusupdate",
                _("News about requests that customers may be told."),
                "",
                "/status-updates/",
            ),
            _list(
                _("Answers"),
                "backlog.reply",
                _("What customers said to “Did this solve it?”."),
            ),
            _list(
                _("Obligations"),
                "backlog.obligation",
                _("Who must hear about what. None is dropped without a reason."),
            ),
            _list(
                _("Notices"),
                "backlog.notice",
                _("Each message to each recipient, and how it fared."),
            ),
            _page(_("Message delivery"), "backlog:delivery", "backlog.view_notice", ""),
            _page(
                _("Local mailbox"),
                "backlog:mailbox",
                "backlog.view_notice",
                "",
                backend=MAILBOX,
            ),
        ),
    ),
    Room(
        _("Customers"),
        icon="person",
        key="u",
        pages=(
            _rows(
                _("Customers"),
                "backlog:customers",
                "backlog.customer",
                _("The people who gave feedback, and everything they said."),
            ),
            _rows(
                _("Accounts"),
                "backlog:accounts",
                "backlog.account",
                _("Customer organisations: segment, revenue, risk."),
            ),
            _list(
                _("Addresses"),
                "backlog.contactpoint",
                _("Where customers are reached, and where they no longer are."),
            ),
            _page(
                _("Privacy"),
                "backlog:privacy",
                "backlog.view_privacyrequest",
                _("Wishes for a copy or for erasure, with the days that the law gives."),
            ),
        ),
    ),
    Room(
        _("Reports"),
        icon="bar_chart",
        key="p",
        pages=(_page(_("Reports"), "council:reports", "backlog.view_customerrequest", ""),),
    ),
    Room(
        _("Settings"),
        icon="settings",
        key=",",
        pages=(
            _page(_("Settings"), "backlog:settings", "", ""),
            _list(
                _("Colleagues"),
                "backlog.user",
                _("Who works here, in which role and department."),
                PEOPLE,
            ),
            _page(
                _("Invite a colleague"),
                "admin:backlog_user_add",
                "backlog.manage_people",
                _("By e-mail, with a role and a department from the first day."),
                group=PEOPLE,
            ),
            _list(
                _("Departments"),
                "backlog.department",
                _("The parts of the organisation. Each has one voice on a council."),
                PEOPLE,
            ),
            _list(
                _("Products"),
                "backlog.product",
                _("What customers use. Each has a backlog of its own."),
                PRODUCTS,
            ),
            _list(
                _("Scoring models"),
                "backlog.scoringmodel",
                _("By which criteria requests are scored, and how the score is computed."),
                PRODUCTS,
            ),
            _list(
                _("Sources"),
                "backlog.source",
                _("Surveys, help desks, interviews: each way in, and its settings."),
                LISTENING,
            ),
            _list(
                _("Imports"),
                "backlog.importrun",
                _("Files that were read in, row by row. An import can be undone."),
                LISTENING,
            ),
            _page(
                _("What messages say"),
                "backlog:message-templates",
                "backlog.view_messagetemplate",
                _("How messages to customers begin and end, in each language."),
                group=MESSAGES,
            ),
            _list(
                _("API tokens"),
                "backlog.apitoken",
                _("Keys with which other tools act for a colleague."),
                TOOLS,
            ),
            _list(
                _("Endpoints"),
                "backlog.endpoint",
                _("Other tools that are told what happens here."),
                TOOLS,
            ),
            _list(
                _("Webhook deliveries"),
                "backlog.webhookdelivery",
                _("What other tools were told, and whether it arrived."),
                TOOLS,
            ),
            _list(
                _("Ledger"),
                "backlog.event",
                _("Everything that ever happened, by whom and when. Nothing is ever removed."),
                PROOF,
            ),
            _list(
                _("Seals"),
                "council.seal",
                _("Fingerprints by which a changed minute or decision would be noticed."),
                PROOF,
            ),
        ),
    ),
)
