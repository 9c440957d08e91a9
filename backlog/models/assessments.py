"""Assessments: what colleagues say of a request, blind."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.departments import Department
from backlog.models.memberships import Membership
from backlog.models.requests import ASSESSED_NO_MORE, CustomerRequest, CustomerRequestQuerySet
from backlog.models.scoring_models import Criterion
from backlog.models.users import User
from backlog.rules import bounds


def awaiting(user: User | AnonymousUser) -> CustomerRequestQuerySet:
    """Requests that the person may assess and has not yet, by every criterion of their model.

    The one rule of blindness: what others said of these is hidden from this person. One value given
    for form's sake would show all the others.
    """
    has_voice = Membership.objects.current().filter(user=user.pk)
    if not user.has_perm("backlog.assess_request") or not has_voice.exists():
        return CustomerRequest.objects.none()
    own = Assessment.objects.filter(
        request=OuterRef(OuterRef("pk")), assessor=user.pk, criterion=OuterRef("pk")
    )
    unanswered = Criterion.objects.filter(~Exists(own), model=OuterRef("product__scoring_model"))
    open_ones = CustomerRequest.objects.exclude(status__in=ASSESSED_NO_MORE)
    return open_ones.filter(Exists(unanswered))


class AssessmentQuerySet(models.QuerySet["Assessment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own; others' as soon as one has given one's own, or has none to give."""
        if not user.has_perm("backlog.view_assessment"):
            return self.none()
        seen = self.filter(request__in=CustomerRequest.objects.visible_to(user))
        return seen.filter(Q(assessor=user.pk) | ~Q(request__in=awaiting(user)))


class Assessment(Searched):
    """One colleague's value for one criterion of one request, given blind, for their department.

    What was changed once the others' values could be read keeps its `blind_value`.
    """

    class Confidence(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.CASCADE,
        related_name="assessments",
        verbose_name=_("request"),
    )
    criterion = models.ForeignKey(
        Criterion,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("criterion"),
    )
    assessor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        db_index=False,  # Lists have one that begins with it.
        related_name="assessments",
        verbose_name=_("assessor"),
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        related_name="assessments",
        verbose_name=_("department"),
    )
    value = fields.DecimalField(_("value"), max_digits=14, decimal_places=4)
    confidence = fields.CharField(
        _("confidence"), max_length=8, choices=Confidence, default=Confidence.MEDIUM
    )
    note = fields.TextField(_("note"), max_length=bounds.REASON, blank=True)
    assessed_at = fields.DateTimeField(_("assessed at"))
    blind_value = fields.DecimalField(
        _("value before reading others'"),
        max_digits=14,
        decimal_places=4,
        null=True,
        blank=True,
        editable=False,
    )
    revised_at = fields.DateTimeField(
        _("changed after reading at"), null=True, blank=True, editable=False
    )

    search_text = SearchField("note")

    objects = AssessmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            models.UniqueConstraint(
                fields=["request", "criterion", "assessor"],
                name="backlog_assessment_one_per_assessor",
            ),
            models.CheckConstraint(
                name="backlog_assessment_confidence_known",
                condition=Q(confidence__in=["low", "medium", "high"]),
            ),
            models.CheckConstraint(
                name="backlog_assessment_revised_keeps_the_blind_value",
                condition=Q(revised_at__isnull=True, blind_value__isnull=True)
                | Q(revised_at__isnull=False, blind_value__isnull=False),
            ),
        ]
        indexes = [
            models.Index(fields=["assessor", "id"], name="backlog_assessment_by_assessor"),
        ]

    def __str__(self) -> str:
        return f"{self.criterion}: {self.value.normalize():f}"
