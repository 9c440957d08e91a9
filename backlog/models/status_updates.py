"""What customers hear of beside outcomes: decisions, plans, and what is looked at again."""

from collections.abc import Mapping
from typing import ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.announced import Announced
from backlog.models.products import Product
from backlog.models.requests import CustomerRequest
from backlog.models.users import User
from backlog.rules import bounds


class Occasion(models.TextChoices):
    """Everything that a message to a customer can be about."""

    RECEIVED = "received", _("received")
    DECIDED_YES = "decided_yes", _("decided: yes")
    DECIDED_NO = "decided_no", _("decided: not now")
    PLANNED = "planned", _("planned")
    REOPENED = "reopened", _("looked at again")
    STANDING = "standing", _("where it stands")
    DELIVERED = "delivered", _("delivered")
    PARTLY = "partly", _("partly delivered")
    NOT_DELIVERED = "not_delivered", _("not delivered")
    ROLLED_BACK = "rolled_back", _("rolled back")
    SEVERAL = "several", _("several at once")


class StatusUpdateQuerySet(models.QuerySet["StatusUpdate"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("backlog.view_statusupdate"):
            return self.none()
        return self.filter(request__product__in=Product.objects.visible_to(user))

    def for_listing(self) -> Self:
        return self.select_related("request__product", "announcement").order_by(
            "-recorded_at", "-pk"
        )

    def waiting(self) -> Self:
        """Recorded, not told, still true, and nothing later took its place."""
        is_true = Q(
            kind=StatusUpdate.Kind.STANDING, request__status_changed_at__lte=F("recorded_at")
        )
        for kind, statuses in StatusUpdate.TRUE_WHILE.items():
            is_true |= Q(kind=kind, request__status__in=statuses)
        return self.filter(is_true, is_current=True, announcement__announced_at__isnull=True)


class StatusUpdate(Announced):
    """Something that happened to a request, and what customers are told about it.

    `words` are what we say to customers, by language. Why a council decided is its own affair and
    never part of them.
    """

    class Kind(models.TextChoices):
        DECIDED_YES = Occasion.DECIDED_YES.value, Occasion.DECIDED_YES.label
        DECIDED_NO = Occasion.DECIDED_NO.value, Occasion.DECIDED_NO.label
        PLANNED = Occasion.PLANNED.value, Occasion.PLANNED.label
        REOPENED = Occasion.REOPENED.value, Occasion.REOPENED.label
        STANDING = Occasion.STANDING.value, Occasion.STANDING.label

    TRUE_WHILE: ClassVar[Mapping[str, frozenset[str]]] = {
        Kind.DECIDED_YES: frozenset({"approved", "planned", "in_progress"}),
        Kind.DECIDED_NO: frozenset({"declined", "deferred"}),
        Kind.PLANNED: frozenset({"planned", "in_progress"}),
        Kind.REOPENED: frozenset({"under_review"}),
    }
    """Where the request is while it is true of it; where that stood, until it moves on."""

    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        related_name="status_updates",
        verbose_name=_("request"),
    )
    kind = fields.CharField(_("what happened"), max_length=16, choices=Kind)
    words = fields.TextByLanguageField(
        _("what we say to customers, by language"),
        max_length=bounds.MESSAGE,
        default=dict,
        blank=True,
        help_text=_("What the customer reads, in Korean and English."),
    )

    recorded_with = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="recorded_together",
        verbose_name=_("recorded with"),
        help_text=_("The first of those that were decided as one; they are announced as one."),
    )

    objects = StatusUpdateQuerySet.as_manager()

    class Meta:
        verbose_name = _("status update")
        verbose_name_plural = _("status updates")
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(is_current=True),
                name="backlog_statusupdate_one_current_per_request",
            ),
            models.CheckConstraint(
                name="backlog_statusupdate_kind_known",
                condition=Q(
                    kind__in=["decided_yes", "decided_no", "planned", "reopened", "standing"]
                ),
            ),
            models.CheckConstraint(
                name="backlog_statusupdate_not_recorded_with_itself",
                condition=Q(recorded_with__isnull=True) | ~Q(recorded_with=F("id")),
            ),
        ]
        indexes = [
            models.Index(fields=["-recorded_at", "-id"], name="backlog_statusupdate_newest"),
            models.Index(
                fields=["kind", "-recorded_at", "-id"], name="backlog_statusupdate_by_kind"
            ),
            models.Index(
                fields=["-recorded_at", "-id"],
                name="backlog_statusupdate_replaced",
                condition=Q(is_current=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.get_kind_display()}"

    @property
    def lacks_words(self) -> bool:
        """Whether somebody must write first what we say: a “no” is told only with words."""
        return self.kind == self.Kind.DECIDED_NO and not self.words

    @property
    def is_true(self) -> bool:
        """Whether it still is: later it would tell customers what was."""
        if self.kind == self.Kind.STANDING:
            return self.request.status_changed_at <= self.recorded_at
        return self.request.status in self.TRUE_WHILE[self.kind]
