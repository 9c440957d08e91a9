"""The admin's shell: its name, its colours, and its navigation, shown as far as one may go."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.templatetags.static import static
from django.urls import reverse_lazy
from django.utils.functional import lazy
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

# Tailwind's indigo, with 500 lightened until it can be read as a link on the dark ground (4.5:1).
PRIMARY = {
    "50": "oklch(96.2% .018 272.314)",
    "100": "oklch(93% .034 272.788)",
    "200": "oklch(87% .065 274.039)",
    "300": "oklch(78.5% .115 274.713)",
    "400": "oklch(71% .16 276)",
    "500": "oklch(64% .2 277.1)",
    "600": "oklch(51.1% .262 276.966)",
    "700": "oklch(45.7% .24 277.023)",
    "800": "oklch(39.8% .195 277.366)",
    "900": "oklch(35.9% .144 278.697)",
    "950": "oklch(25.7% .09 281.288)",
}


def _may(permission: str) -> Callable[[HttpRequest], bool]:
    return lambda request: request.user.has_perm(permission)


def _at(address: Any, **query: str) -> Callable[[HttpRequest], bool]:
    """Whether the reader is at this address, with these filters set."""

    def is_there(request: HttpRequest) -> bool:
        is_filtered = all(request.GET.get(name) == value for name, value in query.items())
        return request.path.startswith(str(address)) and is_filtered

    return is_there


def _keeps_mail() -> bool:
    return bool(settings.EMAIL_BACKEND == "backlog.delivery.mailbox.MailboxBackend")


def _item(title: StrOrPromise, noun: str, icon: str, permission: str) -> dict[str, Any]:
    """The list of a noun: `_item(_("Sprints"), "backlog_sprint", …)`."""
    address = reverse_lazy(f"admin:{noun}_changelist")
    return {
        "title": title,
        "icon": icon,
        "link": address,
        "active": _at(address),
        "permission": _may(permission),
    }


HOME = reverse_lazy("council:home")
BOARD = reverse_lazy("backlog:first-board")
SPRINTS = reverse_lazy("backlog:sprints")
LOOP = reverse_lazy("backlog:loop")
UNANSWERED = reverse_lazy("backlog:unanswered")
DELIVERY = reverse_lazy("backlog:delivery")
PRIVACY = reverse_lazy("backlog:privacy")
MESSAGES = reverse_lazy("backlog:message-templates")
MAILBOX = reverse_lazy("backlog:mailbox")
FEEDBACK = reverse_lazy("admin:backlog_feedback_changelist")

NAVIGATION: list[dict[str, Any]] = [
    {
        "items": [
            {
                "title": _("Home"),
                "icon": "home",
                "link": HOME,
                "active": lambda request: request.path == str(HOME),
            },
            {
                "title": _("Board"),
                "icon": "format_list_numbered",
                "link": BOARD,
                "active": _at(BOARD),
                "permission": _may("backlog.view_customerrequest"),
            },
            {
                "title": _("Inbox"),
                "icon": "inbox",
                "link": format_lazy("{}?linked=no", FEEDBACK),
                "active": _at(FEEDBACK, linked="no"),
                "permission": _may("backlog.view_feedback"),
            },
            _item(
                _("Requests"),
                "backlog_customerrequest",
                "lightbulb",
                "backlog.view_customerrequest",
            ),
        ],
    },
    {
        "title": _("Council"),
        "separator": True,
        "items": [
            _item(_("Meetings"), "council_meeting", "groups", "council.view_meeting"),
            _item(_("Agenda items"), "council_agendaitem", "list_alt", "council.view_agendaitem"),
            _item(_("Decisions"), "council_decision", "gavel", "council.view_decision"),
            _item(_("Action items"), "council_actionitem", "task_alt", "council.view_actionitem"),
        ],
    },
    {
        "title": _("Delivery"),
        "separator": True,
        "items": [
            {
                "title": _("Sprints"),
                "icon": "sprint",
                "link": SPRINTS,
                "active": _at(SPRINTS),
                "permission": _may("backlog.view_sprint"),
            },
            _item(_("All sprints"), "backlog_sprint", "event_repeat", "backlog.view_sprint"),
            _item(_("Commitments"), "backlog_commitment", "handshake", "backlog.view_commitment"),
            _item(_("Outcomes"), "backlog_outcome", "flag", "backlog.view_outcome"),
        ],
    },
    {
        "title": _("Loop"),
        "separator": True,
        "items": [
            {
                "title": _("Loop ledger"),
                "icon": "all_inclusive",
                "link": LOOP,
                "active": lambda it: (
                    _at(LOOP)(it) and not _at(UNANSWERED)(it) and not _at(DELIVERY)(it)
                ),
                "permission": _may("backlog.view_obligation"),
            },
            {
                "title": _("Silence"),
                "icon": "hourglass_top",
                "link": UNANSWERED,
                "active": _at(UNANSWERED),
                "permission": _may("backlog.view_obligation"),
            },
            {
                "title": _("Message delivery"),
                "icon": "monitor_heart",
                "link": DELIVERY,
                "active": _at(DELIVERY),
                "permission": _may("backlog.view_notice"),
            },
            _item(_("Obligations"), "backlog_obligation", "hearing", "backlog.view_obligation"),
            _item(_("Notices"), "backlog_notice", "outgoing_mail", "backlog.view_notice"),
            _item(
                _("Status updates"),
                "backlog_statusupdate",
                "campaign",
                "backlog.view_statusupdate",
            ),
            _item(_("Answers"), "backlog_reply", "reply", "backlog.view_reply"),
            {
                "title": _("Local mailbox"),
                "icon": "mark_email_read",
                "link": MAILBOX,
                "active": _at(MAILBOX),
                "permission": lambda it: _keeps_mail() and it.user.has_perm("backlog.view_notice"),
            },
        ],
    },
    {
        "title": _("Customers"),
        "separator": True,
        "items": [
            _item(_("Customers"), "backlog_customer", "person", "backlog.view_customer"),
            _item(_("Accounts"), "backlog_account", "domain", "backlog.view_account"),
            _item(
                _("Addresses"), "backlog_contactpoint", "contact_mail", "backlog.view_contactpoint"
            ),
            {
                **_item(_("Feedback"), "backlog_feedback", "forum", "backlog.view_feedback"),
                "active": lambda it: (
                    it.path.startswith(str(FEEDBACK)) and it.GET.get("linked") != "no"
                ),
            },
            _item(_("Evidence"), "backlog_evidence", "link", "backlog.view_evidence"),
            {
                "title": _("Privacy"),
                "icon": "shield_person",
                "link": PRIVACY,
                "active": _at(PRIVACY),
                "permission": _may("backlog.view_privacyrequest"),
            },
        ],
    },
    {
        "title": _("Settings"),
        "separator": True,
        "collapsible": True,
        "items": [
            _item(_("Products"), "backlog_product", "category", "backlog.view_product"),
            _item(_("Sources"), "backlog_source", "input", "backlog.view_source"),
            {
                "title": _("What messages say"),
                "icon": "edit_note",
                "link": MESSAGES,
                "active": _at(MESSAGES),
                "permission": _may("backlog.view_messagetemplate"),
            },
            _item(_("Imports"), "backlog_importrun", "upload_file", "backlog.view_importrun"),
            _item(
                _("Scoring models"),
                "backlog_scoringmodel",
                "function",
                "backlog.view_scoringmodel",
            ),
            _item(
                _("My assessments"),
                "backlog_assessment",
                "rate_review",
                "backlog.view_assessment",
            ),
            _item(_("Councils"), "council_council", "account_balance", "council.view_council"),
            _item(_("Seats"), "council_seat", "event_seat", "council.view_seat"),
            _item(_("Departments"), "backlog_department", "schema", "backlog.view_department"),
            _item(_("Colleagues"), "backlog_user", "badge", "backlog.view_user"),
            _item(_("API tokens"), "backlog_apitoken", "key", "backlog.view_apitoken"),
            _item(_("Endpoints"), "backlog_endpoint", "webhook", "backlog.view_endpoint"),
            _item(
                _("Webhook deliveries"),
                "backlog_webhookdelivery",
                "outbox",
                "backlog.view_webhookdelivery",
            ),
            _item(_("Ledger"), "backlog_event", "receipt_long", "backlog.view_event"),
            _item(_("Seals"), "council_seal", "verified_user", "council.view_seal"),
        ],
    },
]


def shell(*, site_name: str) -> dict[str, Any]:
    """Unfold's settings."""
    return {
        "SITE_TITLE": site_name,
        "SITE_HEADER": site_name,
        "SITE_SUBHEADER": _("Customers are heard, and hear back"),
        "SITE_SYMBOL": "hearing",
        "LOGIN": {"form": "backlog.pages.sign_in.SignIn"},
        "SITE_FAVICONS": [
            {
                "rel": "icon",
                "type": "image/svg+xml",
                "href": lambda _request: static("backlog/icon.svg"),
            }
        ],
        "SITE_URL": HOME,
        "SHOW_HISTORY": True,
        "SHOW_VIEW_ON_SITE": True,
        "SHOW_LANGUAGES": True,
        "SHOW_BACK_BUTTON": True,
        "BORDER_RADIUS": "8px",
        "COLORS": {"primary": PRIMARY},
        "STYLES": [lazy(static, str)("backlog/admin.css")],
        "SCRIPTS": [lazy(static, str)("backlog/shell.js")],
        "SIDEBAR": {"navigation": NAVIGATION},
    }
