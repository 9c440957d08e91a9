"""Requests, and the customers' words that speak for each of them."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Abs, Coalesce
from django.utils.translation import gettext_lazy as _

from backlog.models import fields
from backlog.models.customers import Account
from backlog.models.edited import Edited
from backlog.models.feedback import Feedback
from backlog.models.fields import Searched, SearchField
from backlog.models.people import Department, User
from backlog.models.products import Product
from backlog.models.scoring import ScoringModel
from backlog.rules import bounds, passages


class RequestStatus(models.TextChoices):
    """Where a request is on its way from the customer's words to their answer."""

    NEW = "new", _("new")
    UNDER_REVIEW = "under_review", _("under review")
    APPROVED = "approved", _("approved")
    PLANNED = "planned", _("planned")
    IN_PROGRESS = "in_progress", _("in progress")
    DELIVERED = "delivered", _("delivered")
    VERIFIED = "verified", _("verified")
    DEFERRED = "deferred", _("deferred")
    DECLINED = "declined", _("declined")
    MERGED = "merged", _("merged")


# What the board ranks: everything that still wants a decision or work.
ON_BOARD = ("new", "under_review", "approved", "planned", "in_progress", "deferred")
ASSESSED_NO_MORE = ("merged", "verified")


class CustomerRequestQuerySet(models.QuerySet["CustomerRequest"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The one place that says which requests a person may see."""
        if not user.has_perm("backlog.view_customerrequest"):
            return self.none()
        return self.filter(product__in=Product.objects.visible_to(user))

    def on_board(self) -> Self:
        """Requests that are ranked against each other."""
        return self.filter(status__in=ON_BOARD)

    def for_listing(self) -> Self:
        """All that a row shows, in the human order of the board."""
        return self.select_related("product", "owner").order_by("rank", "pk")

    def with_askers(self) -> Self:
        """How many `customers` and `accounts` ask for it, and what these accounts pay in a year.

        `revenue` means something only where `currencies` is 1; then `currency` names it.
        """
        asking = Evidence.objects.live().filter(counts_for=OuterRef("pk")).values("counts_for")
        paying = Account.objects.filter(
            pk__in=Evidence.objects.live()
            .filter(counts_for=OuterRef(OuterRef("pk")))
            .values(account=Evidence.ACCOUNT),
            annual_revenue__isnull=False,
        ).values(all=Value(1))
        return self.annotate(
            customers=Subquery(asking.values(n=Count(Evidence.CUSTOMER, distinct=True))),
            accounts=Subquery(asking.values(n=Count(Evidence.ACCOUNT, distinct=True))),
            revenue=Subquery(paying.values(n=Sum("annual_revenue"))),
            currency=Subquery(paying.values(n=Max("currency"))),
            currencies=Subquery(paying.values(n=Count("currency", distinct=True))),
        )


class CustomerRequest(Edited, Searched):
    """A problem that customers want solved: the item of the backlog.

    `rank` is the human order within the product, scores are what the model computes; the two may
    disagree (`drift`). Scores are in the unit of the scoring model, 0–100 for the default one; the
    middle is null while nobody has assessed. `version` grows with people's edits, not with scores.
    """

    product = models.ForeignKey(
        Product, on_delete=models.PROTECT, related_name="requests", verbose_name=_("product")
    )
    number = fields.PositiveIntegerField(_("number"), editable=False)
    key = fields.CharField(_("key"), max_length=20, unique=True, editable=False)
    title = fields.CharField(_("title"), max_length=200)
    problem = fields.TextField(_("problem"), max_length=bounds.TEXT)
    root_cause = fields.TextField(_("root cause"), max_length=bounds.TEXT, blank=True)
    perfect_picture = fields.TextField(
        _("perfectly solved"),
        max_length=bounds.TEXT,
        blank=True,
        help_text=_("What it looks like when it is solved."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="owned_requests",
        verbose_name=_("owner"),
    )
    status = fields.CharField(
        _("status"), max_length=16, choices=RequestStatus, default=RequestStatus.NEW
    )
    status_changed_at = fields.DateTimeField(_("status since"))
    review_on = fields.DateField(_("review on"), null=True, blank=True)
    rank = fields.RankField(_("rank"), null=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = fields.DateTimeField(_("opened at"))
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )

    impact = fields.FloatField(_("impact"), null=True, editable=False)
    impact_low = fields.FloatField(null=True, editable=False)
    impact_high = fields.FloatField(null=True, editable=False)
    feasibility = fields.FloatField(_("feasibility"), null=True, editable=False)
    feasibility_low = fields.FloatField(null=True, editable=False)
    feasibility_high = fields.FloatField(null=True, editable=False)
    priority = fields.FloatField(_("priority"), null=True, editable=False)
    priority_low = fields.FloatField(null=True, editable=False)
    priority_high = fields.FloatField(null=True, editable=False)
    contested = fields.FloatField(_("contested"), null=True, editable=False)
    drift = fields.FloatField(_("drift"), null=True, editable=False)
    scored_with = models.ForeignKey(
        ScoringModel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("scored with"),
    )
    scored_at = fields.DateTimeField(_("scored at"), null=True, editable=False)
    is_score_stale = models.BooleanField(_("score is stale"), default=False, editable=False)

    search_text = SearchField("title", "problem")

    objects = CustomerRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "number"], name="backlog_request_one_per_number"
            ),
            models.UniqueConstraint(
                fields=["product", "rank"], name="backlog_request_one_per_rank"
            ),
            models.CheckConstraint(
                name="backlog_request_status_known",
                condition=Q(
                    status__in=[
                        "new",
                        "under_review",
                        "approved",
                        "planned",
                        "in_progress",
                        "delivered",
                        "verified",
                        "deferred",
                        "declined",
                        "merged",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="backlog_request_merged_iff_it_has_a_survivor",
                condition=Q(status="merged", merged_into__isnull=False, rank__isnull=True)
                | (~Q(status="merged") & Q(merged_into__isnull=True, rank__isnull=False)),
            ),
            models.CheckConstraint(
                name="backlog_request_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
        ]
        indexes = [
            # The board pages through one product's open requests in rank order.
            models.Index(
                fields=["product", "rank", "id"],
                name="backlog_request_board",
                condition=Q(
                    status__in=[
                        "new",
                        "under_review",
                        "approved",
                        "planned",
                        "in_progress",
                        "deferred",
                    ]
                ),
            ),
            # Lists by priority, of one product or of all; rows without one are read by id.
            models.Index(
                fields=["product", "-priority", "-id"], name="backlog_request_by_priority"
            ),
            models.Index(fields=["-priority", "-id"], name="backlog_request_priority"),
            models.Index(fields=["-opened_at", "-id"], name="backlog_request_newest"),
            # Home: what drifts most, and what waits longest for an assessment.
            models.Index(
                Abs("drift").desc(),
                "id",
                name="backlog_request_drifting",
                condition=Q(
                    drift__isnull=False,
                    status__in=[
                        "new",
                        "under_review",
                        "approved",
                        "planned",
                        "in_progress",
                        "deferred",
                    ],
                ),
            ),
            models.Index(
                fields=["status_changed_at", "id"],
                name="backlog_request_under_review",
                condition=Q(status="under_review"),
            ),
            # Were any scores written since drift was computed? Which wait for the sweep?
            models.Index(fields=["product", "scored_at"], name="backlog_request_scored"),
            models.Index(
                fields=["id"],
                name="backlog_request_stale",
                condition=Q(is_score_stale=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.title}"


class DepartmentStep(models.Model):
    """What one department would do towards the perfectly solved picture."""

    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.CASCADE,
        related_name="department_steps",
        verbose_name=_("request"),
    )
    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+", verbose_name=_("department")
    )
    step = fields.TextField(_("step"), max_length=bounds.TEXT)

    class Meta:
        verbose_name = _("department's step")
        verbose_name_plural = _("departments' steps")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "department"], name="backlog_departmentstep_one_per_department"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.department}: {self.step[:60]}"


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def live(self) -> Self:
        return self.filter(unlinked_at__isnull=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        """What speaks for requests the person may see, in words the person may read."""
        if not user.has_perm("backlog.view_evidence"):
            return self.none()
        return self.filter(
            request__product__in=Product.objects.visible_to(user),
            feedback__in=Feedback.objects.visible_to(user),
        )


class Evidence(models.Model):
    """The link from a customer's words to a request: which part of them, and how much it matters.

    A link is ended by a date, never deleted. It keeps its request for ever; `counts_for` is the
    survivor when requests are merged.
    """

    class Importance(models.IntegerChoices):
        NONE = 0, _("not important")
        NICE = 1, _("nice to have")
        IMPORTANT = 2, _("important")
        CRITICAL = 3, _("critical")

    # Who said it, and for which account: the survivor where customers were merged.
    CUSTOMER = Coalesce("feedback__customer__merged_into", "feedback__customer")
    ACCOUNT = Coalesce("feedback__customer__merged_into__account", "feedback__customer__account")

    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        related_name="evidence",
        verbose_name=_("request"),
    )
    counts_for = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        related_name="counted_evidence",
        verbose_name=_("counts for"),
    )
    feedback = models.ForeignKey(
        Feedback,
        on_delete=models.PROTECT,
        related_name="evidence",
        verbose_name=_("feedback"),
    )
    start = fields.PositiveIntegerField(_("from character"))
    end = fields.PositiveIntegerField(_("to character"))
    importance = fields.PositiveSmallIntegerField(
        _("importance"), choices=Importance, default=Importance.NICE
    )
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("linked by"),
    )
    linked_at = fields.DateTimeField(_("linked at"))
    unlinked_at = fields.DateTimeField(_("unlinked at"), null=True, blank=True)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("evidence")
        verbose_name_plural = _("evidence")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "feedback", "start", "end"],
                condition=Q(unlinked_at__isnull=True),
                name="backlog_evidence_one_live_link_per_excerpt",
            ),
            models.CheckConstraint(
                name="backlog_evidence_excerpt_not_empty", condition=Q(end__gt=F("start"))
            ),
            models.CheckConstraint(
                name="backlog_evidence_importance_from_0_to_3",
                condition=Q(importance__gte=0, importance__lte=3),
            ),
            models.CheckConstraint(
                name="backlog_evidence_ends_after_it_began",
                condition=Q(unlinked_at__isnull=True) | Q(unlinked_at__gte=F("linked_at")),
            ),
        ]
        indexes = [
            # Who asked? Every announcement and every score begins here.
            models.Index(
                fields=["counts_for", "feedback"],
                name="backlog_evidence_live",
                condition=Q(unlinked_at__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return self.excerpt[:80]

    @property
    def excerpt(self) -> str:
        """The part of the customer's words that speaks for the request; needs `feedback` loaded."""
        return self.feedback.verbatim[self.start : self.end]

    @property
    def passage(self) -> str:
        """The excerpt with what stands around it, for quoting; needs `feedback` loaded."""
        return passages.passage(self.feedback.verbatim, self.start, self.end)
