"""The messages that settle what is owed to customers."""

from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.contact_points import ContactPoint
from backlog.models.customers import Customer
from backlog.models.feedback import FeedbackQuerySet
from backlog.models.obligations import Obligation
from backlog.models.products import Product
from backlog.models.users import Language, User
from backlog.rules import bounces, natures


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Messages that tell nothing of a product the person may not see."""
        if not user.has_perm("backlog.view_notice"):
            return self.none()
        seen = Product.objects.visible_to(user)
        hidden = Product.objects.exclude(pk__in=seen)
        told = NoticeItem.objects.filter(notice=models.OuterRef("pk"))
        about_hidden = Q(obligation__request__product__in=hidden) | FeedbackQuerySet.hidden(
            seen, path="obligation__feedback__"
        )
        # As a case it is asked of each row at hand: PostgreSQL would join it, and read all. Where
        # nothing is hidden from the person, which is asked once, no row is looked at.
        is_open = models.When(~models.Exists(hidden), then=True)
        tells = models.When(models.Exists(told.filter(about_hidden)), then=False)
        is_seen = models.Case(is_open, tells, default=True, output_field=models.BooleanField())
        return self.filter(Q(is_seen))

    def for_listing(self) -> Self:
        rows = self.select_related("customer", "user", "contact_point").order_by("-pk")
        return rows.prefetch_related("customer__contact_points")

    def queued(self, *, at: datetime) -> Self:
        """Waiting, and no longer held back by a failure."""
        return self.filter(status=Notice.Status.QUEUED, not_before__lte=at)

    def postponed(self, *, at: datetime) -> Self:
        """Written, and kept until the customer may hear of it."""
        return self.filter(status=Notice.Status.QUEUED, not_before__gt=at).exclude(waits_for="")

    def abandoned(self, *, at: datetime) -> Self:
        """Claimed by a worker that died before it could say what became of them."""
        return self.filter(status=Notice.Status.SENDING, lease_until__lte=at)


class Notice(models.Model):
    """One message to one recipient on one channel."""

    class Status(models.TextChoices):
        QUEUED = "queued", _("queued")
        HELD = "held", _("held")
        SENDING = "sending", _("sending")
        SENT = "sent", _("sent")
        DELIVERED = "delivered", _("arrived")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("complained")
        CANCELLED = "cancelled", _("cancelled")
        DEAD = "dead", _("given up")

    class Nature(models.TextChoices):
        """What may be sent to whom goes by it (`backlog.rules.natures`)."""

        ANSWER = natures.ANSWER, _("answer to their own words")
        SERVICE = natures.SERVICE, _("message of service")
        ADVERTISING = natures.ADVERTISING, _("advertising")

    class Wait(models.TextChoices):
        """Why `not_before` is later than it has to be; a failure says so itself."""

        NONE = "", "—"
        QUIET_HOURS = "quiet_hours", _("quiet hours")
        DIGEST = "digest", _("digest")

    class Judged(models.TextChoices):
        """What the last refusal was taken to mean: only the first two end an address."""

        NOTHING = "", "—"
        NO_MAILBOX = bounces.Meaning.NO_MAILBOX, _("there is no such mailbox")
        DISABLED = bounces.Meaning.DISABLED, _("the mailbox was closed for good")
        FULL = bounces.Meaning.FULL, _("the mailbox is full")
        SENDER = bounces.Meaning.SENDER, _("our sender is not accepted")
        RELAY = bounces.Meaning.RELAY, _("the server does not pass on our mail")
        POLICY = bounces.Meaning.POLICY, _("refused by a policy")
        CONTENT = bounces.Meaning.CONTENT, _("refused for what the message says")
        LATER = bounces.Meaning.LATER, _("a bad moment")
        UNCLEAR = bounces.Meaning.UNCLEAR, _("unclear")
        OTHER_RECIPIENT = (
            bounces.Meaning.OTHER_RECIPIENT,
            _("came back from somebody to whom it had gone on"),
        )

    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("customer"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("colleague"),
    )
    channel = fields.CharField(
        _("channel"), max_length=16, choices=ContactPoint.Channel, default="email"
    )
    contact_point = models.ForeignKey(
        ContactPoint,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="notices",
        verbose_name=_("sent to"),
    )
    nature = fields.CharField(_("nature"), max_length=12, choices=Nature)
    template = fields.CharField(_("template"), max_length=32)
    language = fields.CharField(_("language"), max_length=8, choices=Language)
    # Of the address it goes to, as far as is known: what may leave is looked for by it.
    domain = fields.CharField(max_length=255, blank=True, editable=False)
    turn = fields.BigIntegerField(default=0, editable=False)
    dedupe_key = fields.CharField(max_length=100, unique=True, editable=False)
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.QUEUED)
    created_at = fields.DateTimeField(_("written at"))
    not_before = fields.DateTimeField(_("not before"))
    waits_for = fields.CharField(_("waits for"), max_length=12, choices=Wait, blank=True)
    lease_until = fields.DateTimeField(_("lease until"), null=True, blank=True)
    lease_token = fields.CharField(max_length=32, blank=True, editable=False)
    attempts = fields.PositiveSmallIntegerField(_("attempts"), default=0)
    sent_at = fields.DateTimeField(_("sent at"), null=True, blank=True)
    failure = fields.CharField(_("last failure"), max_length=bounces.KEPT, blank=True)
    judged_as = fields.CharField(_("taken to mean"), max_length=16, choices=Judged, blank=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        constraints = [
            models.CheckConstraint(
                name="backlog_notice_exactly_one_recipient",
                condition=Q(customer__isnull=False, user__isnull=True)
                | Q(customer__isnull=True, user__isnull=False),
            ),
            models.CheckConstraint(
                name="backlog_notice_status_known",
                condition=Q(
                    status__in=[
                        "queued",
                        "held",
                        "sending",
                        "sent",
                        "delivered",
                        "bounced",
                        "complained",
                        "cancelled",
                        "dead",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="backlog_notice_nature_known",
                condition=Q(nature__in=["answer", "service", "advertising"]),
            ),
            models.CheckConstraint(
                name="backlog_notice_wait_known",
                condition=Q(waits_for__in=["", "quiet_hours", "digest"]),
            ),
            models.CheckConstraint(
                name="backlog_notice_judged_as_known",
                condition=Q(
                    judged_as__in=[
                        "",
                        "no_mailbox",
                        "disabled",
                        "full",
                        "sender",
                        "relay",
                        "policy",
                        "content",
                        "later",
                        "unclear",
                        "other_recipient",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="backlog_notice_leased_iff_sending",
                condition=(Q(status="sending", lease_until__isnull=False) & ~Q(lease_token=""))
                | (~Q(status="sending") & Q(lease_until__isnull=True, lease_token="")),
            ),
            models.CheckConstraint(
                name="backlog_notice_sent_has_a_time",
                condition=Q(
                    status__in=["sent", "delivered", "bounced", "complained"],
                    sent_at__isnull=False,
                )
                | Q(
                    status__in=["queued", "held", "sending", "cancelled", "dead"],
                    sent_at__isnull=True,
                ),
            ),
        ]
        indexes = [
            # What leaves next. What is not due yet is passed over inside the index.
            models.Index(
                fields=["turn", "not_before", "id"],
                name="backlog_notice_queued",
                condition=Q(status="queued"),
            ),
            models.Index(
                fields=["lease_until", "id"],
                name="backlog_notice_sending",
                condition=Q(status="sending"),
            ),
            models.Index(fields=["lease_token"], name="backlog_notice_lease"),
            # Whether anything has left lately.
            models.Index(
                fields=["sent_at"],
                name="backlog_notice_sent",
                condition=Q(sent_at__isnull=False),
            ),
            # Given up: few, and none may be overlooked.
            models.Index(fields=["id"], name="backlog_notice_given_up", condition=Q(status="dead")),
            models.Index(fields=["created_at", "id"], name="backlog_notice_by_time"),
            models.Index(fields=["status", "id"], name="backlog_notice_by_status"),
            models.Index(fields=["template", "id"], name="backlog_notice_by_template"),
            models.Index(fields=["language", "id"], name="backlog_notice_by_language"),
            models.Index(fields=["id"], name="backlog_notice_failed", condition=~Q(failure="")),
            models.Index(
                fields=["judged_as", "id"],
                name="backlog_notice_judged",
                condition=~Q(judged_as=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.customer or self.user} · {self.template}"


class NoticeItemQuerySet(models.QuerySet["NoticeItem"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(notice__in=Notice.objects.visible_to(user))


class NoticeItem(models.Model):
    """An obligation that a notice settles; it is on at most one live notice."""

    notice = models.ForeignKey(
        Notice, on_delete=models.CASCADE, related_name="items", verbose_name=_("notice")
    )
    obligation = models.ForeignKey(
        Obligation, on_delete=models.PROTECT, related_name="items", verbose_name=_("obligation")
    )
    is_live = models.BooleanField(_("is live"), default=True)

    objects = NoticeItemQuerySet.as_manager()

    class Meta:
        verbose_name = _("notice item")
        verbose_name_plural = _("notice items")
        constraints = [
            models.UniqueConstraint(
                fields=["obligation"],
                condition=Q(is_live=True),
                name="backlog_noticeitem_one_live_notice_per_obligation",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.notice_id} · {self.obligation_id}"
