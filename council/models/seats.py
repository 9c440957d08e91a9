"""Seats, and the terms of those who hold them."""

from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models import Department, User
from council.models.councils import Council


class SeatQuerySet(models.QuerySet["Seat"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("council.view_seat") else self.none()


class Seat(Searched):
    """A place at the council. A department has one voting seat; other seats advise."""

    council = models.ForeignKey(
        Council, on_delete=models.CASCADE, related_name="seats", verbose_name=_("council")
    )
    department = models.ForeignKey(
        Department,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="seats",
        verbose_name=_("department"),
    )
    title = fields.CharField(
        _("seat title"), max_length=100, blank=True, help_text=_("For a seat without department.")
    )
    is_voting = models.BooleanField(_("votes"), default=True)

    search_text = SearchField("title")

    objects = SeatQuerySet.as_manager()

    class Meta:
        verbose_name = _("seat")
        verbose_name_plural = _("seats")
        constraints = [
            models.UniqueConstraint(
                fields=["council", "department"],
                condition=Q(is_voting=True),
                name="council_seat_one_vote_per_department",
            ),
            models.CheckConstraint(
                name="council_seat_votes_for_a_department",
                condition=Q(is_voting=False) | Q(department__isnull=False),
            ),
            models.CheckConstraint(
                name="council_seat_has_a_name",
                condition=Q(department__isnull=False) | ~Q(title=""),
            ),
        ]

    def __str__(self) -> str:
        return self.title or str(self.department)


class SeatTermQuerySet(models.QuerySet["SeatTerm"]):
    def current(self) -> Self:
        return self.filter(ends_on__isnull=True)


class SeatTerm(models.Model):
    """A colleague's time in a seat, as its holder or as the holder's alternate."""

    seat = models.ForeignKey(
        Seat, on_delete=models.CASCADE, related_name="terms", verbose_name=_("seat")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        related_name="seat_terms",
        verbose_name=_("colleague"),
    )
    is_alternate = models.BooleanField(_("is the alternate"), default=False)
    starts_on = fields.DateField(_("from"))
    ends_on = fields.DateField(_("until"), null=True, blank=True)

    objects = SeatTermQuerySet.as_manager()

    class Meta:
        verbose_name = _("term")
        verbose_name_plural = _("terms")
        constraints = [
            models.UniqueConstraint(
                fields=["seat", "is_alternate"],
                condition=Q(ends_on__isnull=True),
                name="council_seatterm_one_holder_and_one_alternate",
            ),
            models.CheckConstraint(
                name="council_seatterm_ends_after_start",
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.user} · {self.seat}"
