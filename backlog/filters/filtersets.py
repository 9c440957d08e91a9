"""What lists can be narrowed by; pages and the API use the same, and mean the same by it."""

from typing import Any, TypeVar

import django_filters
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _

from backlog.filters.fields import (
    YES_OR_NO,
    AnyOf,
    CustomerId,
    DateTimeFilter,
    FilterSet,
    IdFilter,
    NaturalKeyFilter,
    Search,
    StartOfDayFilter,
)
from backlog.filters.narrowing import Through
from backlog.models import (
    Account,
    Announcement,
    ContactPoint,
    Customer,
    CustomerRequest,
    Event,
    Feedback,
    Identity,
    Language,
    Notice,
    NoticeItem,
    Obligation,
    Occasion,
    Outcome,
    Reading,
    Reply,
    Source,
    Sprint,
    StatusUpdate,
    Suggestion,
    WebhookDelivery,
)
from backlog.rules import addresses, names

M = TypeVar("M", bound=Model)

NOBODY = "nobody"
TRIAGE = (("waiting", _("waiting")), ("snoozed", _("put off")), ("done", _("put away")))


class SourceFilter(FilterSet):
    product = NaturalKeyFilter("product", natural="prefix")
    kind = django_filters.ChoiceFilter(choices=Source.Kind)


class AccountFilter(FilterSet):
    q = Search()
    kind = django_filters.ChoiceFilter(choices=Account.Kind)
    segment = django_filters.CharFilter()
    churn_risk = django_filters.ChoiceFilter(choices=Account.ChurnRisk)


