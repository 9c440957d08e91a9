"""Customers: the people whose words we keep, their organisations, and how they may be reached."""

import secrets
from datetime import tzinfo
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from backlog.models import fields
from backlog.models.edited import Edited
from backlog.models.fields import Searched, SearchField, ZoneField, clock_of
from backlog.models.people import Language, User
from backlog.models.products import Product
from backlog.rules import bounds, moments


class AccountQuerySet(models.QuerySet["Account"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("backlog.view_account") else self.none()

    def for_listing(self) -> Self:
        return self.order_by("name", "pk")

    def segments(self) -> "models.QuerySet[Account, str]":
        """The segments there are, each once."""
        named = self.exclude(segment="").order_by("segment")
        return named.values_list("segment", flat=True).distinct()


class Account(Edited, Searched):
    """An organisation: a customer, or a partner or supplier who shares a goal with us."""

    class Kind(models.TextChoices):
        CUSTOMER = "customer", _("customer")
        PARTNER = "partner", _("partner")
        SUPPLIER = "supplier", _("supplier")

    class ChurnRisk(models.TextChoices):
        LOW = "low", _("low")
        MEDIUM = "medium", _("medium")
        HIGH = "high", _("high")

    name = fields.CharField(_("name"), max_length=200, db_index=True)
    kind = fields.CharField(_("kind"), max_length=16, choices=Kind, default=Kind.CUSTOMER)
    segment = fields.CharField(_("segment"), max_length=64, blank=True, db_index=True)
    annual_revenue = fields.DecimalField(
        _("annual revenue"), max_digits=15, decimal_places=2, null=True, blank=True
    )
    currency = fields.CharField(_("currency"), max_length=3, default="KRW")
    churn_risk = fields.CharField(_("churn risk"), max_length=8, choices=ChurnRisk, blank=True)

    search_text = SearchField("name", "segment")

    objects = AccountQuerySet.as_manager()

    class Meta:
        verbose_name = _("account")
        verbose_name_plural = _("accounts")
        constraints = [
            models.CheckConstraint(
                name="backlog_account_kind_known",
                condition=Q(kind__in=["customer", "partner", "supplier"]),
            ),
            models.CheckConstraint(
                name="backlog_account_churn_risk_known",
                condition=Q(churn_risk__in=["", "low", "medium", "high"]),
            ),
            models.CheckConstraint(
                name="backlog_account_revenue_not_negative",
                condition=Q(annual_revenue__isnull=True) | Q(annual_revenue__gte=0),
                violation_error_code="negative",
                violation_error_message=_("The annual revenue is zero or more."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


def new_token() -> str:
    """A random name for a person that tells nothing about them and survives their erasure."""
    return secrets.token_hex(8)


class CustomerQuerySet(models.QuerySet["Customer"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self if user.has_perm("backlog.view_customer") else self.none()

    def for_listing(self) -> Self:
        return self.select_related("account").order_by("-created_at", "-pk")


class Customer(Edited, Searched):
    """A person who gave feedback, with at most one account."""

    class Rhythm(models.TextChoices):
        AT_ONCE = moments.AT_ONCE, _("at once")
        DAILY = moments.DAILY, _("once a day")
        WEEKLY = moments.WEEKLY, _("once a week")

    account = models.ForeignKey(
        Account,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="customers",
        verbose_name=_("account"),
    )
    name = fields.CharField(_("name"), max_length=200, blank=True)
    language = fields.CharField(
        _("language"), max_length=8, choices=Language, default=Language.KOREAN
    )
    time_zone = ZoneField(_("time zone"))
    rhythm = fields.CharField(
        _("hears from us"),
        max_length=8,
        choices=Rhythm,
        default=Rhythm.AT_ONCE,
        help_text=_("At nine o'clock where they are; once a week is on Mondays."),
    )
    token = fields.CharField(
        _("token"), max_length=32, unique=True, default=new_token, editable=False
    )
    created_at = fields.DateTimeField(_("known since"))
    merged_into = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
        verbose_name=_("merged into"),
    )
    erased_at = fields.DateTimeField(_("erased at"), null=True, blank=True, editable=False)

    search_text = SearchField("name")

    objects = CustomerQuerySet.as_manager()

    class Meta:
        verbose_name = _("customer")
        verbose_name_plural = _("customers")
        constraints = [
            models.CheckConstraint(
                name="backlog_customer_language_known", condition=Q(language__in=["ko", "en"])
            ),
            models.CheckConstraint(
                name="backlog_customer_rhythm_known",
                condition=Q(rhythm__in=["at_once", "daily", "weekly"]),
            ),
            models.CheckConstraint(
                name="backlog_customer_not_merged_into_itself",
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")),
            ),
            models.CheckConstraint(
                name="backlog_customer_erased_has_no_name",
                condition=Q(erased_at__isnull=True) | Q(name="", search_text=""),
            ),
        ]
        indexes = [
            models.Index(fields=["-created_at", "-id"], name="backlog_customer_newest"),
            models.Index(fields=["name"], name="backlog_customer_by_name"),
        ]

    def __str__(self) -> str:
        """Who it is, for those who may see customers; lists load `contact_points` with them."""
        return self.name or self._address() or f"#{self.token}"

    def _address(self) -> str:
        """Where they are written to, or were."""
        points = self.contact_points.all() if self.pk else ()
        known = sorted(points, key=lambda it: (it.state != it.State.USABLE, it.pk))
        return known[0].address if known else ""

    @property
    def clock(self) -> tzinfo:
        """Of the zone they are in."""
        return clock_of(self.time_zone)


class IdentityQuerySet(models.QuerySet["Identity"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Names at sources the person may see."""
        if not user.has_perm("backlog.view_identity"):
            return self.none()
        seen = Product.objects.visible_to(user)
        return self.filter(Q(source__product__isnull=True) | Q(source__product__in=seen))


class Identity(models.Model):
    """How one source names a customer, so that the same person is found again."""

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="identities",
        verbose_name=_("customer"),
    )
    source = models.ForeignKey(
        "backlog.Source",
        on_delete=models.CASCADE,
        related_name="identities",
        verbose_name=_("source"),
    )
    external_id = fields.CharField(_("name or number there"), max_length=255)

    objects = IdentityQuerySet.as_manager()

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["source", "external_id"], name="backlog_identity_one_customer_per_source_id"
            ),
        ]

    def __str__(self) -> str:
        return self.external_id


class ContactPointQuerySet(models.QuerySet["ContactPoint"]):
    def usable(self) -> Self:
        return self.filter(state=ContactPoint.State.USABLE)

    def unusable(self) -> Self:
        return self.filter(state__in=set(ContactPoint.State) - {ContactPoint.State.USABLE})


class ContactPoint(Searched):
    """One address of a customer; a bad one stays on record so that nobody writes there again."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("e-mail")

    class State(models.TextChoices):
        USABLE = "usable", _("usable")
        UNSUBSCRIBED = "unsubscribed", _("unsubscribed")
        BOUNCED = "bounced", _("bounced")
        COMPLAINED = "complained", _("complained")

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="contact_points",
        verbose_name=_("customer"),
    )
    channel = fields.CharField(_("channel"), max_length=16, choices=Channel, default=Channel.EMAIL)
    address = fields.CharField(_("address"), max_length=254)
    state = fields.CharField(_("state"), max_length=16, choices=State, default=State.USABLE)
    state_changed_at = fields.DateTimeField(_("state since"), null=True, blank=True)
    verified_at = fields.DateTimeField(_("verified at"), null=True, blank=True)

    search_text = SearchField("address")

    objects = ContactPointQuerySet.as_manager()

    class Meta:
        verbose_name = _("contact point")
        verbose_name_plural = _("contact points")
        constraints = [
            models.UniqueConstraint(
                fields=["channel", "address"], name="backlog_contactpoint_one_customer_per_address"
            ),
            models.CheckConstraint(
                name="backlog_contactpoint_channel_known", condition=Q(channel__in=["email"])
            ),
            models.CheckConstraint(
                name="backlog_contactpoint_state_known",
                condition=Q(state__in=["usable", "unsubscribed", "bounced", "complained"]),
            ),
        ]
        indexes = [
            # How many addresses went bad, and how: few among many.
            models.Index(
                fields=["state"],
                name="backlog_contactpoint_unusable",
                condition=Q(state__in=["unsubscribed", "bounced", "complained"]),
            ),
        ]

    def __str__(self) -> str:
        return self.address

    @property
    def domain(self) -> str:
        """Whose server takes what is sent here."""
        return self.address.rpartition("@")[2].lower()


class ConsentQuerySet(models.QuerySet["Consent"]):
    def live(self) -> Self:
        return self.filter(withdrawn_at__isnull=True)


class Consent(models.Model):
    """What a customer lets us do, on what basis, since when; withdrawn, never deleted."""

    class Purpose(models.TextChoices):
        LOOP = "loop", _("hear what became of their own words")
        RESEARCH = "research", _("be asked about needs and plans")

    class Basis(models.TextChoices):
        OWN_REQUEST = "own_request", _("answer to their own request")
        OPT_IN = "opt_in", _("agreed to it")

    customer = models.ForeignKey(
        Customer,
        on_delete=models.CASCADE,
        related_name="consents",
        verbose_name=_("customer"),
    )
    purpose = fields.CharField(_("purpose"), max_length=16, choices=Purpose)
    basis = fields.CharField(_("basis"), max_length=16, choices=Basis)
    given_at = fields.DateTimeField(_("given at"))
    withdrawn_at = fields.DateTimeField(_("withdrawn at"), null=True, blank=True)
    proof = fields.JSONField(_("proof"), max_size=bounds.TEXT, default=dict, blank=True)

    objects = ConsentQuerySet.as_manager()

    class Meta:
        verbose_name = _("consent")
        verbose_name_plural = _("consents")
        constraints = [
            models.UniqueConstraint(
                fields=["customer", "purpose"],
                condition=Q(withdrawn_at__isnull=True, basis="own_request"),
                name="backlog_consent_one_live_own_request_per_purpose",
            ),
            models.CheckConstraint(
                name="backlog_consent_purpose_known", condition=Q(purpose__in=["loop", "research"])
            ),
            models.CheckConstraint(
                name="backlog_consent_basis_known",
                condition=Q(basis__in=["own_request", "opt_in"]),
            ),
            models.CheckConstraint(
                name="backlog_consent_withdrawn_after_given",
                condition=Q(withdrawn_at__isnull=True) | Q(withdrawn_at__gte=F("given_at")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_purpose_display()} ({self.get_basis_display()})"
