"""Suggestions: what a rule, a model, an agent or a colleague proposes, and what came of it."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.customers import Customer
from backlog.models.feedback import Feedback
from backlog.models.products import Product
from backlog.models.requests import CustomerRequest
from backlog.models.users import User


class SuggestionQuerySet(models.QuerySet["Suggestion"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """About requests and words the person may see; about customers, for who may see those."""
        if not user.has_perm("backlog.view_suggestion"):
            return self.none()
        hidden = Product.objects.exclude(pk__in=Product.objects.visible_to(user))
        words = Feedback.objects.visible_to(user).filter(pk=OuterRef("feedback"))
        rows = self.exclude(request__product__in=hidden).exclude(into_request__product__in=hidden)
        rows = rows.filter(Q(feedback=None) | Exists(words))
        may_see = user.has_perm("backlog.view_customer")
        return rows if may_see else rows.exclude(kind=Suggestion.Kind.MERGE_CUSTOMERS)

    def for_listing(self) -> Self:
        rows = self.select_related(
            *("feedback", "request", "into_request", "customer", "into_customer"),
            *("proposed_by", "decided_by"),
        )
        return rows.order_by("-pk")

    def proposed(self) -> Self:
        return self.filter(state=Suggestion.State.PROPOSED)

    def dismissed(self) -> Self:
        return self.filter(state=Suggestion.State.DISMISSED)


class Suggestion(models.Model):
    """That words speak for a request, or that two requests, or two customers, are one.

    It changes nothing by itself: a person accepts it, perhaps the other way round, or dismisses it;
    what was dismissed of a pair does not come back. What is found while somebody looks (similar
    words) gets a row only when they do something with it.
    """

    class Kind(models.TextChoices):
        LINK = "link", _("words speak for a request")
        MERGE_REQUESTS = "merge_requests", _("two requests are the same")
        MERGE_CUSTOMERS = "merge_customers", _("two customers are the same person")

    class Origin(models.TextChoices):
        RULE = "rule", _("rule")
        MODEL = "model", _("model")
        AGENT = "agent", _("agent")
        PERSON = "person", _("colleague")

    class State(models.TextChoices):
        PROPOSED = "proposed", _("proposed")
        ACCEPTED = "accepted", _("accepted")
        EDITED = "edited", _("accepted otherwise")
        DISMISSED = "dismissed", _("dismissed")
        EXPIRED = "expired", _("came to nothing")

    kind = fields.CharField(_("kind"), max_length=16, choices=Kind)
    feedback = models.ForeignKey(
        Feedback,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("feedback"),
    )
    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("request"),
    )
    into_request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions_to_survive",
        verbose_name=_("request that stays"),
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions",
        verbose_name=_("customer"),
    )
    into_customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="suggestions_to_survive",
        verbose_name=_("customer who stays"),
    )
    # The same for both ways round.
    pair = fields.CharField(max_length=64, editable=False)
    origin = fields.CharField(_("origin"), max_length=8, choices=Origin)
    name = fields.CharField(_("by which"), max_length=64, blank=True)
    version = fields.CharField(_("version"), max_length=32, blank=True)
    reason = fields.CharField(_("reason"), max_length=500, blank=True)
    score = fields.FloatField(_("score"), null=True, blank=True)
    state = fields.CharField(_("state"), max_length=12, choices=State, default=State.PROPOSED)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = fields.DateTimeField(_("proposed at"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = fields.DateTimeField(_("decided at"), null=True, blank=True)

    objects = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        constraints = [
            models.UniqueConstraint(
                fields=["pair"],
                condition=Q(state__in=["proposed", "dismissed"]),
                name="backlog_suggestion_one_of_a_pair_and_none_once_dismissed",
            ),
            models.CheckConstraint(
                name="backlog_suggestion_about_what_its_kind_says",
                condition=Q(
                    *(("kind", "link"), ("feedback__isnull", False), ("request__isnull", False)),
                    *(("into_request", None), ("customer", None), ("into_customer", None)),
                )
                | Q(
                    *(("kind", "merge_requests"), ("request__isnull", False)),
                    *(("into_request__isnull", False), ("feedback", None)),
                    *(("customer", None), ("into_customer", None)),
                )
                | Q(
                    *(("kind", "merge_customers"), ("customer__isnull", False)),
                    *(("into_customer__isnull", False), ("feedback", None)),
                    *(("request", None), ("into_request", None)),
                ),
            ),
            models.CheckConstraint(
                name="backlog_suggestion_of_two_that_differ",
                condition=~Q(request=F("into_request")) & ~Q(customer=F("into_customer")),
            ),
            models.CheckConstraint(
                name="backlog_suggestion_origin_known",
                condition=Q(origin__in=["rule", "model", "agent", "person"]),
            ),
            models.CheckConstraint(
                name="backlog_suggestion_decided_iff_not_proposed",
                condition=Q(state="proposed", decided_at__isnull=True)
                | Q(
                    state__in=["accepted", "edited", "dismissed", "expired"],
                    decided_at__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="backlog_suggestion_score_from_0_to_1",
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=1),
            ),
        ]
        indexes = [
            models.Index(fields=["state", "id"], name="backlog_suggestion_by_state"),
            models.Index(fields=["kind", "id"], name="backlog_suggestion_by_kind"),
            models.Index(fields=["origin", "name", "version"], name="backlog_suggestion_by_origin"),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} ({self.get_state_display()})"

    @property
    def by_whom(self) -> str:
        """The rule, model, agent or colleague, with its version."""
        if self.origin == self.Origin.PERSON:
            return str(self.proposed_by or self.get_origin_display())
        return " ".join(filter(None, (self.name or str(self.get_origin_display()), self.version)))
