"""Stances: what a seat says to a proposal."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backlog.db import fields
from backlog.models import User
from backlog.models.feedback import new_salt
from backlog.rules import bounds
from council.models.attendances import Attendance
from council.models.ballots import Ballot
from council.models.seats import Seat
from council.rules import ballots as rules


class StanceQuerySet(models.QuerySet["Stance"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Of a blind ballot one's own alone, until it is closed; one that never was stays blind."""
        is_shown = Q(ballot__is_blind=False) | Q(ballot__status=Ballot.Status.CLOSED)
        return self.filter(is_shown | Q(user=user.pk), ballot__in=Ballot.objects.visible_to(user))


class Stance(models.Model):
    """The answer of one seat to one version of a proposal, with its reason and who gave it."""

    class Answer(models.TextChoices):
        YES = rules.Answer.YES.value, pgettext_lazy("stance", "yes")
        NO = rules.Answer.NO.value, pgettext_lazy("stance", "no")
        ABSTAIN = rules.Answer.ABSTAIN.value, _("abstain")
        CONSENT = rules.Answer.CONSENT.value, pgettext_lazy("stance", "consent")
        CONCERN = rules.Answer.CONCERN.value, _("consent, with a concern")
        OBJECTION = rules.Answer.OBJECTION.value, _("objection")

    ballot = models.ForeignKey(
        Ballot, on_delete=models.PROTECT, related_name="stances", verbose_name=_("ballot")
    )
    seat = models.ForeignKey(
        Seat, on_delete=models.PROTECT, related_name="stances", verbose_name=_("seat")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("colleague"),
    )
    capacity = fields.CharField(
        _("speaks as"), max_length=16, choices=Attendance.Capacity.choices[:3]
    )
    answer = fields.CharField(_("stance"), max_length=16, choices=Answer)
    reason = fields.TextField(_("reason"), max_length=bounds.REASON, blank=True)
    is_named = models.BooleanField(
        _("dissent with my name"),
        default=False,
        help_text=_("Otherwise the decision keeps what was said against it, and not by whom."),
    )
    taken_at = fields.DateTimeField(_("taken at"))
    # Of the reason's digest in the chain; gone once somebody who is named in it was forgotten.
    salt = fields.CharField(max_length=32, default=new_salt, editable=False, blank=True)

    objects = StanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("stance")
        verbose_name_plural = _("stances")
        constraints = [
            models.UniqueConstraint(fields=["ballot", "seat"], name="council_stance_one_per_seat"),
            models.CheckConstraint(
                name="council_stance_answer_known",
                condition=Q(answer__in=["yes", "no", "abstain", "consent", "concern", "objection"]),
            ),
            models.CheckConstraint(
                name="council_stance_capacity_known",
                condition=Q(capacity__in=["holder", "alternate", "proxy"]),
            ),
            models.CheckConstraint(
                name="council_stance_objection_has_its_reason",
                condition=~Q(answer="objection") | ~Q(reason=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seat}: {self.get_answer_display()}"
