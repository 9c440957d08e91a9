"""Ballots: a proposal put to the vote, by the rule that held when it was opened."""

from datetime import datetime
from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from backlog.db import fields
from backlog.models import Product, User
from backlog.models.feedback import new_salt
from backlog.rules import bounds
from council.models.agenda_items import AgendaItem
from council.models.decisions import REASON_CODES, Decision
from council.rules import ballots as rules
from council.rules import predictions
from council.rules.predictions import Expected


class BallotQuerySet(models.QuerySet["Ballot"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("council.view_ballot"):
            return self.none()
        return self.filter(agenda_item__request__product__in=Product.objects.visible_to(user))

    def for_listing(self) -> Self:
        item = "agenda_item__request__product"
        joined = self.select_related(item, "agenda_item__meeting", "opened_by", "evidence_from")
        return joined.order_by("-pk")

    def open(self) -> Self:
        return self.filter(status=Ballot.Status.OPEN)

    def on(self, item_id: int) -> Self:
        """That decide about this item, by themselves or with others."""
        return self.deciding(pk=item_id)

    def about(self, request_id: int) -> Self:
        """That decide about this request, on whichever agenda."""
        return self.deciding(request=request_id)

    def deciding(self, **about: Any) -> Self:
        """That decide about an item of which this is so."""
        with_it = Ballot.further_items.through.objects.filter(
            ballot=OuterRef("pk"), **{f"agendaitem__{name}": value for name, value in about.items()}
        )
        by_itself = Q(**{f"agenda_item__{name}": value for name, value in about.items()})
        return self.filter(by_itself | Exists(with_it))

    def due(self, *, at: datetime) -> Self:
        """Open ones whose deadline has passed."""
        return self.open().filter(closes_at__lte=at)


class Ballot(models.Model):
    """One version of a proposal, and what the council's seats made of it.

    The rule is frozen when it opens; `electorate`, the seats that were entitled and those present,
    when it is closed. Another version points to the one that it `amends`, and asks everybody anew.

    One answer can decide on several requests: that of its item, and those of `further_items` of the
    same agenda. They are fixed when it opens; another version may be on others.
    """

    class Status(models.TextChoices):
        OPEN = "open", pgettext_lazy("ballot", "open")
        CLOSED = "closed", _("closed")
        AMENDED = "amended", _("put in other words")
        WITHDRAWN = "withdrawn", _("withdrawn")

    class Result(models.TextChoices):
        CARRIED = rules.Result.CARRIED.value, _("carried")
        NOT_CARRIED = rules.Result.NOT_CARRIED.value, _("not carried")
        ADVISED = rules.Result.ADVISED.value, _("the chair decides")
        INQUORATE = rules.Result.INQUORATE.value, _("inquorate")

    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.PROTECT,
        related_name="ballots",
        verbose_name=_("agenda item"),
    )
    further_items = models.ManyToManyField(
        AgendaItem,
        blank=True,
        editable=False,
        related_name="further_ballots",
        verbose_name=_("decides at once on"),
    )
    proposal = fields.TextField(_("proposal"), max_length=bounds.TEXT)
    verdict = fields.CharField(_("verdict"), max_length=20, choices=Decision.Verdict)
    options = fields.JSONField(
        _("options weighed"), max_size=2 * bounds.VERBATIM, default=list, blank=True
    )
    conditions = fields.TextField(_("conditions"), max_length=bounds.TEXT, blank=True)
    reason_code = fields.CharField(
        _("why it is declined"), max_length=20, choices=Decision.ReasonCode, blank=True
    )
    expected_effect = fields.TextField(_("expected effect"), max_length=bounds.TEXT, blank=True)
    predictions = fields.JSONField(
        _("what is expected, as figures"), max_size=bounds.TEXT, default=list, blank=True
    )
    review_on = fields.DateField(_("review on"), null=True, blank=True)
    evidence_from = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("evidence from"),
        help_text=_("Who is asked for it, where evidence is asked for."),
    )
    evidence_due_on = fields.DateField(_("evidence by"), null=True, blank=True)
    rule = fields.JSONField(_("rule"), max_size=bounds.OPTION)
    is_blind = models.BooleanField(_("blind until closed"))
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("opened by"),
    )
    opened_at = fields.DateTimeField(_("opened at"))
    closes_at = fields.DateTimeField(
        _("closes at"),
        null=True,
        blank=True,
        help_text=_("Without it, it is closed in the meeting."),
    )
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.OPEN)
    result = fields.CharField(_("result"), max_length=16, choices=Result, blank=True)
    ended_at = fields.DateTimeField(_("ended at"), null=True, blank=True)
    electorate = fields.JSONField(
        _("seats entitled and present"), max_size=bounds.RECORD, default=dict, blank=True
    )
    amends = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="amended_by",
        verbose_name=_("amends"),
    )
    # Of the words' digest in the chain; gone once somebody who is named in them was forgotten.
    salt = fields.CharField(max_length=32, default=new_salt, editable=False, blank=True)

    objects = BallotQuerySet.as_manager()

    class Meta:
        verbose_name = _("ballot")
        verbose_name_plural = _("ballots")
        constraints = [
            models.UniqueConstraint(
                fields=["agenda_item"],
                condition=Q(status="open"),
                name="council_ballot_one_open_on_an_item",
            ),
            models.CheckConstraint(
                name="council_ballot_status_known",
                condition=Q(status__in=["open", "closed", "amended", "withdrawn"]),
            ),
            models.CheckConstraint(
                name="council_ballot_result_iff_closed",
                condition=Q(
                    status="closed", result__in=["carried", "not_carried", "advised", "inquorate"]
                )
                | (~Q(status="closed") & Q(result="")),
            ),
            models.CheckConstraint(
                name="council_ballot_ended_iff_not_open",
                condition=Q(status="open", ended_at__isnull=True)
                | (~Q(status="open") & Q(ended_at__isnull=False)),
            ),
            models.CheckConstraint(
                name="council_ballot_verdict_known",
                condition=Q(
                    verdict__in=["approve", "pilot", "defer", "decline", "ask_for_evidence"]
                ),
            ),
            models.CheckConstraint(
                name="council_ballot_says_what_is_proposed", condition=~Q(proposal="")
            ),
            models.CheckConstraint(
                name="council_ballot_deferred_until",
                condition=~Q(verdict="defer") | Q(review_on__isnull=False),
            ),
            models.CheckConstraint(
                name="council_ballot_says_why_not_only_to_decline",
                condition=Q(reason_code="") | Q(verdict="decline", reason_code__in=REASON_CODES),
            ),
            models.CheckConstraint(
                name="council_ballot_asks_somebody_by_a_day_for_evidence",
                condition=Q(evidence_from__isnull=True, evidence_due_on__isnull=True)
                | Q(
                    verdict="ask_for_evidence",
                    evidence_from__isnull=False,
                    evidence_due_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="council_ballot_closes_after_opening",
                condition=Q(closes_at__isnull=True) | Q(closes_at__gt=F("opened_at")),
            ),
            models.CheckConstraint(
                name="council_ballot_does_not_amend_itself",
                condition=Q(amends__isnull=True) | ~Q(amends=F("id")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["closes_at"], name="council_ballot_due", condition=Q(status="open")
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agenda_item}: {self.get_verdict_display()}"

    @property
    def expected(self) -> tuple[Expected, ...]:
        """The figures that it is expected to move; its decision is to be held to them."""
        return predictions.from_json(self.predictions)

    @property
    def house_rule(self) -> rules.Rule:
        return rules.Rule.from_json(self.rule)
