"""Endpoints: addresses of other tools, and what each of them is told."""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.edited import Edited
from backlog.models.products import Product
from backlog.models.users import Language, User
from backlog.rules import bounds


class EventKind(models.TextChoices):
    """What other tools can be told of. These names are part of the API."""

    REQUEST_OPENED = "request.opened", _("A request was opened")
    STATUS_CHANGED = "request.status_changed", _("A request's status changed")
    DECISION_RECORDED = "decision.recorded", _("The council decided")
    SPRINT_STARTED = "sprint.started", _("A sprint started")
    SPRINT_CLOSED = "sprint.closed", _("A sprint was closed")
    OUTCOME_RECORDED = "outcome.recorded", _("It is on record what became of a request")
    OUTCOME_ANNOUNCED = "outcome.announced", _("Customers are told what became of a request")
    REPLY_RECEIVED = "reply.received", _("A customer answered")


class EndpointQuerySet(models.QuerySet["Endpoint"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("backlog.view_endpoint"):
            return self.none()
        return self.filter(Q(product=None) | Q(product__in=Product.objects.visible_to(user)))

    def for_listing(self) -> Self:
        return self.select_related("product").order_by("name", "pk")

    def free(self, *, at: datetime) -> Self:
        """Switched on, not left alone after a failure, and in no worker's hands."""
        return self.filter(
            Q(rests_until=None) | Q(rests_until__lte=at),
            Q(lease_until=None) | Q(lease_until__lte=at),
            is_active=True,
        )


class Endpoint(Edited, Searched):
    """An address of another tool, and what it wants to be told. Its secret is stored nowhere."""

    class Form(models.TextChoices):
        STANDARD = "standard", _("Standard Webhooks (signed JSON)")
        SLACK = "slack", _("Slack, Mattermost or another chat that takes the same")
        TEAMS = "teams", _("Microsoft Teams")

    name = fields.CharField(_("name"), max_length=100, unique=True)
    url = fields.CharField(
        _("address"),
        max_length=500,
        help_text=_("Where it is told by POST. Chat tools give it to you as a webhook's address."),
    )
    form = fields.CharField(_("form"), max_length=16, choices=Form, default=Form.STANDARD)
    kinds = fields.JSONField(
        _("what it is told of"),
        max_size=bounds.REASON,
        default=list,
        blank=True,
        help_text=_("Nothing chosen: of all."),
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="endpoints",
        verbose_name=_("product"),
        help_text=_("Without one, it is told of every product that is open to every colleague."),
    )
    language = fields.CharField(
        _("language"), max_length=8, choices=Language, default=Language.KOREAN
    )
    is_active = models.BooleanField(_("is told"), default=True)
    # The secret is derived from this; while an old one is being replaced, from both.
    salt = fields.CharField(max_length=32, editable=False)
    old_salt = fields.CharField(max_length=32, blank=True, editable=False)
    old_salt_until = fields.DateTimeField(null=True, editable=False)
    # Of those only that any message would have met: the more, the longer it is left alone.
    failures = fields.PositiveSmallIntegerField(_("failures in a row"), default=0, editable=False)
    failing_since = fields.DateTimeField(_("failing since"), null=True, editable=False)
    failure = fields.CharField(_("last failure"), max_length=300, blank=True, editable=False)
    rests_until = fields.DateTimeField(_("left alone until"), null=True, editable=False)
    lease_until = fields.DateTimeField(null=True, editable=False)
    lease_token = fields.CharField(max_length=32, blank=True, editable=False)

    search_text = SearchField("name", "url")

    objects = EndpointQuerySet.as_manager()

    class Meta:
        verbose_name = _("endpoint")
        verbose_name_plural = _("endpoints")
        constraints = [
            models.CheckConstraint(
                name="backlog_endpoint_form_known",
                condition=Q(form__in=["standard", "slack", "teams"]),
            ),
            models.CheckConstraint(
                name="backlog_endpoint_language_known", condition=Q(language__in=["ko", "en"])
            ),
            models.CheckConstraint(
                name="backlog_endpoint_rests_only_if_it_fails",
                condition=Q(
                    failures=0, failing_since__isnull=True, rests_until__isnull=True, failure=""
                )
                | Q(failures=0, failing_since__isnull=False, rests_until__isnull=True)
                | Q(failures__gt=0, failing_since__isnull=False, rests_until__isnull=False),
            ),
            models.CheckConstraint(
                name="backlog_endpoint_leased_with_a_token",
                condition=Q(lease_until__isnull=True, lease_token="")
                | (Q(lease_until__isnull=False) & ~Q(lease_token="")),
            ),
            models.CheckConstraint(
                name="backlog_endpoint_old_salt_has_an_end",
                condition=Q(old_salt="", old_salt_until__isnull=True)
                | (~Q(old_salt="") & Q(old_salt_until__isnull=False)),
            ),
        ]

    def __str__(self) -> str:
        return self.name
