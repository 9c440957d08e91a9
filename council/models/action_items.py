"""Action items: who owes what by when."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models import CustomerRequest, Outcome, Product, User
from backlog.rules import bounds
from council.models.agenda_items import AgendaItem
from council.models.councils import Council
from council.models.seats import SeatTerm


class ActionItemQuerySet(models.QuerySet["ActionItem"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All but those about requests that the person may not see, or shown to be done by them."""
        if not user.has_perm("council.view_actionitem"):
            return self.none()
        seen = Product.objects.visible_to(user)
        return self.filter(
            Q(request__isnull=True) | Q(request__product__in=seen),
            Q(agenda_item__request__isnull=True) | Q(agenda_item__request__product__in=seen),
            Q(evidence_request__isnull=True) | Q(evidence_request__product__in=seen),
            Q(evidence_outcome__isnull=True)
            | Q(evidence_outcome__commitment__request__product__in=seen),
        )

    def for_listing(self) -> Self:
        return self.select_related("owner", "request", "council").order_by("due_on", "pk")

    def owed(self) -> Self:
        """What its owner still has to do: neither said to be done nor closed."""
        return self.filter(status__in=["open", "blocked", "reopened"])

    def unfinished(self) -> Self:
        return self.filter(status__in=["open", "blocked", "claimed_done", "reopened"])

    def on_desk_of(self, user_id: int) -> Self:
        """What somebody has still to do, as its owner or a helper."""
        helped = ActionItem.helpers.through.objects.filter(user=user_id).values("actionitem")
        return self.owed().filter(Q(owner=user_id) | Q(pk__in=helped))

    def to_accept_by(self, user_id: int) -> Self:
        """Said to be done by somebody else, in a council where this person has a place."""
        sits = SeatTerm.objects.current().filter(user=user_id).values("seat__council")
        keeps = Q(council__chair=user_id) | Q(council__secretary=user_id)
        claimed = self.filter(status="claimed_done").exclude(owner=user_id)
        return claimed.filter(keeps | Q(council__in=sits))


class ActionItem(Searched):
    """Who owes what by when; closed only with evidence that somebody else accepts."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        BLOCKED = "blocked", _("blocked")
        CLAIMED_DONE = "claimed_done", _("said to be done")
        VERIFIED = "verified", _("verified")
        REOPENED = "reopened", _("reopened")
        CANCELLED = "cancelled", _("cancelled")

    council = models.ForeignKey(
        Council,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="action_items",
        verbose_name=_("council"),
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="action_items",
        verbose_name=_("agenda item"),
    )
    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="action_items",
        verbose_name=_("request"),
    )
    decision = models.OneToOneField(
        "council.Decision",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="evidence_asked",
        verbose_name=_("decision that asks for it"),
    )
    title = fields.CharField(_("title"), max_length=200)
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,  # Lists have one that begins with it.
        related_name="action_items",
        verbose_name=_("owner"),
    )
    helpers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        related_name="+",
        verbose_name=_("helpers"),
    )
    partner = fields.CharField(
        _("partner"),
        max_length=100,
        blank=True,
        default="",
        help_text=_("Who does it outside of this house; its owner answers for it here."),
    )
    # Each link for a partner has the next number, and only the newest opens anything.
    partner_link = fields.PositiveSmallIntegerField(default=0, editable=False)
    due_on = fields.DateField(_("due on"))
    asked_until = fields.DateField(_("asked until"), null=True, blank=True, editable=False)
    asked_why = fields.TextField(
        _("why more time is asked for"),
        max_length=bounds.REASON,
        blank=True,
        default="",
        editable=False,
    )
    success_measure = fields.CharField(_("success measure"), max_length=200, blank=True)
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.OPEN)
    evidence = fields.TextField(_("evidence"), max_length=bounds.TEXT, blank=True)
    evidence_link = fields.CharField(
        _("link that shows it"),
        max_length=500,
        blank=True,
        default="",
        validators=[URLValidator(schemes=["http", "https"])],
    )
    evidence_request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("request that shows it"),
    )
    evidence_outcome = models.ForeignKey(
        Outcome,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("outcome that shows it"),
    )
    blocked_by = fields.TextField(
        _("what blocks it"), max_length=bounds.REASON, blank=True, editable=False
    )
    assigned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("assigned by"),
    )
    assigned_at = fields.DateTimeField(_("assigned at"))
    claimed_at = fields.DateTimeField(_("said to be done at"), null=True, blank=True)
    closed_at = fields.DateTimeField(_("closed at"), null=True, blank=True)

    search_text = SearchField("title")

    objects = ActionItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("action item")
        verbose_name_plural = _("action items")
        constraints = [
            models.CheckConstraint(
                name="council_actionitem_status_known",
                condition=Q(
                    status__in=[
                        "open",
                        "blocked",
                        "claimed_done",
                        "verified",
                        "reopened",
                        "cancelled",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="council_actionitem_done_with_evidence",
                condition=~Q(status__in=["claimed_done", "verified"])
                | ~Q(evidence="")
                | ~Q(evidence_link="")
                | Q(evidence_request__isnull=False)
                | Q(evidence_outcome__isnull=False),
            ),
            models.CheckConstraint(
                name="council_actionitem_claimed_at_a_time",
                condition=Q(status__in=["claimed_done", "verified"], claimed_at__isnull=False)
                | (~Q(status__in=["claimed_done", "verified"]) & Q(claimed_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="council_actionitem_asks_for_time_with_a_reason",
                condition=Q(asked_until__isnull=True, asked_why="")
                | (Q(asked_until__isnull=False) & ~Q(asked_why="")),
            ),
            models.CheckConstraint(
                name="council_actionitem_blocked_by_something",
                condition=(Q(status="blocked") & ~Q(blocked_by=""))
                | (~Q(status="blocked") & Q(blocked_by="")),
            ),
            models.CheckConstraint(
                name="council_actionitem_closed_iff_finished",
                condition=Q(status__in=["verified", "cancelled"], closed_at__isnull=False)
                | Q(
                    status__in=["open", "blocked", "claimed_done", "reopened"],
                    closed_at__isnull=True,
                ),
            ),
        ]
        indexes = [
            models.Index(fields=["owner", "status", "due_on"], name="council_actionitem_my_work"),
            models.Index(fields=["due_on", "id"], name="council_actionitem_by_day"),
            models.Index(fields=["owner", "due_on", "id"], name="council_actionitem_by_owner"),
            models.Index(fields=["council", "due_on", "id"], name="council_actionitem_by_council"),
            models.Index(fields=["status", "due_on", "id"], name="council_actionitem_by_status"),
        ]

    def __str__(self) -> str:
        return self.title
