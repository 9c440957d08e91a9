"""What is owed to customers: who must hear of what, and how that ended."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.accounts import Account
from backlog.models.announcements import Announcement
from backlog.models.customers import Customer
from backlog.models.events import Event
from backlog.models.feedback import Feedback, FeedbackQuerySet
from backlog.models.outcomes import Outcome
from backlog.models.products import Product
from backlog.models.requests import CustomerRequest
from backlog.models.status_updates import Occasion, StatusUpdate
from backlog.models.users import User


class ObligationQuerySet(models.QuerySet["Obligation"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of products the person may see; receipts of words about no product, too."""
        if not user.has_perm("backlog.view_obligation"):
            return self.none()
        seen = Product.objects.visible_to(user)
        receipts = Q(feedback__isnull=False) & ~FeedbackQuerySet.hidden(seen, path="feedback__")
        about_seen = Q(request__product__in=seen) | receipts
        same = Obligation.objects.filter(about_seen, pk=models.OuterRef("pk"))
        # As a case it is asked of each row at hand: PostgreSQL would join it, and read all. Where
        # nothing is hidden from the person, which is asked once, no row is looked at.
        is_open = models.When(~models.Exists(Product.objects.exclude(pk__in=seen)), then=True)
        is_about_seen = models.When(models.Exists(same), then=True)
        is_seen = models.Case(
            is_open, is_about_seen, default=False, output_field=models.BooleanField()
        )
        return self.filter(Q(is_seen))

    def for_listing(self) -> Self:
        return self.select_related("customer", "account", "request__product").order_by("-pk")

    def for_ledger(self) -> Self:
        """All that a line of the loop ledger shows, but for messages and answers."""
        rows = self.for_listing().select_related(
            "event", "announcement__outcome", "announcement__status_update", "waived_by"
        )
        return rows.prefetch_related("customer__contact_points")

    def speakable(self) -> Self:
        """Owed, released to be told, and not on a live notice yet."""
        return self.filter(status=Obligation.Status.OWED, released_at__isnull=False).exclude(
            items__is_live=True
        )


