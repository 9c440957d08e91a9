"""Accounts and customers, with how they may be reached and what they let us do."""

from backlog.api.framework import fields
from backlog.models import ContactPoint


class ContactPointRead(fields.Read[ContactPoint]):
    class Meta:
        model = ContactPoint
        fields = ["id", "channel", "address", "state", "state_changed_at"]


class ContactPointAdd(fields.Input):
    email = fields.Email()
