"""The ledger: one row for each thing that a person or the clock did."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Case, Exists, OuterRef, Q, Subquery, When
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.api_tokens import ApiToken
from backlog.models.customers import Customer
from backlog.models.feedback import Feedback, FeedbackQuerySet
from backlog.models.products import Product
from backlog.models.requests import CustomerRequest
from backlog.models.sources import Source
from backlog.models.sprints import Sprint
from backlog.models.users import User
from backlog.rules import bounds, events, origins


def _about_others(seen: models.QuerySet[Product]) -> Q:
    """Events that name no request, and yet something of a product that is not among those seen."""
    hidden: dict[str, models.QuerySet[Any]] = {
        "product": Product.objects.exclude(pk__in=seen),
        "source": Source.objects.filter(~Q(product__in=seen), product__isnull=False),
        "feedback": Feedback.objects.filter(FeedbackQuerySet.hidden(seen)),
        "sprint": Sprint.objects.exclude(product__in=seen),
    }
    row, product, words = OuterRef("subject_id"), hidden["product"], hidden["feedback"]
    beside: tuple[tuple[str, models.QuerySet[Any]], ...] = (
        # Receipts are of words and of no request.
        ("obligation", words.filter(obligations=row)),
        ("notice", words.filter(obligations__items__notice=row)),
        ("notice", product.filter(requests__obligations__items__notice=row)),
        ("messagetemplate", product.filter(message_templates=row)),
        ("importrun", hidden["source"].filter(import_runs=row)),
        ("endpoint", product.filter(endpoints=row)),
        ("webhookdelivery", product.filter(endpoints__deliveries=row)),
        ("webhookdelivery", product.filter(requests__events__deliveries=row)),
    )
    about = Q()
    for noun, owners in beside:
        about |= Q(Exists(owners), subject_type=noun)
    for noun, rows in hidden.items():
        about |= Q(Exists(rows.filter(pk=OuterRef("subject_id"))), subject_type=noun)
    return about


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Events of kinds and products the person may see, and those that concern no product."""
        if not user.has_perm("backlog.view_event"):
            return self.none()
        seen = Product.objects.visible_to(user)
        return self.of_kinds_seen_by(user).filter(
            Q(request__product__in=seen) | (Q(request__isnull=True) & ~_about_others(seen))
        )

    def of_kinds_seen_by(self, user: User | AnonymousUser) -> Self:
        """As `backlog.rules.events` says; what no rule knows is seen by nobody."""
        return self.filter(kind__in=events.seen_with(user.has_perm))

    def for_listing(self) -> Self:
        return self.select_related("actor", "request").order_by("-pk")

    def with_token_names(self) -> Self:
        """`token_name` is what the key is called, where one was used."""
        known = ApiToken.objects.filter(token_key=OuterRef("token")).order_by("created", "pk")
        named = Case(When(~Q(token=""), then=Subquery(known.values("name")[:1])))
        return self.annotate(token_name=named)


class Event(models.Model):
    """What happened, to what, when, by whom. Append-only; ids and codes, never a customer's words.

    `subject_type` is a model's name in lower case, `subject_id` its row. `actor` is null when the
    clock acted, or a customer. Through what they did stands in the last five columns, as
    `backlog.rules.origins` says: an event without an origin is not stored.
    """

    class Way(models.TextChoices):
        PAGE = origins.PAGE, _("on a page")
        TOKEN = origins.TOKEN, _("through the API")
        LINK = origins.LINK, _("by a signed link")
        MAIL = origins.MAIL, _("by a report about mail")
        WORKER = origins.WORKER, _("by the worker")
        COMMAND = origins.COMMAND, _("by a command")

    kind = fields.CharField(_("kind"), max_length=48)
    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # Its line has one that begins with it.
        related_name="events",
        verbose_name=_("request"),
    )
    subject_type = fields.CharField(_("subject"), max_length=32)
    subject_id = fields.PositiveBigIntegerField(_("number of the subject"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # Lists have one that begins with it.
        related_name="events",
        verbose_name=_("by"),
    )
    at = fields.DateTimeField(_("at"))
    reason = fields.TextField(_("reason"), max_length=bounds.REASON, blank=True)
    data = fields.JSONField(_("details"), max_size=bounds.RECORD, default=dict, blank=True)
    way = fields.CharField(_("way"), max_length=8, choices=Way)
    token = fields.CharField(_("API token"), max_length=25, blank=True)
    process = fields.CharField(_("process"), max_length=64, blank=True)
    on_behalf_of = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # Nobody looks for it.
        related_name="+",
        verbose_name=_("on behalf of"),
    )
    correlation = fields.CharField(_("call"), max_length=64)

    token_name: str | None
    """Set by `with_token_names`."""

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        constraints = [
            models.CheckConstraint(
                name="backlog_event_says_by_what_it_was_done",
                condition=Q(way="page", token="", process="", on_behalf_of__isnull=True)
                | Q(way="link", token="", process="", on_behalf_of__isnull=False)
                | (Q(way="token", process="", on_behalf_of__isnull=True) & ~Q(token=""))
                | (
                    Q(way__in=["mail", "worker", "command"], token="", on_behalf_of__isnull=True)
                    & ~Q(process="")
                ),
            ),
            models.CheckConstraint(
                name="backlog_event_belongs_to_a_call", condition=~Q(correlation="")
            ),
        ]
        indexes = [
            models.Index(fields=["request", "at", "id"], name="backlog_event_line"),
            models.Index(fields=["subject_type", "subject_id"], name="backlog_event_subject"),
            models.Index(fields=["actor", "id"], name="backlog_event_by_actor"),
            models.Index(fields=["kind", "id"], name="backlog_event_by_kind"),
            models.Index(fields=["at", "id"], name="backlog_event_by_time"),
            # Moves that somebody said why of are few among all moves.
            models.Index(
                fields=["at", "id"],
                name="backlog_event_override",
                condition=Q(kind="request.moved") & ~Q(reason=""),
            ),
            # What comes over a page or a key is found wherever one looks.
            models.Index(
                fields=["way", "id"],
                name="backlog_event_by_way",
                condition=~Q(way__in=["page", "token"]),
            ),
        ]

    def __str__(self) -> str:
        return str(events.sentence_of(self.kind))
