"""Accounts and customers, with how they may be reached and what they let us do."""

from backlog.api.framework import fields
from backlog.api.serializers.references import SourceRef
from backlog.models import Identity


class IdentityRead(fields.Read[Identity]):
    source = SourceRef()  # type: ignore[assignment]

    class Meta:
        model = Identity
        fields = ["source", "external_id"]
