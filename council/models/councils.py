"""Councils: the bodies that decide over backlogs."""

from fractions import Fraction
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models import Product, User
from backlog.models.edited import Edited
from council.rules import ballots as rules


class CouncilQuerySet(models.QuerySet["Council"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("council.view_council") else self.none()


class Council(Edited, Searched):
    """A body that decides over the backlogs of some products, a department a voice.

    It decides by its house rules: how many departments must be there (`quorum`), and what their
    stances on a proposal make of it (`rule`). A ballot keeps those that held when it opened.
    """

    class Mode(models.TextChoices):
        CONSENT = rules.Mode.CONSENT.value, _("consent: nobody objects")
        MAJORITY = rules.Mode.MAJORITY.value, _("majority: so many say yes")
        ADVICE = rules.Mode.ADVICE.value, _("the chair decides, after hearing all")

    class Base(models.TextChoices):
        YES_AND_NO = rules.Base.YES_AND_NO.value, _("of those who say yes or no")
        CAST = rules.Base.CAST.value, _("of all votes cast, abstentions among them")
        PRESENT = rules.Base.PRESENT.value, _("of the departments present")
        ENTITLED = rules.Base.ENTITLED.value, _("of all departments entitled to vote")

    class Abstention(models.TextChoices):
        ALLOWED = rules.Abstention.ALLOWED.value, _("allowed")
        REASONED = rules.Abstention.REASONED.value, _("with a reason")
        REFUSED = rules.Abstention.REFUSED.value, _("not allowed")

    class Recorders(models.TextChoices):
        OFFICERS = "officers", _("the chair or the secretary")
        SEATED = "seated", _("anybody who sits there")

    name = fields.CharField(_("name"), max_length=100, unique=True)
    products = models.ManyToManyField(Product, related_name="councils", verbose_name=_("products"))
    chair = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("chair"),
    )
    secretary = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("secretary"),
    )
    quorum_numerator = fields.PositiveSmallIntegerField(_("quorum: so many"), default=1)
    quorum_denominator = fields.PositiveSmallIntegerField(
        _("quorum: of so many departments"),
        default=2,
        help_text=_("Of the departments whose voting seat has a holder: 2 of 3 are two thirds."),
    )
    mode = fields.CharField(_("decides by"), max_length=16, choices=Mode, default=Mode.MAJORITY)
    majority_numerator = fields.PositiveSmallIntegerField(_("majority: so many"), default=1)
    majority_denominator = fields.PositiveSmallIntegerField(
        _("majority: of so many votes"),
        default=2,
        help_text=_("1 of 2 means more than half; any larger share is enough by itself."),
    )
    base = fields.CharField(
        _("majority counted of"), max_length=16, choices=Base, default=Base.YES_AND_NO
    )
    abstention = fields.CharField(
        _("abstention"), max_length=16, choices=Abstention, default=Abstention.ALLOWED
    )
    is_blind = models.BooleanField(
        _("blind until closed"),
        default=True,
        help_text=_("Nobody sees the stances of others before the ballot is closed."),
    )

    minutes_days = fields.PositiveSmallIntegerField(
        _("days to look through minutes"),
        default=7,
        help_text=_("Where nobody objects in that time, minutes are approved by silence."),
    )
    minutes_need_quorum = models.BooleanField(
        _("silence needs a quorum"),
        default=False,
        help_text=_("Silence approves only if as many departments as a quorum have said yes."),
    )
    recorders = fields.CharField(
        _("decisions recorded by"), max_length=16, choices=Recorders, default=Recorders.OFFICERS
    )
    needs_ballot = models.BooleanField(
        _("decides by ballot alone"),
        default=False,
        help_text=_("Nothing is recorded that was not put to the vote and carried."),
    )

    search_text = SearchField("name")

    objects = CouncilQuerySet.as_manager()

    class Meta:
        verbose_name = _("council")
        verbose_name_plural = _("councils")
        constraints = [
            models.CheckConstraint(
                name="council_council_quorum_is_a_share",
                condition=Q(
                    quorum_numerator__gte=1,
                    quorum_numerator__lte=F("quorum_denominator"),
                    quorum_denominator__lte=1000,
                ),
                violation_error_message=_("A quorum is a share of the departments, as 2 of 3."),
            ),
            models.CheckConstraint(
                name="council_council_majority_is_half_or_more",
                condition=Q(majority_numerator__lte=F("majority_denominator"))
                & Q(majority_denominator__lte=F("majority_numerator") * 2)
                & Q(majority_denominator__gte=1, majority_denominator__lte=1000),
                violation_error_message=_("A majority is half or more of the votes, as 2 of 3."),
            ),
            models.CheckConstraint(
                name="council_council_minutes_within_a_quarter",
                condition=Q(minutes_days__gte=1, minutes_days__lte=90),
                violation_error_message=_("Minutes are looked through in 1 to 90 days."),
            ),
            models.CheckConstraint(
                name="council_council_recorders_known",
                condition=Q(recorders__in=["officers", "seated"]),
            ),
            models.CheckConstraint(
                name="council_council_mode_known",
                condition=Q(mode__in=["consent", "majority", "advice"]),
            ),
            models.CheckConstraint(
                name="council_council_base_known",
                condition=Q(base__in=["yes_and_no", "cast", "present", "entitled"]),
            ),
            models.CheckConstraint(
                name="council_council_abstention_known",
                condition=Q(abstention__in=["allowed", "reasoned", "refused"]),
            ),
        ]

    @property
    def quorum(self) -> Fraction:
        return Fraction(self.quorum_numerator, self.quorum_denominator)

    @property
    def rule(self) -> rules.Rule:
        """By what a ballot that opens now is counted."""
        return rules.Rule(
            mode=rules.Mode(self.mode),
            majority=Fraction(self.majority_numerator, self.majority_denominator),
            base=rules.Base(self.base),
            abstention=rules.Abstention(self.abstention),
            quorum=self.quorum,
        )

    def __str__(self) -> str:
        return self.name
