"""Attendances: who was at a meeting for which seat, from when until when."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.models import User
from council.models.meetings import Meeting
from council.models.seats import Seat


class AttendanceQuerySet(models.QuerySet["Attendance"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(meeting__in=Meeting.objects.visible_to(user))

    def there(self) -> Self:
        """Those who have not left."""
        return self.filter(left_at__isnull=True)

    def in_person(self) -> Self:
        """Who speaks for a seat that is theirs, which alone makes a department present."""
        return self.filter(capacity__in=Attendance.IN_PERSON)


class Attendance(models.Model):
    """Somebody’s time at a meeting, for a seat.

    A seat has one voice at a time. The chair and the secretary may be there without a seat.
    """

    class Capacity(models.TextChoices):
        HOLDER = "holder", _("holds the seat")
        ALTERNATE = "alternate", _("stands in for the holder")
        PROXY = "proxy", _("by proxy")
        OFFICER = "officer", _("chairs or takes the minutes")

    IN_PERSON = (Capacity.HOLDER, Capacity.ALTERNATE)

    meeting = models.ForeignKey(
        Meeting, on_delete=models.CASCADE, related_name="attendances", verbose_name=_("meeting")
    )
    seat = models.ForeignKey(
        Seat,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="attendances",
        verbose_name=_("seat"),
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="+",
        verbose_name=_("colleague"),
    )
    capacity = fields.CharField(_("speaks as"), max_length=16, choices=Capacity)
    came_at = fields.DateTimeField(_("came at"))
    left_at = fields.DateTimeField(_("left at"), null=True, blank=True)

    objects = AttendanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("attendance")
        verbose_name_plural = _("attendances")
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"],
                condition=Q(left_at__isnull=True, seat__isnull=False),
                name="council_attendance_one_voice_for_a_seat",
            ),
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(left_at__isnull=True) & ~Q(capacity="proxy"),
                name="council_attendance_nobody_is_there_twice",
            ),
            models.UniqueConstraint(
                fields=["meeting", "user"],
                condition=Q(left_at__isnull=True, capacity="proxy"),
                name="council_attendance_one_proxy_each",
            ),
            models.CheckConstraint(
                name="council_attendance_capacity_known",
                condition=Q(capacity__in=["holder", "alternate", "proxy", "officer"]),
            ),
            models.CheckConstraint(
                name="council_attendance_for_a_seat_or_an_office",
                condition=Q(capacity="officer", seat__isnull=True)
                | (~Q(capacity="officer") & Q(seat__isnull=False)),
            ),
            models.CheckConstraint(
                name="council_attendance_leaves_after_coming",
                condition=Q(left_at__isnull=True) | Q(left_at__gte=F("came_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.seat or self.get_capacity_display()}"