class CustomerFilter(FilterSet):
    q = Search()
    account = IdFilter(field_name="account__pk")
    language = django_filters.ChoiceFilter(choices=Language)
    email = django_filters.CharFilter(method="with_address")
    identity = django_filters.CharFilter(
        method="known_as",
        label=_("A source's key and its number for the person, as in survey:4711"),
    )

    def with_address(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        known = ContactPoint.objects.filter(
            channel=ContactPoint.Channel.EMAIL, address=addresses.normal(value) or ""
        )
        return rows.filter(pk__drawn_from=known.values("customer"))

    def known_as(self, rows: QuerySet[Customer], name: str, value: str) -> QuerySet[Customer]:
        key, _colon, number = value.partition(":")
        seen = Identity.objects.visible_to(self.user)
        same = seen.filter(source__key=key, external_id=addresses.visible(number))
        return rows.filter(pk__in=same.values("customer"))


class SuggestionFilter(FilterSet):
    kind = django_filters.ChoiceFilter(choices=Suggestion.Kind)
    state = django_filters.ChoiceFilter(choices=Suggestion.State)
    origin = django_filters.ChoiceFilter(choices=Suggestion.Origin)
    feedback = IdFilter(field_name="feedback__pk")
    request = NaturalKeyFilter("request", natural="key")
    customer = CustomerId(field_name="customer__pk")


class FeedbackFilter(FilterSet):
    q = Search()
    account = CustomerId(field_name="account__pk")
    source = NaturalKeyFilter("source", natural="key")
    product = NaturalKeyFilter("product", natural="prefix")
    customer = CustomerId(field_name="customer__pk")
    language = django_filters.ChoiceFilter(choices=Language)
    relation = django_filters.ChoiceFilter(choices=Feedback.Relation)
    journey_stage = django_filters.ChoiceFilter(choices=Feedback.JourneyStage)
    received_after = DateTimeFilter(field_name="received_at", lookup_expr="gte")
    received_before = DateTimeFilter(field_name="received_at", lookup_expr="lt")
    linked = django_filters.ChoiceFilter(choices=YES_OR_NO, method="is_linked")
    triage = django_filters.ChoiceFilter(
        choices=TRIAGE, method="stands", label=_("Where unlinked words stand in the inbox")
    )
    done_as = django_filters.ChoiceFilter(choices=Feedback.Done)
    given_to = django_filters.CharFilter(
        method="is_given_to", label=_("A colleague, by id or e-mail address, or nobody")
    )
    low_score = django_filters.ChoiceFilter(
        choices=YES_OR_NO[:1],
        method="scores_low",
        label=_("With a rating in the lower part of its scale"),
    )

    def stands(self, rows: Any, name: str, value: str) -> Any:
        """The database's own clock says what is put off: nobody needs to bring it back."""
        now = Now()
        ways = {"waiting": rows.waiting, "snoozed": rows.snoozed}
        return ways[value](now) if value in ways else rows.done()

    def is_given_to(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        if value == NOBODY:
            return rows.filter(given_to__isnull=True)
        return rows.filter(**names.lookup(value, natural="email", path="given_to"))

    def scores_low(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        low = Reading.objects.low().filter(feedback=OuterRef("pk"))
        return rows.filter(Exists(low))

    def is_linked(self, rows: Any, name: str, value: str) -> Any:
        """Not linked is what could be: a rating alone needs no evidence."""
        return rows.linked() if value == "yes" else rows.unlinked()


class OverrideFilter(FilterSet):
    """Of moves on the board that somebody said why of."""

    product = NaturalKeyFilter("request__product", natural="prefix")
    request = NaturalKeyFilter("request", natural="key")
    actor = NaturalKeyFilter("actor", natural="email")
    after = DateTimeFilter(field_name="at", lookup_expr="gte")
    before = DateTimeFilter(field_name="at", lookup_expr="lt")


class SprintFilter(FilterSet):
    product = NaturalKeyFilter("product", natural="prefix")
    status = django_filters.ChoiceFilter(choices=Sprint.Status)


class CommitmentFilter(FilterSet):
    sprint = IdFilter(field_name="sprint__pk")
    request = NaturalKeyFilter("request", natural="key")
    live = django_filters.ChoiceFilter(choices=YES_OR_NO, method="is_live")

    def is_live(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return rows.filter(withdrawn_at__isnull=value == "yes")


class AnnouncedFilter(FilterSet):
    """What colleagues announce: outcomes and status updates."""

    announced = django_filters.ChoiceFilter(choices=YES_OR_NO, method="is_announced")

    def is_announced(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return rows.filter(announcement__announced_at__isnull=value == "no")


class OutcomeFilter(AnnouncedFilter):
    product = NaturalKeyFilter("commitment__request__product", natural="prefix")
    request = NaturalKeyFilter("commitment__request", natural="key")
    sprint = IdFilter(field_name="commitment__sprint__pk")
    result = django_filters.ChoiceFilter(choices=Outcome.Result)


class StatusUpdateFilter(AnnouncedFilter):
    product = NaturalKeyFilter("request__product", natural="prefix")
    request = NaturalKeyFilter("request", natural="key")
    kind = django_filters.ChoiceFilter(choices=StatusUpdate.Kind)
    current = django_filters.ChoiceFilter(
        choices=YES_OR_NO, method="has_not_been_replaced", label=_("Nothing took its place")
    )

    def has_not_been_replaced(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return rows.filter(is_current=value == "yes")


class MessageTemplateFilter(FilterSet):
    product = NaturalKeyFilter("product", natural="prefix")
    occasion = django_filters.ChoiceFilter(choices=Occasion)
    language = django_filters.ChoiceFilter(choices=Language)


class LoopFilter(FilterSet):
    """Which part of the loop; not how it ended, since a rate over what was told says 100 %."""

    product = NaturalKeyFilter("request__product", natural="prefix")
    request = NaturalKeyFilter("request", natural="key")
    occasion = django_filters.ChoiceFilter(
        choices=Occasion.choices[:-1], method="on", label=_("What they hear of")
    )
    department = IdFilter(
        method="answered_for_by",
        label=_("The department, by its id, that the request's owner is in"),
    )
    sprint = IdFilter(field_name="announcement__outcome__commitment__sprint__pk")
    outcome = IdFilter(field_name="announcement__outcome__pk")
    status_update = IdFilter(field_name="announcement__status_update__pk")
    event = django_filters.CharFilter(
        method="about", label=_("What they must hear of, as in outcome.recorded")
    )
    customer = CustomerId(field_name="customer__pk")
    account = CustomerId(field_name="account__pk")
    segment = django_filters.CharFilter(method="spoken_for", label=_("segment"))
    owed_after = DateTimeFilter(field_name="owed_at", lookup_expr="gte")
    owed_before = DateTimeFilter(field_name="owed_at", lookup_expr="lt")

    def about(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return self.pointing(rows, "event", Event.objects.filter(kind=value))

    def on(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        if value == Occasion.RECEIVED:
            return rows.filter(feedback__isnull=False)
        told = (
            {"status_update__kind": value}
            if value in StatusUpdate.Kind
            else {"outcome__result": value}
        )
        return self.pointing(rows, "announcement", Announcement.objects.filter(**told))

    def answered_for_by(self, rows: QuerySet[M], name: str, value: int) -> QuerySet[M]:
        theirs = CustomerRequest.objects.filter(
            owner__memberships__department=value, owner__memberships__ends_on__isnull=True
        )
        return self.pointing(rows, "request", theirs)

    def spoken_for(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return self.pointing(rows, "account", Account.objects.filter(segment=value))

    def pointing(self, rows: QuerySet[M], key: str, found: QuerySet[Any]) -> QuerySet[M]:
        """Rows that point to one of those found; for figures, which read all rows."""
        return rows.filter(**{f"{key}__in": found})


class ObligationFilter(LoopFilter):
    """Of lists; the loop ledger's, too."""

    status = AnyOf(choices=Obligation.Status)
    reason = AnyOf(choices=Obligation.Reason.choices[1:])

    def pointing(self, rows: QuerySet[M], key: str, found: QuerySet[Any]) -> QuerySet[M]:
        """The first of them are looked for, not all."""
        return rows.filter(Through(key, found))


class LedgerFilter(ObligationFilter):
    """Of the page, whose field gives a day."""

    owed_before = StartOfDayFilter(field_name="owed_at", lookup_expr="lt")  # type: ignore[assignment]


class LedgerFiguresFilter(LoopFilter):
    """Of the figures on the same page."""

    owed_before = StartOfDayFilter(field_name="owed_at", lookup_expr="lt")  # type: ignore[assignment]


class NoticeFilter(FilterSet):
    status = AnyOf(choices=Notice.Status)
    customer = CustomerId(field_name="customer__pk")
    template = django_filters.CharFilter()
    obligation = IdFilter(field_name="items__obligation__pk")
    request = django_filters.CharFilter(method="tells_of_request")
    outcome = IdFilter(method="tells_of_outcome")
    status_update = IdFilter(method="tells_of_status_update")
    failed = django_filters.ChoiceFilter(choices=YES_OR_NO, method="has_failed")
    created_after = DateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = DateTimeFilter(field_name="created_at", lookup_expr="lt")

    def tells_of_request(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return self._telling(rows, **names.lookup(value, natural="key", path="obligation__request"))

    def tells_of_outcome(self, rows: QuerySet[M], name: str, value: int) -> QuerySet[M]:
        return self._telling(rows, obligation__announcement__outcome__pk=value)

    def tells_of_status_update(self, rows: QuerySet[M], name: str, value: int) -> QuerySet[M]:
        return self._telling(rows, obligation__announcement__status_update__pk=value)

    def _telling(self, rows: QuerySet[M], **of: Any) -> QuerySet[M]:
        told = NoticeItem.objects.filter(**of)
        return rows.filter(pk__drawn_from=told.values("notice"))

    def has_failed(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        return rows.exclude(failure="") if value == "yes" else rows.filter(failure="")


class ReplyFilter(FilterSet):
    verdict = django_filters.ChoiceFilter(choices=Reply.Verdict)
    request = NaturalKeyFilter("obligation__request", natural="key")
    outcome = IdFilter(field_name="obligation__announcement__outcome__pk")
    customer = CustomerId(field_name="obligation__customer__pk")


class WebhookDeliveryFilter(FilterSet):
    endpoint = IdFilter(field_name="endpoint__pk")
    status = AnyOf(choices=WebhookDelivery.Status)
    owed_after = DateTimeFilter(field_name="owed_at", lookup_expr="gte")
    owed_before = DateTimeFilter(field_name="owed_at", lookup_expr="lt")


class EventFilter(FilterSet):
    kind = django_filters.CharFilter()
    request = NaturalKeyFilter("request", natural="key")
    subject = django_filters.CharFilter(
        method="happened_to", label=_("A noun and its id, as in outcome:12")
    )
    actor = NaturalKeyFilter("actor", natural="email")
    after = DateTimeFilter(field_name="at", lookup_expr="gte")
    before = DateTimeFilter(field_name="at", lookup_expr="lt")

    def happened_to(self, rows: QuerySet[M], name: str, value: str) -> QuerySet[M]:
        noun, _colon, digits = value.partition(":")
        number = names.number(digits)
        if number is None:
            return rows.none()
        return rows.filter(subject_type=noun, subject_id=number)
