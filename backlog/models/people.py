"""Colleagues: who they are, which department they speak for, and their API tokens."""

from datetime import datetime, tzinfo
from functools import cached_property
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import AnonymousUser, PermissionsMixin
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _
from knox.models import AbstractAuthToken

from backlog.models import fields
from backlog.models.edited import Edited
from backlog.models.fields import Searched, SearchField, ZoneField, clock_of
from backlog.rules import addresses, bounds


class Language(models.TextChoices):
    """The languages Hearback speaks to colleagues and customers."""

    KOREAN = "ko", _("Korean")
    ENGLISH = "en", _("English")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=addresses.comparable(email), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email=addresses.comparable(username or ""))


class User(Edited, AbstractBaseUser, PermissionsMixin, Searched):
    """A colleague who signs in with an e-mail address; what they may do is in their groups."""

    email = fields.EmailField(_("e-mail address"), max_length=254, unique=True)
    name = fields.CharField(_("name"), max_length=150)
    language = fields.CharField(
        _("language"), max_length=8, choices=Language, default=Language.KOREAN
    )
    time_zone = ZoneField(_("time zone"))
    is_staff = models.BooleanField(_("may sign in to the admin"), default=False)
    is_active = models.BooleanField(_("is active"), default=True)
    date_joined = fields.DateTimeField(_("joined at"), auto_now_add=True)

    search_text = SearchField("name", "email")

    objects = UserManager()

    token: "ApiToken | None" = None
    """What they call with, where they are not at the browser; set by who let them in."""

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("colleague")
        verbose_name_plural = _("colleagues")
        constraints = [
            models.CheckConstraint(
                name="backlog_user_email_in_lower_case", condition=Q(email=Lower("email"))
            ),
            models.CheckConstraint(
                name="backlog_user_language_known", condition=Q(language__in=["ko", "en"])
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def clock(self) -> tzinfo:
        """Of the zone they are in."""
        return clock_of(self.time_zone)

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name

    @cached_property
    def roles(self) -> frozenset[str]:
        """The names of this person's groups, read once per instance."""
        return frozenset(self.groups.values_list("name", flat=True))


class DepartmentQuerySet(models.QuerySet["Department"]):
    def seated(self) -> Self:
        """Departments whose silence widens a score: they have a voting seat on a council."""
        return self.filter(is_seated=True)

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.is_authenticated else self.none()


class Department(Edited, Searched):
    """A part of the organisation; at the council and in the scores it has one voice."""

    name = fields.CharField(_("name"), max_length=100)
    is_seated = models.BooleanField(
        _("has a voting seat"),
        default=False,
        editable=False,
        help_text=_("Set when a council gives the department a seat."),
    )

    search_text = SearchField("name")

    objects = DepartmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("department")
        verbose_name_plural = _("departments")
        constraints = [
            models.UniqueConstraint(
                Lower("name"),
                name="backlog_department_one_per_name",
                violation_error_code="taken",
                violation_error_message=_("There is a department of this name."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MembershipQuerySet(models.QuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(ends_on__isnull=True)


class Membership(models.Model):
    """A colleague's time in a department; one at a time, so that nobody speaks for two."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="memberships",
        verbose_name=_("colleague"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="memberships",
        verbose_name=_("department"),
    )
    starts_on = fields.DateField(_("from"))
    ends_on = fields.DateField(_("until"), null=True, blank=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("membership")
        verbose_name_plural = _("memberships")
        constraints = [
            models.UniqueConstraint(
                fields=["user"],
                condition=Q(ends_on__isnull=True),
                name="backlog_membership_one_current_per_user",
            ),
            models.CheckConstraint(
                name="backlog_membership_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.department}"


class ApiToken(AbstractAuthToken):
    """A key for an external tool: hashed at rest, with scopes and an expiry; acts as its owner.

    Without `made_by`, it was made at the command line.
    """

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="+", verbose_name=_("colleague")
    )
    made_by = models.ForeignKey(
        User,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    name = fields.CharField(_("name"), max_length=100)
    scopes = fields.JSONField(_("scopes"), max_size=bounds.REASON, default=list)
    last_used_at = fields.DateTimeField(_("last used at"), null=True, blank=True)
    revoked_at = fields.DateTimeField(_("revoked at"), null=True, blank=True)

    # Never edited, so that it need not be Searched.
    search_text = SearchField("name", "token_key")

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")

    def __str__(self) -> str:
        return self.name

    def has_expired(self, *, at: datetime) -> bool:
        return self.expiry is not None and self.expiry <= at

    def is_over(self, *, at: datetime) -> bool:
        return self.revoked_at is not None or self.has_expired(at=at)
