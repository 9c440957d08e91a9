"""Suggestions that wait to be decided."""

import factory
from factory.django import DjangoModelFactory

from backlog.models import Suggestion
from tests.factories import NOON
from tests.factories.backlog import RequestFactory


class SuggestionFactory(DjangoModelFactory[Suggestion]):
    class Meta:
        model = Suggestion

    kind = "merge_requests"
    request = factory.SubFactory(RequestFactory)
    into_request = factory.SubFactory(RequestFactory)
    pair = factory.LazyAttribute(
        lambda row: ":".join(map(str, sorted([row.request.pk, row.into_request.pk])))
    )
    origin = "agent"
    name = "triage"
    version = "1"
    reason = "Both say the same."
    score = 0.8
    proposed_at = NOON
