"""Requests: the problems that customers want solved."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Count, F, Max, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Abs
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.accounts import Account
from backlog.models.edited import Edited
from backlog.models.evidence import Evidence
from backlog.models.products import Product
from backlog.models.scoring_models import ScoringModel
from backlog.models.users import User
from backlog.rules import bounds


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
        Product,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="requests",
        verbose_name=_("product"),
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
        db_index=False,  # Lists have one that begins with it.
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
            # What is new has no priority yet: among all that have one, it is looked for in vain.
            models.Index(
                fields=["status", "-priority", "-id"], name="backlog_request_by_status_prio"
            ),
            models.Index(fields=["-opened_at", "-id"], name="backlog_request_newest"),
            models.Index(
                fields=["product", "-opened_at", "-id"], name="backlog_request_of_product"
            ),
            models.Index(fields=["owner", "-opened_at", "-id"], name="backlog_request_by_owner"),
            models.Index(fields=["status", "-opened_at", "-id"], name="backlog_request_by_status"),
            models.Index(
                fields=["-opened_at", "-id"],
                name="backlog_request_new_on_board",
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
            models.Index(fields=["rank", "id"], name="backlog_request_by_rank"),
            models.Index(
                fields=["contested"],
                name="backlog_request_contested",
                condition=Q(contested__isnull=False),
            ),
            models.Index(
                fields=["impact"],
                name="backlog_request_by_impact",
                condition=Q(impact__isnull=False),
            ),
            models.Index(
                fields=["feasibility"],
                name="backlog_request_by_feasible",
                condition=Q(feasibility__isnull=False),
            ),
            models.Index(
                Abs("drift"), name="backlog_request_by_drift", condition=Q(drift__isnull=False)
            ),
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
