"""Customers: the people whose words we keep."""

import secrets
from datetime import tzinfo
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField, ZoneField, clock_of
from backlog.models.accounts import Account
from backlog.models.edited import Edited
from backlog.models.users import Language, User
from backlog.rules import moments


def new_token() -> str:
    """A random name for a person that tells nothing about them and survives their erasure."""
    return secrets.token_hex(8)


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("backlog.view_customer") else self.none()

    def for_listing(self) -> Self:
        return self.select_related("account").order_by("-created_at", "-pk")


class Customer(Edited, Searched):
    """A person who gave feedback.

    `account` is the one that they belong to now and that counts (`Affiliation` has all, with their
    times); it is kept with these, and never set by itself.
    """

    class Rhythm(models.TextChoices):
        AT_ONCE = moments.AT_ONCE, _("at once")
        DAILY = moments.DAILY, _("once a day")
        WEEKLY = moments.WEEKLY, _("once a week")

    account = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        db_index=False,  # Lists have one that begins with it.
        related_name="customers",
        verbose_name=_("account"),
    )
    name = fields.CharField(_("name"), max_length=200, blank=True)
    language = fields.CharField(
        _("language"), max_length=8, choices=Language, default=Language.KOREAN
    )
    time_zone = ZoneField(_("time zone"))
    rhythm = fields.CharField(
        _("hears from us"),
        max_length=8,
        choices=Rhythm,
        default=Rhythm.AT_ONCE,
        help_text=_("At nine o'clock where they are; once a week is on Mondays."),
    )
    token = fields.CharField(
        _("token"), max_length=32, unique=True, default=new_token, editable=False
    )
    created_at = fields.DateTimeField(_("known since"))
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    erased_at = fields.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    search_text = SearchField("name")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(
                name="backlog_customer_language_known", condition=Q(language__in=["ko", "en"])
            ),
            models.CheckConstraint(
                name="backlog_customer_rhythm_known",
                condition=Q(rhythm__in=["at_once", "daily", "weekly"]),
            ),
            models.CheckConstraint(
                name="backlog_customer_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(
                name="backlog_customer_erased_has_no_name",
                condition=Q(erased_at__isnull=True) | Q(name="", search_text=""),
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="backlog_customer_newest"),
            models.Index(fields=["name", "id"], name="backlog_customer_by_name"),
            models.Index(
                fields=["account", "-created_at", "-id"], name="backlog_customer_by_account"
            ),
            models.Index(
                fields=["language", "-created_at", "-id"], name="backlog_customer_by_language"
            ),
        ]

    def __str__(self) -> str:
        """Who it is, for those who may see customers; lists load `contact_points` with them."""
        return self.name or self._address() or f"#{self.token}"

    def _address(self) -> str:
        """Where they are written to, or were."""
        points = self.contact_points.all() if self.pk else ()
        known = sorted(points, key=lambda it: (it.state != it.State.USABLE, it.pk))
        return known[0].address if known else ""

    @property
    def clock(self) -> tzinfo:
        """Of the zone they are in."""
        return clock_of(self.time_zone)
