"""Decisions: what the council decided, and on what evidence."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models import CustomerRequest, Product, User
from backlog.models.feedback import new_salt
from backlog.rules import bounds
from council.models.agenda_items import AgendaItem
from council.models.councils import Council
from council.models.seats import Seat

REASON_CODES = [
    *("too_few", "too_costly", "not_possible", "other_way", "not_ours"),
    *("harms_others", "not_allowed"),
]


class DecisionQuerySet(models.QuerySet["Decision"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.has_perm("council.view_decision"):
            return self.none()
        return self.filter(request__product__in=Product.objects.visible_to(user))

    def for_listing(self) -> Self:
        return self.select_related("request__product", "council", "decided_by").order_by(
            "-decided_at", "-pk"
        )


class Decision(Searched):
    """A verdict on a request, with its reasons and what was known when it was taken.

    `frozen` holds the scores and, for each piece of evidence, its ids, range and salted digest, as
    they were; `options` the alternatives that were weighed, one text each.

    It is sealed, and never edited: what is to hold instead is another one, which `supersedes` it.
    An amendment or a correction says `what_changed`.

    An item of an agenda may lead to several. Each is on one request, whose state it moves; those
    taken as one over several requests point to their first (`taken_with`).
    """

    class Verdict(models.TextChoices):
        APPROVE = "approve", _("approve")
        PILOT = "pilot", _("pilot")
        DEFER = "defer", _("defer")
        DECLINE = "decline", _("decline")
        ASK_FOR_EVIDENCE = "ask_for_evidence", _("ask for evidence")

    class Status(models.TextChoices):
        IN_EFFECT = "in_effect", _("in effect")
        REVIEW_DUE = "review_due", _("review due")
        REAFFIRMED = "reaffirmed", _("reaffirmed")
        AMENDED = "amended", _("amended")
        RETIRED = "retired", _("retired")
        SUPERSEDED = "superseded", _("superseded")

    class Act(models.TextChoices):
        """An amendment says of a verdict that stays what else holds now; a correction, what was
        written down wrongly."""

        VERDICT = "verdict", _("a verdict")
        AMENDMENT = "amendment", _("an amendment")
        CORRECTION = "correction", _("a correction")

    class ReasonCode(models.TextChoices):
        """Why something is declined, to be counted; the words say it in full."""

        TOO_FEW = "too_few", _("too few ask for it")
        TOO_COSTLY = "too_costly", _("it costs more than it is worth")
        NOT_POSSIBLE = "not_possible", _("it cannot be done")
        OTHER_WAY = "other_way", _("the problem is solved another way")
        NOT_OURS = "not_ours", _("it is not what the product is for")
        HARMS_OTHERS = "harms_others", _("it would harm other customers")
        NOT_ALLOWED = "not_allowed", _("the law or a contract forbids it")

    council = models.ForeignKey(
        Council,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="decisions",
        verbose_name=_("council"),
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("agenda item"),
    )
    ballot = models.ForeignKey(
        "council.Ballot",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="decisions",
        verbose_name=_("ballot"),
    )
    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        related_name="decisions",
        verbose_name=_("request"),
    )
    verdict = fields.CharField(_("verdict"), max_length=20, choices=Verdict)
    rationale = fields.TextField(_("rationale"), max_length=bounds.TEXT)
    options = fields.JSONField(
        _("options weighed"), max_size=2 * bounds.VERBATIM, default=list, blank=True
    )
    conditions = fields.TextField(_("conditions"), max_length=bounds.TEXT, blank=True)
    reason_code = fields.CharField(
        _("why it is declined"), max_length=20, choices=ReasonCode, blank=True
    )
    dissent = fields.TextField(_("dissent"), max_length=bounds.TEXT, blank=True)
    expected_effect = fields.TextField(_("expected effect"), max_length=bounds.TEXT, blank=True)
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
    # At first the day that was decided; a review sets another, or none.
    next_review_on = fields.DateField(_("look again on"), null=True, blank=True, editable=False)
    seat = models.ForeignKey(
        Seat,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("seat of the recorder"),
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("recorded by"),
    )
    decided_at = fields.DateTimeField(_("decided at"))
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.IN_EFFECT)
    taken_with = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="taken_together",
        verbose_name=_("taken with"),
        help_text=_("The first of those that were taken as one, over several requests."),
    )
    supersedes = models.OneToOneField(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="superseded_by",
        verbose_name=_("supersedes"),
    )
    act = fields.CharField(_("what it is"), max_length=16, choices=Act, default=Act.VERDICT)
    what_changed = fields.TextField(_("what changed, and why"), max_length=bounds.TEXT, blank=True)
    frozen = fields.JSONField(
        _("evidence and scores as they were"), max_size=bounds.RECORD, default=dict
    )
    # Of the words' digest in the chain; gone once somebody who is named in them was forgotten.
    salt = fields.CharField(max_length=32, default=new_salt, editable=False, blank=True)

    search_text = SearchField("rationale")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("decision")
        verbose_name_plural = _("decisions")
        constraints = [
            models.UniqueConstraint(
                fields=["request"],
                condition=Q(status__in=["in_effect", "review_due", "reaffirmed", "amended"]),
                name="council_decision_one_in_effect_per_request",
            ),
            models.UniqueConstraint(
                fields=["ballot", "request"],
                name="council_decision_one_of_a_ballot_per_request",
            ),
            models.CheckConstraint(
                name="council_decision_verdict_known",
                condition=Q(
                    verdict__in=["approve", "pilot", "defer", "decline", "ask_for_evidence"]
                ),
            ),
            models.CheckConstraint(
                name="council_decision_status_known",
                condition=Q(
                    status__in=[
                        "in_effect",
                        "review_due",
                        "reaffirmed",
                        "amended",
                        "retired",
                        "superseded",
                    ]
                ),
            ),
            models.CheckConstraint(
                name="council_decision_act_known",
                condition=Q(act__in=["verdict", "amendment", "correction"]),
            ),
            models.CheckConstraint(
                name="council_decision_says_of_what_and_why_it_changes",
                condition=Q(act="verdict", what_changed="")
                | (~Q(act="verdict") & ~Q(what_changed="") & Q(supersedes__isnull=False)),
            ),
            models.CheckConstraint(
                name="council_decision_not_taken_with_itself",
                condition=Q(taken_with__isnull=True) | ~Q(taken_with=F("id")),
            ),
            models.CheckConstraint(
                name="council_decision_gives_its_reasons", condition=~Q(rationale="")
            ),
            models.CheckConstraint(
                name="council_decision_says_why_not_only_to_decline",
                condition=Q(reason_code="") | Q(verdict="decline", reason_code__in=REASON_CODES),
            ),
            models.CheckConstraint(
                name="council_decision_asks_somebody_by_a_day_for_evidence",
                condition=Q(evidence_from__isnull=True, evidence_due_on__isnull=True)
                | Q(
                    verdict="ask_for_evidence",
                    evidence_from__isnull=False,
                    evidence_due_on__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="council_decision_deferred_until",
                condition=~Q(verdict="defer") | Q(review_on__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["-decided_at", "-id"], name="council_decision_newest"),
            models.Index(
                fields=["council", "-decided_at", "-id"], name="council_decision_by_council"
            ),
            models.Index(
                fields=["verdict", "-decided_at", "-id"], name="council_decision_by_verdict"
            ),
            models.Index(
                fields=["status", "-decided_at", "-id"], name="council_decision_by_status"
            ),
            models.Index(
                fields=["next_review_on"],
                name="council_decision_review",
                condition=Q(next_review_on__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.request}: {self.get_verdict_display()}"
