"""The ledger: one row for each thing that a person or the clock did."""

from typing import Any, Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from backlog.models.feedback import Feedback, Source
from backlog.models.people import User
from backlog.models.products import Product
from backlog.models.requests import CustomerRequest
from backlog.models.sprints import Sprint
from backlog.rules import sentences


def _about_others(seen: models.QuerySet[Product]) -> Q:
    """Events that name no request, and yet something of a product that is not among those seen."""
    hidden: dict[str, models.QuerySet[Any]] = {
        "product": Product.objects.exclude(pk__in=seen),
        "source": Source.objects.filter(~Q(product__in=seen), product__isnull=False),
        "feedback": Feedback.objects.filter(~Q(product__in=seen), product__isnull=False),
        "sprint": Sprint.objects.exclude(product__in=seen),
    }
    beside = {
        # Receipts are of words and of no request.
        "obligation": hidden["feedback"].filter(obligations=OuterRef("subject_id")),
        "messagetemplate": hidden["product"].filter(message_templates=OuterRef("subject_id")),
    }
    about = Q()
    for noun, owners in beside.items():
        about |= Q(Exists(owners), subject_type=noun)
    for noun, rows in hidden.items():
        about |= Q(Exists(rows.filter(pk=OuterRef("subject_id"))), subject_type=noun)
    return about


class EventQuerySet(models.QuerySet["Event"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Events of products the person may see, and those that concern no product."""
        if not user.has_perm("backlog.view_event"):
            return self.none()
        seen = Product.objects.visible_to(user)
        return self.filter(
            Q(request__product__in=seen) | (Q(request__isnull=True) & ~_about_others(seen))
        )

    def for_listing(self) -> Self:
        return self.select_related("actor", "request").order_by("-pk")


class Event(models.Model):
    """What happened, to what, when, by whom. Append-only; ids and codes, never a customer's words.

    `subject_type` is a model's name in lower case, `subject_id` its row. `actor` is null when the
    clock acted.
    """

    kind = models.CharField(_("kind"), max_length=48)
    request = models.ForeignKey(
        CustomerRequest,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("request"),
    )
    subject_type = models.CharField(_("subject"), max_length=32)
    subject_id = models.PositiveBigIntegerField(_("number of the subject"))
    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="events",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("at"))
    reason = models.TextField(_("reason"), blank=True)
    data = models.JSONField(_("details"), default=dict, blank=True)

    objects = EventQuerySet.as_manager()

    class Meta:
        verbose_name = _("event")
        verbose_name_plural = _("events")
        indexes = [
            models.Index(fields=["request", "at", "id"], name="backlog_event_line"),
            models.Index(fields=["subject_type", "subject_id"], name="backlog_event_subject"),
        ]

    def __str__(self) -> str:
        return str(sentences.of(self.kind))
