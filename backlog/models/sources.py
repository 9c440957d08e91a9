"""Sources: the ways in which customers speak to us."""

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


class SourceQuerySet(models.QuerySet["Source"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Sources of products the person may see, and those of no one product."""
        if not user.has_perm("backlog.view_source"):
            return self.none()
        return self.filter(
            Q(product__isnull=True) | Q(product__in=Product.objects.visible_to(user))
        )


class Source(Edited, Searched):
    """One configured way in: a survey, a help desk, an interview round, an idea box."""

    class Kind(models.TextChoices):
        SURVEY = "survey", _("survey")
        SUPPORT = "support", _("support")
        CRM = "crm", _("CRM")
        SOCIAL = "social", _("social listening")
        ANALYTICS = "analytics", _("behaviour analytics")
        USABILITY = "usability", _("usability test")
        CHAT = "chat", _("chat")
        INTERVIEW = "interview", _("interview")
        FORM = "form", _("public form")
        IDEA_BOX = "idea_box", _("employees' ideas")
        EMAIL = "email", _("e-mail")
        FILE = "file", _("file")
        API = "api", _("API")
        REPLY = "reply", _("answers to notices")

    class OnChange(models.TextChoices):
        """When a number comes again with other words or another rating."""

        KEEP_FIRST = "keep_first", _("keep the first")
        KEEP_BOTH = "keep_both", _("keep both")

    key = fields.SlugField(_("key"), max_length=64, unique=True)
    name = fields.CharField(_("name"), max_length=100)
    kind = fields.CharField(_("kind"), max_length=16, choices=Kind)
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="sources",
        verbose_name=_("product"),
    )
    language = fields.CharField(
        _("language"),
        max_length=8,
        choices=Language,
        blank=True,
        help_text=_("Empty: each message is in its own language."),
    )
    on_change = fields.CharField(
        _("same number, other words"),
        max_length=16,
        choices=OnChange,
        default=OnChange.KEEP_FIRST,
        help_text=_("What happens when a number comes again with other words or another rating."),
    )
    is_active = models.BooleanField(_("is active"), default=True)
    acknowledges = models.BooleanField(
        _("acknowledges"),
        default=False,
        help_text=_("Writes to customers that their words have arrived. Files never do."),
    )
    keeps_words_months = fields.PositiveSmallIntegerField(
        _("keeps words for so many months"),
        null=True,
        blank=True,
        help_text=_(
            "Then words that speak for no live request are erased; ratings stay. Empty: for good."
        ),
    )

    search_text = SearchField("name", "key")

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("source")
        verbose_name_plural = _("sources")
        constraints = [
            models.CheckConstraint(
                name="backlog_source_kind_known",
                condition=Q(
                    kind__in=[
                        "survey",
                        "support",
                        "crm",
                        "social",
                        "analytics",
                        "usability",
                        "chat",
                        "interview",
                        "form",
                        "idea_box",
                        "email",
                        "file",
                        "api",
                        "reply",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="backlog_source_language_known", condition=Q(language__in=["", "ko", "en"])
            ),
            models.CheckConstraint(
                name="backlog_source_on_change_known",
                condition=Q(on_change__in=["keep_first", "keep_both"]),
            ),
            models.CheckConstraint(
                name="backlog_source_keeps_words_a_month_or_longer",
                condition=Q(keeps_words_months__isnull=True)
                | Q(keeps_words_months__gte=1, keeps_words_months__lte=600),
                violation_error_code="out_of_range",
                violation_error_message=_("Words are kept from 1 to 600 months, or for good."),
            ),
        ]

    def __str__(self) -> str:
        return self.name
