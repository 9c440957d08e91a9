"""The list of feedback: everything that customers said, and whether it speaks for a request yet."""

from django.db.models import Prefetch
from django.http import HttpRequest
from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

from backlog.filters.filtersets import FeedbackFilter
from backlog.models import Account, Customer, Evidence, Feedback, Source, User
from backlog.models.feedback import FeedbackQuerySet
from backlog.pages.lists.listing import PRODUCT, Act, Column, Listing, Pick


def _loaded(rows: FeedbackQuerySet, user: User) -> FeedbackQuerySet:
    speaking = Evidence.objects.visible_to(user).live().select_related("request").order_by("pk")
    loaded = rows.select_related("source", "customer", "account", "product")
    return loaded.prefetch_related(
        "readings", Prefetch("evidence", queryset=speaking, to_attr="live_evidence")
    ).defer("raw", "payload", "search_text")


def _acts(request: HttpRequest) -> dict[str, bool]:
    may = request.user.has_perm
    return {"can_link": may("backlog.link_evidence"), "can_open": may("backlog.open_request")}


LIST = Listing(
    name="backlog:feedback",
    title=_("Feedback"),
    permission="backlog.view_feedback",
    rows=Feedback.objects.visible_to,
    loaded=_loaded,
    filterset=FeedbackFilter,
    search=_("Search what customers said"),
    orders={"-received_at": _("newest first"), "received_at": _("oldest first")},
    picks=(
        Pick(
            "linked",
            _("Requests"),
            choices=(("no", _("not linked yet")), ("yes", _("linked to a request"))),
        ),
        PRODUCT,
        Pick(
            "source",
            _("Source"),
            lambda user: Source.objects.visible_to(user).order_by("name", "pk"),
            natural="key",
        ),
        Pick("language", _("Language")),
        Pick("relation", _("Relation")),
        Pick("journey_stage", _("Journey stage")),
        Pick("customer", _("Customer"), Customer.objects.visible_to, is_offered=False),
        Pick("account", _("Account"), Account.objects.visible_to, is_offered=False),
    ),
    act=Act(
        _("Pass on feedback"),
        reverse_lazy("admin:backlog_feedback_add"),
        "backlog.receive_feedback",
    ),
    template="lists/_feedback.html",
    context=_acts,
    columns=(
        Column(_("Words"), lambda row: row.said),
        Column(_("Source"), lambda row: row.source),
        Column(_("Product"), lambda row: row.product),
        Column(_("Language"), lambda row: row.get_language_display()),
        Column(_("Said at"), lambda row: row.said_at.isoformat()),
        Column(_("Received at"), lambda row: row.received_at.isoformat()),
        Column(_("Requests"), lambda row: " ".join(each.request.key for each in row.live_evidence)),
    ),
    empty=_(
        "Here is everything that customers said, in their own words. Import a file, connect a"
        " source, or pass on what a customer told you."
    ),
    empty_act=Act(
        _("Import a file"), reverse_lazy("admin:backlog_importrun_add"), "backlog.import_feedback"
    ),
)