class Obligation(models.Model):
    """One customer who must hear about one event. Ends with proof, never by being forgotten.

    What they hear is about a request (an outcome, or a status update of it), or that their own
    words arrived (`feedback`).
    """

    class Status(models.TextChoices):
        OWED = "owed", _("owed")
        TOLD = "told", _("told")
        CONFIRMED = "confirmed", _("confirmed")
        PARTLY = "partly", _("partly solved")
        DISPUTED = "disputed", _("disputed")
        SUPPRESSED = "suppressed", _("suppressed")
        BOUNCED = "bounced", _("bounced")
        WAIVED = "waived", _("waived")
        SUPERSEDED = "superseded", _("superseded")

    class Reason(models.TextChoices):
        NONE = "", "—"
        NO_CONSENT = "no_consent", _("consent withdrawn")
        NO_ADDRESS = "no_address", _("no address known")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        BOUNCED = "bounced", _("address bounced")
        RETURNED = "returned", _("message came back")
        COMPLAINED = "complained", _("complained about mail")
        ERASED = "erased", _("erased")
        BY_HAND = "by_hand", _("waived by a colleague")

    # The customer has heard, by this message or by a later one that took its place.
    HEARD = ("told", "confirmed", "partly", "disputed", "superseded")
    # Who is to be told: the survivor where customers were merged.
    PERSON = Coalesce("customer__merged_into", "customer")

    event = models.ForeignKey(
        Event, on_delete=models.PROTECT, related_name="obligations", verbose_name=_("event")
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        related_name="obligations",
        verbose_name=_("customer"),
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # The loop ledger of an account has one that begins with it.
        related_name="obligations",
        verbose_name=_("account"),
        help_text=_("The account that they spoke for when they last asked for it."),
    )
    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("request"),
    )
    feedback = models.ForeignKey(
        Feedback,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("words received"),
    )
    announcement = models.ForeignKey(
        Announcement,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="obligations",
        verbose_name=_("announcement"),
    )
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.OWED)
    reason = fields.CharField(_("reason"), max_length=16, choices=Reason, blank=True)
    owed_at = fields.DateTimeField(_("owed since"))
    released_at = fields.DateTimeField(_("may be told since"), null=True, blank=True)
    # Its place in its announcement: announcements take turns, each with its next one.
    turn = fields.BigIntegerField(default=0, db_default=0, editable=False)
    settled_at = fields.DateTimeField(_("settled at"), null=True, blank=True)
    waived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("waived by"),
    )
    superseded_by = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="supersedes",
        verbose_name=_("superseded by"),
    )

    objects = ObligationQuerySet.as_manager()

    class Meta:
        verbose_name = _("obligation")
        verbose_name_plural = _("obligations")
        constraints = [
            models.UniqueConstraint(
                fields=["event", "customer"], name="backlog_obligation_one_per_customer"
            ),
            models.CheckConstraint(
                name="backlog_obligation_status_known",
                condition=Q(
                    status__in=[
                        "owed",
                        "told",
                        "confirmed",
                        "partly",
                        "disputed",
                        "suppressed",
                        "bounced",
                        "waived",
                        "superseded",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="backlog_obligation_settled_iff_not_owed",
                condition=Q(status="owed", settled_at__isnull=True)
                | (~Q(status="owed") & Q(settled_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="backlog_obligation_says_why_not_told",
                condition=(Q(status="suppressed") & ~Q(reason=""))
                | Q(status="waived", waived_by__isnull=False)
                | Q(status="superseded", superseded_by__isnull=False)
                | ~Q(status__in=["suppressed", "waived", "superseded"]),
            ),
            models.CheckConstraint(
                name="backlog_obligation_of_a_request_or_of_words",
                condition=Q(request__isnull=False, feedback__isnull=True)
                | Q(request__isnull=True, feedback__isnull=False),
            ),
            models.CheckConstraint(
                name="backlog_obligation_of_one_thing",
                condition=Q(announcement__isnull=True) | Q(feedback__isnull=True),
            ),
        ]
        indexes = [
            # What readiness measures the age of.
            models.Index(
                fields=["released_at", "customer"],
                name="backlog_obligation_speakable",
                condition=Q(status="owed", released_at__isnull=False),
            ),
            # What the dispatcher writes next.
            models.Index(
                fields=["turn", "customer"],
                name="backlog_obligation_next",
                condition=Q(status="owed", released_at__isnull=False),
            ),
            models.Index(fields=["announcement", "status"], name="backlog_obligation_announced"),
            # The loop ledger pages through those of one status, the newest first.
            models.Index(fields=["status", "id"], name="backlog_obligation_by_status"),
            models.Index(
                fields=["reason", "id"],
                name="backlog_obligation_by_reason",
                condition=~Q(reason=""),
            ),
            models.Index(fields=["owed_at", "id"], name="backlog_obligation_by_time"),
            models.Index(
                fields=["account", "id"],
                name="backlog_obligation_by_account",
                condition=Q(account__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        about = self.request or _("words received")
        return f"{self.customer} · {about}: {self.get_status_display()}"

    @property
    def about(self) -> tuple[int | None, int | None]:
        """The same for all that a later message on the same thing takes the place of.

        What a merged request was is the same thing as its survivor; needs `request` loaded.
        """
        request = self.request
        return (request.merged_into_id or request.pk) if request else None, self.feedback_id

    @property
    def outcome(self) -> Outcome | None:
        return self.announcement.outcome if self.announcement else None

    @property
    def outcome_id(self) -> int | None:
        return self.announcement.outcome_id if self.announcement else None

    @property
    def status_update(self) -> StatusUpdate | None:
        return self.announcement.status_update if self.announcement else None

    @property
    def status_update_id(self) -> int | None:
        return self.announcement.status_update_id if self.announcement else None

    @property
    def occasion(self) -> Occasion | None:
        """What the customer hears of; None where nothing but the request's status is known."""
        return occasion_of(
            self.outcome.result if self.outcome else None,
            self.status_update.kind if self.status_update else None,
            self.feedback_id,
        )

    @property
    def product(self) -> Product | None:
        about = self.request or self.feedback
        return about.product if about is not None else None


def occasion_of(result: str | None, kind: str | None, feedback_id: int | None) -> Occasion | None:
    """By the outcome's result, the kind of a status update, or the words that were received."""
    if code := result or kind:
        return Occasion(code)
    return Occasion.RECEIVED if feedback_id is not None else None
