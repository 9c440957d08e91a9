"""Which accounts a customer belonged to, and when."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.references import AccountRef
from backlog.models import Account, Affiliation, Event


class AffiliationRead(fields.Read[Affiliation]):
    account = AccountRef()

    class Meta:
        model = Affiliation
        fields = ["id", "account", "starts_on", "ends_on"]


class AffiliationStart(fields.Input):
    """The customer moved to the account: today, or on the day that is said.

    With `is_beside` their other affiliations last; the one that began first stays theirs.
    """

    account = related_rows.RelatedRow(Account)
    starts_on = fields.Day(required=False)
    is_beside = fields.Flag(default=False)


class AffiliationEnd(fields.Input):
    affiliation = related_rows.RelatedRow(Affiliation)
    ends_on = fields.Day(required=False)


class AffiliationCorrect(fields.Input):
    """What is not sent was right. With no `account`, they never belonged to it."""

    affiliation = related_rows.RelatedRow(Affiliation)
    account = related_rows.RelatedRow(Account, allow_null=True, required=False)
    starts_on = fields.Day(allow_null=True, required=False)
    ends_on = fields.Day(allow_null=True, required=False)
    reason = fields.of(Event, "reason")
