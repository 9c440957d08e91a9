"""Status updates: what customers hear of a request beside its outcomes."""

from backlog.api.framework import fields, related_rows
from backlog.api.serializers.announcing import AnnouncementRead
from backlog.api.serializers.references import ColleagueRef, RequestRef
from backlog.models import CustomerRequest, StatusUpdate


class StatusUpdateRead(AnnouncementRead, fields.Read[StatusUpdate]):
    """`words` are what we say to customers; why a council decided so is not among them.

    Those that one ballot decided on several requests point to the first (`recorded_with`), and are
    announced as one.
    """

    request = RequestRef()
    words = fields.TextByLanguage()
    recorded_by = ColleagueRef(allow_null=True)

    class Meta:
        model = StatusUpdate
        fields = [
            "id",
            "request",
            "kind",
            "words",
            "recorded_by",
            "recorded_at",
            "asked_by",
            "asked_at",
            "countersigned_by",
            "countersigned_at",
            "announced_by",
            "announced_at",
            "is_current",
            "recorded_with",
        ]


class StatusUpdateStanding(fields.Input):
    """`before` are the words that wait already, if somebody has said where it stands before."""

    request = related_rows.RelatedRow(CustomerRequest, "key")
    words = fields.TextByLanguage()
    before = fields.TextByLanguage(default=dict)


class StatusUpdateWord(fields.Input):
    """`before` are the words whose place they take."""

    words = fields.TextByLanguage()
    before = fields.TextByLanguage(default=dict)
