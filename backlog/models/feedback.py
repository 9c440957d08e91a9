"""Feedback: what customers said, kept as they said it."""

import secrets
from datetime import datetime
from typing import Self

from django.conf import settings
from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backlog.db import fields
from backlog.db.fields import Searched, SearchField
from backlog.models.accounts import Account
from backlog.models.customers import Customer
from backlog.models.import_runs import ImportRun
from backlog.models.products import Product
from backlog.models.sources import Source
from backlog.models.users import Language, User
from backlog.rules import bounds


def new_salt() -> str:
    """Makes the digest of a person's words useless for guessing them once it is gone."""
    return secrets.token_hex(16)


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Words of products the person may see, and words not yet about any product.

        What came through a source of a closed product is as closed as the source.
        """
        if not user.has_perm("backlog.view_feedback"):
            return self.none()
        return self.exclude(self.hidden(Product.objects.visible_to(user)))

    @staticmethod
    def hidden(seen: models.QuerySet[Product], *, path: str = "") -> Q:
        """What belongs to a product that is not among those seen; `path` leads to the words."""
        closed = Product.objects.exclude(pk__in=seen)
        sources = Source.objects.filter(product__in=closed)
        return Q(**{f"{path}product__in": closed}) | Q(**{f"{path}source__in": sources})

    def for_listing(self) -> Self:
        return self.select_related("source", "customer", "account", "product").order_by(
            "-received_at", "-pk"
        )

    def with_words(self) -> Self:
        """What can speak for a request; a rating alone cannot, it counts in figures."""
        return self.exclude(verbatim="")

    def unlinked(self) -> Self:
        """Words that no live evidence takes up yet."""
        return self.with_words().filter(is_linked=False)

    def waiting(self, at: datetime | Now) -> Self:
        """What the inbox shows: unlinked words that nobody put away, or put off beyond `at`."""
        return self._undone().filter(Q(snoozed_until__isnull=True) | Q(snoozed_until__lte=at))

    def snoozed(self, at: datetime | Now) -> Self:
        """Words that come back into the inbox by themselves, later than `at`."""
        return self._undone().filter(snoozed_until__isnull=False, snoozed_until__gt=at)

    def done(self) -> Self:
        """Words that were put away without a request."""
        return self.exclude(done_as="")

    def _undone(self) -> Self:
        return self.unlinked().filter(done_as="")

    def linked(self) -> Self:
        """Words that speak for some request."""
        return self.filter(is_linked=True)


class Feedback(Searched):
    """One customer's words at one time, or their rating, or both. Never edited.

    Erasure alone may empty it; until then, one without words has a reading.
    """

    class JourneyStage(models.TextChoices):
        DISCOVER = "discover", _("discover")
        BUY = "buy", _("buy")
        USE = "use", _("use")
        AFTER_CARE = "after_care", _("after-care")

    class Relation(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        FORMER = "former", _("former customer")
        NON_CUSTOMER = "non_customer", _("not a customer")
        OTHER_USE = "other_use", _("uses it for something else")

    class Done(models.TextChoices):
        """Why words need no request."""

        PRAISE = "praise", _("praise")
        SPAM = "spam", _("spam")
        QUESTION = "question", _("a question")
        NOT_OURS = "not_ours", _("not ours")

    source = models.ForeignKey(
        Source,
        on_delete=models.PROTECT,
        db_index=False,
        related_name="feedback",
        verbose_name=_("source"),
    )
    product = models.ForeignKey(
        Product,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # Lists have one that begins with it.
        related_name="feedback",
        verbose_name=_("product"),
    )
    customer = models.ForeignKey(
        Customer,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="feedback",
        verbose_name=_("customer"),
    )
    account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # The lists of an account's words have one that begins with it.
        related_name="feedback",
        verbose_name=_("account"),
        help_text=_("The account that they spoke for when they said it."),
    )
    filed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="filed_feedback",
        verbose_name=_("filed by"),
        help_text=_("The colleague who passed the words on; not the customer."),
    )
    external_id = fields.CharField(_("number at the source"), max_length=255, blank=True)
    dedupe_key = fields.CharField(max_length=64, null=True, editable=False)
    verbatim = fields.TextField(_("words"), max_length=bounds.VERBATIM, blank=True)
    language = fields.CharField(_("language"), max_length=8, choices=Language)
    relation = fields.CharField(
        _("relation"), max_length=16, choices=Relation, default=Relation.CUSTOMER
    )
    journey_stage = fields.CharField(
        _("journey stage"), max_length=16, choices=JourneyStage, blank=True
    )
    said_at = fields.DateTimeField(_("said at"), is_past=True)
    received_at = fields.DateTimeField(_("received at"))
    raw = fields.BinaryField(_("as it came in"), max_length=bounds.RAW, default=b"")
    content_type = fields.CharField(_("content type"), max_length=100, blank=True)
    payload = fields.JSONField(
        _("as it was read"), max_size=bounds.PAYLOAD, default=dict, blank=True
    )
    salt = fields.CharField(max_length=32, default=new_salt, editable=False, blank=True)
    import_run = models.ForeignKey(
        ImportRun,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="feedback",
        verbose_name=_("import"),
    )
    erased_at = fields.DateTimeField(_("erased at"), null=True, blank=True, editable=False)
    # Whether any live evidence takes it up; kept by who links and unlinks.
    is_linked = models.BooleanField(default=False, db_default=False, editable=False)
    # Of the inbox; the words stay as they are.
    done_as = fields.CharField(
        _("put away as"),
        max_length=16,
        choices=Done,
        blank=True,
        default="",
        db_default="",  # Rows are put in by statements of our own as well.
        editable=False,
    )
    snoozed_until = fields.DateTimeField(_("snoozed until"), null=True, blank=True, editable=False)
    given_to = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        db_index=False,  # The inbox of a colleague has one that begins with it.
        editable=False,
        related_name="given_feedback",
        verbose_name=_("given to"),
    )

    search_text = SearchField("verbatim")

    objects = FeedbackQuerySet.as_manager()

    class Meta:
        verbose_name = _("feedback")
        verbose_name_plural = _("feedback")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "dedupe_key"],
                condition=Q(dedupe_key__isnull=False),
                name="backlog_feedback_one_per_source_key",
            ),
            models.CheckConstraint(
                name="backlog_feedback_has_no_words_once_erased",
                condition=(Q(erased_at__isnull=True) & ~Q(salt=""))
                | Q(erased_at__isnull=False, verbatim="", search_text="", salt=""),
            ),
            models.CheckConstraint(
                name="backlog_feedback_language_known", condition=Q(language__in=["ko", "en"])
            ),
            models.CheckConstraint(
                name="backlog_feedback_relation_known",
                condition=Q(relation__in=["customer", "former", "non_customer", "other_use"]),
            ),
            models.CheckConstraint(
                name="backlog_feedback_journey_stage_known",
                condition=Q(journey_stage__in=["", "discover", "buy", "use", "after_care"]),
            ),
            models.CheckConstraint(
                name="backlog_feedback_done_as_known",
                condition=Q(done_as__in=["", "praise", "spam", "question", "not_ours"]),
            ),
            models.CheckConstraint(
                name="backlog_feedback_done_neither_speaks_nor_waits",
                condition=Q(done_as="") | Q(is_linked=False, snoozed_until__isnull=True),
            ),
        ]
        indexes = [
            # The inbox and every list page through the newest first.
            models.Index(fields=["-received_at", "-id"], name="backlog_feedback_newest"),
            models.Index(
                fields=["product", "-received_at", "-id"], name="backlog_feedback_by_product"
            ),
            models.Index(
                fields=["account", "-received_at", "-id"],
                name="backlog_feedback_by_account",
                condition=Q(account__isnull=False),
            ),
            models.Index(
                fields=["source", "-received_at", "-id"], name="backlog_feedback_by_source"
            ),
            models.Index(
                fields=["language", "-received_at", "-id"], name="backlog_feedback_by_language"
            ),
            # What most words are needs no index: wherever one looks, there are some.
            models.Index(
                fields=["relation", "-received_at", "-id"],
                name="backlog_feedback_by_relation",
                condition=~Q(relation="customer"),
            ),
            models.Index(
                fields=["journey_stage", "-received_at", "-id"],
                name="backlog_feedback_by_stage",
                condition=~Q(journey_stage=""),
            ),
            models.Index(
                fields=["-received_at", "-id"],
                name="backlog_feedback_linked",
                condition=Q(is_linked=True),
            ),
            models.Index(
                fields=["-received_at", "-id"],
                name="backlog_feedback_unlinked",
                condition=Q(is_linked=False) & ~Q(verbatim=""),
            ),
            # The inbox is what is left of all that ever came.
            models.Index(
                fields=["-received_at", "-id"],
                name="backlog_feedback_waiting",
                condition=Q(is_linked=False, done_as="") & ~Q(verbatim=""),
            ),
            models.Index(
                fields=["-received_at", "-id"],
                name="backlog_feedback_snoozed",
                condition=Q(snoozed_until__isnull=False),
            ),
            models.Index(
                fields=["-received_at", "-id"],
                name="backlog_feedback_done",
                condition=~Q(done_as=""),
            ),
            models.Index(
                fields=["given_to", "-received_at", "-id"],
                name="backlog_feedback_given",
                condition=Q(given_to__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return self.said[:80] if self.erased_at is None else str(_("(erased)"))

    @property
    def said(self) -> str:
        """The words; where there are none, the ratings. Lists load `readings` with it."""
        return self.verbatim or ", ".join(map(str, self.readings.all()))


class ReadingQuerySet(models.QuerySet["Reading"]):
    def low(self) -> Self:
        """Those of people who are not content: detractors, and the lower part of other scales."""
        return self.filter(
            Q(kind="nps", value__lte=6)
            | Q(kind="csat", value__lte=2)
            | Q(kind="ces", value__lte=3)
            | Q(kind="stars", value__lte=2)
        )


class Reading(models.Model):
    """A number the customer gave, with words or without: NPS, CSAT, CES, stars."""

    class Kind(models.TextChoices):
        NPS = "nps", "NPS"
        CSAT = "csat", "CSAT"
        CES = "ces", "CES"
        STARS = "stars", _("stars")

    feedback = models.ForeignKey(
        Feedback, on_delete=models.CASCADE, related_name="readings", verbose_name=_("feedback")
    )
    kind = fields.CharField(_("kind"), max_length=8, choices=Kind)
    value = fields.DecimalField(_("value"), max_digits=6, decimal_places=2)

    objects = ReadingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            models.UniqueConstraint(
                fields=["feedback", "kind"], name="backlog_reading_one_of_a_kind"
            ),
            models.CheckConstraint(
                name="backlog_reading_on_its_scale",
                condition=Q(kind="nps", value__gte=0, value__lte=10)
                | Q(kind="csat", value__gte=1, value__lte=5)
                | Q(kind="ces", value__gte=1, value__lte=7)
                | Q(kind="stars", value__gte=0, value__lte=10),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.value.normalize():f}"
