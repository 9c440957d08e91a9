"""What the ways that messages take can bear: shared by all workers, and by nothing but this."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models.contact_points import ContactPoint
from backlog.models.users import User


class MailDomainQuerySet(models.QuerySet["MailDomain"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Domains are not of one product: who may see messages may see what they wait for."""
        return self if user.has_perm("backlog.view_notice") else self.none()

    def failing(self) -> Self:
        return self.filter(failures__gt=0).order_by("-failures", "domain")

    def of_domains(self) -> Self:
        """Without the channels themselves."""
        return self.exclude(domain="")


class MailDomain(models.Model):
    """A channel, or one recipient domain of it: how full it is, and whether it is left alone.

    A row is written when there is something to say: it has a limit, or it failed.
    """

    channel = fields.CharField(_("channel"), max_length=16, choices=ContactPoint.Channel)
    domain = fields.CharField(_("domain"), max_length=255, blank=True)  # empty: all of the channel
    free_at = fields.DateTimeField(null=True)
    failures = fields.PositiveSmallIntegerField(_("failures in a row"), default=0)
    failure = fields.CharField(_("last failure"), max_length=300, blank=True)
    rests_until = fields.DateTimeField(_("left alone until"), null=True)

    objects = MailDomainQuerySet.as_manager()

    class Meta:
        verbose_name = _("mail domain")
        verbose_name_plural = _("mail domains")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "domain"], name="backlog_maildomain_one_each"
            ),
            models.CheckConstraint(
                name="backlog_maildomain_channel_known", condition=Q(channel__in=["email"])
            ),
            models.CheckConstraint(
                name="backlog_maildomain_rests_iff_it_failed",
                condition=Q(failures=0, rests_until__isnull=True, failure="")
                | (Q(failures__gt=0, rests_until__isnull=False) & ~Q(failure="")),
            ),
        ]

    def __str__(self) -> str:
        return self.domain or self.get_channel_display()
