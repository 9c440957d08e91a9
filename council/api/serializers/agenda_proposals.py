"""What a meeting could take up, and why."""

from typing import Any

from rest_framework import serializers

from backlog.api.framework import fields
from backlog.api.serializers.references import RequestRef
from council.models import AgendaItem
from council.queries import agenda_reason_texts
from council.rules.agenda_reasons import Code


class ReasonRead(fields.Output):
    """A code with its figure and day, and the same as a sentence."""

    code = serializers.ChoiceField([code.value for code in Code])
    n = serializers.IntegerField()
    since = serializers.DateField(allow_null=True)
    text = serializers.CharField()


class ProposalRead(fields.Output):
    """`key` names it when it is taken on; `passed_over` is how many meetings ended without it."""

    key = serializers.CharField()
    request = RequestRef(allow_null=True)
    title = serializers.CharField()
    kind = serializers.ChoiceField(AgendaItem.Kind.choices)
    minutes = serializers.IntegerField()
    passed_over = serializers.IntegerField()
    is_required = serializers.BooleanField()
    reasons = serializers.SerializerMethodField()

    @staticmethod
    def get_reasons(proposal: Any) -> list[dict[str, Any]]:
        return [
            {
                "code": reason.code.value,
                "n": reason.n,
                "since": reason.since or None,
                "text": agenda_reason_texts.sentence(reason),
            }
            for reason in proposal.reasons
        ]


class ProposedRead(fields.Output):
    """`items` fit beside the `standing` minutes of what is on the agenda; `others` do not, or what
    is there is worth more. `over` are the minutes by which what must be taken up is too long."""

    items = ProposalRead(many=True)
    others = ProposalRead(many=True)
    standing = serializers.IntegerField()
    over = serializers.IntegerField()


class ProposalsTake(fields.Input):
    """The keys of those to take on, of `others` too; without them, all of `items`."""

    keys = fields.Several(child=fields.Text(max_length=40), max_length=200, required=False)
