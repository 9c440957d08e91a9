"""Colleagues who sign in."""

from datetime import tzinfo
from functools import cached_property
from typing import TYPE_CHECKING, Any

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField, ZoneField, clock_of
from backlog.models.edited import Edited
from backlog.rules import addresses

if TYPE_CHECKING:
    from backlog.models.api_tokens import ApiToken


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
