"""Products, and who may see those that are not open to all."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.edited import Edited
from backlog.models.scoring_models import ScoringModel
from backlog.models.users import User
from backlog.rules import bounds


class ProductQuerySet(models.QuerySet["Product"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Open products, and closed ones that were granted to the person."""
        if not user.has_perm("backlog.view_product"):
            return self.none()
        if isinstance(user, User) and user.is_superuser:
            return self
        granted = ProductGrant.objects.filter(user=user.pk).values("product")
        return self.filter(Q(is_open=True) | Q(pk__in=granted))

    def with_public_changelog(self) -> Self:
        """What everybody may read about; a closed product is never public."""
        return self.filter(is_open=True, has_public_changelog=True)


class Product(Edited, Searched):
    """What customers use; it owns one backlog."""

    prefix = fields.CharField(
        _("prefix"),
        max_length=8,
        unique=True,
        validators=[RegexValidator(r"^[A-Z][A-Z0-9]{1,7}$", _("Two to eight capital letters."))],
        help_text=_("Begins the keys of its requests, as in PAY-12."),
    )
    name = fields.CharField(_("name"), max_length=100)
    description = fields.TextField(_("description"), max_length=bounds.TEXT, blank=True)
    is_open = models.BooleanField(
        _("open to every colleague"),
        default=True,
        help_text=_("If not, only colleagues it was granted to see it."),
    )
    has_public_changelog = models.BooleanField(
        _("has a public changelog"),
        default=False,
        help_text=_(
            "Shows the titles and summaries of its announced outcomes to everybody on the web."
        ),
    )
    scoring_model = models.ForeignKey(
        ScoringModel,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="products",
        verbose_name=_("scoring model"),
    )
    verify_after = fields.PositiveSmallIntegerField(
        _("verified after"),
        default=3,
        help_text=_("So many customers must confirm, and none dispute."),
    )
    reopen_percent = fields.PositiveSmallIntegerField(
        _("reopened at"),
        default=10,
        help_text=_("This percentage of “no” among the answers; under ten answers, one “no”."),
    )
    countersign_from = fields.PositiveIntegerField(
        _("countersigned from"),
        default=50,
        help_text=_("To tell so many customers or more, a second colleague must agree."),
    )
    reason_from_drift = fields.PositiveSmallIntegerField(
        _("asks why from"),
        default=25,
        help_text=_("Whoever moves a request so many points from its priority says why."),
    )
    tells_yes = models.BooleanField(
        _("tells that it will be done"),
        default=True,
        help_text=_("Customers who asked are owed word of a “yes” of the council."),
    )
    tells_no = models.BooleanField(
        _("tells that it will not be done"),
        default=True,
        help_text=_("Customers who asked are owed word of a “no” or “not now”, in your words."),
    )
    tells_plans = models.BooleanField(
        _("tells that it is planned"),
        default=False,
        help_text=_("Each sprint that takes a request in would be one more message."),
    )
    tells_reopening = models.BooleanField(
        _("tells that it is looked at again"),
        default=False,
        help_text=_("After enough customers have answered that it is not solved."),
    )
    next_number = fields.PositiveIntegerField(default=1, editable=False)
    board_version = fields.PositiveBigIntegerField(default=0, editable=False)
    # The board and the moment that drift was last computed for.
    drift_version = fields.PositiveBigIntegerField(default=0, editable=False)
    drift_at = fields.DateTimeField(null=True, editable=False)

    search_text = SearchField("name", "prefix")

    objects = ProductQuerySet.as_manager()

    class Meta:
        verbose_name = _("product")
        verbose_name_plural = _("products")
        constraints = [
            models.CheckConstraint(
                name="backlog_product_thresholds_possible",
                condition=Q(verify_after__gte=1, reopen_percent__gte=1, reopen_percent__lte=100),
                violation_error_code="out_of_range",
                violation_error_message=_(
                    "At least one customer must confirm, and the percentage is from 1 to 100."
                ),
            ),
            models.CheckConstraint(
                name="backlog_product_countersign_from_somebody",
                condition=Q(countersign_from__gte=1),
                violation_error_code="out_of_range",
                violation_error_message=_("A countersign is asked for from one customer on."),
            ),
            models.CheckConstraint(
                name="backlog_product_asks_why_from_a_point",
                condition=Q(reason_from_drift__gte=1),
                violation_error_code="out_of_range",
                violation_error_message=_("Moving is asked a reason for from one point on."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ProductGrantQuerySet(models.QuerySet["ProductGrant"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(product__in=Product.objects.visible_to(user))


class ProductGrant(models.Model):
    """Lets one colleague see a product that is not open to all."""

    product = models.ForeignKey(
        Product, on_delete=models.CASCADE, related_name="grants", verbose_name=_("product")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="product_grants",
        verbose_name=_("colleague"),
    )

    objects = ProductGrantQuerySet.as_manager()

    class Meta:
        verbose_name = _("product grant")
        verbose_name_plural = _("product grants")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "user"], name="backlog_productgrant_one_per_user"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.product} · {self.user}"
