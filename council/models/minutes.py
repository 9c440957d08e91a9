"""Minutes: what a meeting was, as those who were there have approved it."""

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
from council.models.agenda_items import AgendaItem
from council.models.councils import Council
from council.models.meetings import Meeting


class MinutesQuerySet(models.QuerySet["Minutes"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def in_review(self) -> Self:
        return self.filter(status=Minutes.Status.REVIEW)


class Minutes(models.Model):
    """One version of the minutes of a meeting.

    A draft has no content of its own: it is read from the record. What goes to review is a
    snapshot; `revision` counts how often an accepted amendment changed it. Once approved nothing
    changes any more, and what was wrong is corrected by another version that says so.
    """

    class Status(models.TextChoices):
        DRAFT = "draft", _("being written")
        REVIEW = "review", _("under review")
        APPROVED = "approved", _("approved")
        PUBLISHED = "published", _("published")

    class How(models.TextChoices):
        VOTE = "vote", _("by vote of those who were there")
        SILENCE = "silence", _("by silence: nobody objected in time")

    FINAL = (Status.APPROVED, Status.PUBLISHED)

    council = models.ForeignKey(
        Council, on_delete=models.PROTECT, related_name="minutes", verbose_name=_("council")
    )
    meeting = models.ForeignKey(
        Meeting,
        on_delete=models.PROTECT,
        related_name="minutes_versions",
        verbose_name=_("meeting"),
    )
    version = fields.PositiveSmallIntegerField(_("version"), default=1)
    number = fields.PositiveIntegerField(_("number"), null=True, blank=True)
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.DRAFT)
    correction = fields.TextField(
        _("what it corrects"), max_length=bounds.REASON, blank=True, help_text=_("And why.")
    )
    remarks = fields.TextField(
        _("remarks"), max_length=bounds.TEXT, blank=True, help_text=_("On the meeting as a whole.")
    )
    revision = fields.PositiveSmallIntegerField(_("revision"), default=0)
    content = fields.JSONField(
        _("the meeting as it was"), max_size=bounds.RECORD, default=dict, blank=True
    )
    proposed_at = fields.DateTimeField(_("under review since"), null=True, blank=True)
    review_until = fields.DateTimeField(_("approved by silence at"), null=True, blank=True)
    approved_at = fields.DateTimeField(_("approved at"), null=True, blank=True)
    approved_how = fields.CharField(_("approved"), max_length=8, choices=How, blank=True)
    published_at = fields.DateTimeField(_("published at"), null=True, blank=True)
    shared = fields.JSONField(
        _("what customers read"), max_size=bounds.OPTION, default=list, blank=True
    )
    # Of the words' digest in the chain; gone once somebody who is named in them was forgotten.
    salt = fields.CharField(max_length=32, default=new_salt, editable=False, blank=True)

    objects = MinutesQuerySet.as_manager()

    class Meta:
        verbose_name = pgettext_lazy("record", "minutes")
        verbose_name_plural = pgettext_lazy("record", "minutes")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "version"], name="council_minutes_one_per_version"
            ),
            models.UniqueConstraint(
                fields=["meeting"],
                condition=Q(status__in=["draft", "review"]),
                name="council_minutes_one_version_at_work",
            ),
            models.UniqueConstraint(
                fields=["council", "number", "version"], name="council_minutes_numbered_once"
            ),
            models.CheckConstraint(
                name="council_minutes_status_known",
                condition=Q(status__in=["draft", "review", "approved", "published"]),
            ),
            models.CheckConstraint(
                name="council_minutes_reviewed_since",
                condition=Q(status="draft", proposed_at__isnull=True, review_until__isnull=True)
                | (~Q(status="draft") & Q(proposed_at__isnull=False, review_until__isnull=False)),
            ),
            models.CheckConstraint(
                name="council_minutes_approved_whole",
                condition=Q(
                    status__in=["draft", "review"],
                    number__isnull=True,
                    approved_at__isnull=True,
                    approved_how="",
                )
                | Q(
                    status__in=["approved", "published"],
                    number__isnull=False,
                    approved_at__isnull=False,
                    approved_how__in=["vote", "silence"],
                    revision__gte=1,
                ),
            ),
            models.CheckConstraint(
                name="council_minutes_published_iff_so",
                condition=Q(status="published", published_at__isnull=False)
                | (~Q(status="published") & Q(published_at__isnull=True)),
            ),
            models.CheckConstraint(
                name="council_minutes_correction_says_what",
                condition=Q(version=1, correction="") | (Q(version__gt=1) & ~Q(correction="")),
            ),
        ]
        indexes = [
            models.Index(
                fields=["review_until"],
                name="council_minutes_waiting",
                condition=Q(status="review"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.meeting} · {self.version}"

    @property
    def is_final(self) -> bool:
        return self.status in self.FINAL


class MinutesAmendmentQuerySet(models.QuerySet["MinutesAmendment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """All but those to items that the person may not see."""
        seen = AgendaItem.objects.visible_to(user)
        return self.filter(
            Q(agenda_item__isnull=True) | Q(agenda_item__in=seen),
            minutes__in=Minutes.objects.visible_to(user),
        )

    def open(self) -> Self:
        return self.filter(status=MinutesAmendment.Status.OPEN)


class MinutesAmendment(models.Model):
    """What somebody who was there wants the note of an item to say instead, or the remarks."""

    class Status(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        DECLINED = "declined", _("declined")

    minutes = models.ForeignKey(
        Minutes,
        on_delete=models.CASCADE,
        related_name="amendments",
        verbose_name=pgettext_lazy("record", "minutes"),
    )
    agenda_item = models.ForeignKey(
        AgendaItem,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("agenda item"),
    )
    text = fields.TextField(_("what it should say"), max_length=bounds.TEXT)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("proposed by"),
    )
    proposed_at = fields.DateTimeField(_("proposed at"))
    status = fields.CharField(_("status"), max_length=16, choices=Status, default=Status.OPEN)
    answer = fields.TextField(
        pgettext_lazy("amendment", "answer"), max_length=bounds.REASON, blank=True
    )
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("answered by"),
    )
    answered_at = fields.DateTimeField(_("answered at"), null=True, blank=True)

    objects = MinutesAmendmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("amendment")
        verbose_name_plural = _("amendments")
        constraints = [
            models.CheckConstraint(
                name="council_minutesamendment_status_known",
                condition=Q(status__in=["open", "accepted", "declined"]),
            ),
            models.CheckConstraint(
                name="council_minutesamendment_says_something", condition=~Q(text="")
            ),
            models.CheckConstraint(
                name="council_minutesamendment_answered_iff_not_open",
                condition=Q(status="open", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(status="open") & Q(answered_at__isnull=False, answered_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="council_minutesamendment_declined_with_a_reason",
                condition=~Q(status="declined") | ~Q(answer=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes}: {self.get_status_display()}"


class MinutesApprovalQuerySet(models.QuerySet["MinutesApproval"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(minutes__in=Minutes.objects.visible_to(user))


class MinutesApproval(models.Model):
    """Somebody who was there says that a revision of the minutes is right."""

    minutes = models.ForeignKey(
        Minutes,
        on_delete=models.CASCADE,
        related_name="approvals",
        verbose_name=pgettext_lazy("record", "minutes"),
    )
    revision = fields.PositiveSmallIntegerField(_("revision"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("colleague"),
    )
    at = fields.DateTimeField(_("at"))

    objects = MinutesApprovalQuerySet.as_manager()

    class Meta:
        verbose_name = _("approval of minutes")
        verbose_name_plural = _("approvals of minutes")
        constraints = [
            models.UniqueConstraint(
                fields=["minutes", "revision", "user"],
                name="council_minutesapproval_once_each",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.minutes}: {self.user}"
