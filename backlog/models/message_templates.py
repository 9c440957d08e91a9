"""The company's own words around what customers are told."""

from typing import Final, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.products import Product
from backlog.models.status_updates import Occasion
from backlog.models.users import Language, User


class MessageTemplateQuerySet(models.QuerySet["MessageTemplate"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Those for all products, and those of products the person may see."""
        if not user.has_perm("backlog.view_messagetemplate"):
            return self.none()
        return self.filter(
            Q(product__isnull=True) | Q(product__in=Product.objects.visible_to(user))
        )

    def for_listing(self) -> Self:
        return self.select_related("product", "edited_by").order_by("-edited_at", "-pk")


class MessageTemplate(Searched):
    """How messages on one occasion begin and end in one language; of one product, or of all.

    The parts may hold placeholders such as `{{ name }}`. An empty part is as it comes built in; a
    template that was reset has none.
    """

    PARTS: Final = ("subject", "headline", "opening", "closing")

    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="message_templates",
        verbose_name=_("product"),
    )
    occasion = fields.CharField(_("occasion"), max_length=16, choices=Occasion)
    language = fields.CharField(_("language"), max_length=8, choices=Language)
    subject = fields.CharField(_("subject"), max_length=200, blank=True)
    headline = fields.CharField(_("headline"), max_length=200, blank=True)
    opening = fields.TextField(_("opening words"), max_length=2000, blank=True)
    closing = fields.TextField(_("closing words"), max_length=2000, blank=True)
    edited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("edited by"),
    )
    edited_at = fields.DateTimeField(_("edited at"))

    search_text = SearchField("subject", "headline", "opening", "closing")

    objects = MessageTemplateQuerySet.as_manager()

    class Meta:
        verbose_name = _("message template")
        verbose_name_plural = _("message templates")
        constraints = [
            models.UniqueConstraint(
                fields=["product", "occasion", "language"],
                name="backlog_messagetemplate_one_per_product_and_occasion",
            ),
            models.UniqueConstraint(
                fields=["occasion", "language"],
                condition=Q(product__isnull=True),
                name="backlog_messagetemplate_one_for_all_products",
            ),
            models.CheckConstraint(
                name="backlog_messagetemplate_occasion_known",
                condition=Q(
                    occasion__in=[
                        "received",
                        "decided_yes",
                        "decided_no",
                        "planned",
                        "reopened",
                        "standing",
                        "delivered",
                        "partly",
                        "not_delivered",
                        "rolled_back",
                        "several",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="backlog_messagetemplate_language_known",
                condition=Q(language__in=["ko", "en"]),
            ),
        ]

    def __str__(self) -> str:
        about = self.product or _("all products")
        return f"{about} · {self.get_occasion_display()} · {self.get_language_display()}"
