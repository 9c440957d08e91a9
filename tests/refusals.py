"""Refusals that the API answers are those that its description names."""

from typing import Any

import pytest
from rest_framework.response import Response

from backlog import errors
from backlog.api.framework import base, failures


@pytest.fixture(autouse=True)
def every_refusal_is_described(monkeypatch: pytest.MonkeyPatch) -> None:
    """A test that meets another one fails: the view's table of access keeps quiet about it."""
    answer = base.Resource.handle_exception

    def watched(view: base.Resource[Any], exc: Exception) -> Response:
        # What is invalid is a 422, a version that is out of date a 412, who may not do it a 403:
        # each action describes those, and none of them is a rule's no.
        elsewhere = errors.Invalid | errors.VersionConflict | errors.PersonRequired
        if isinstance(exc, errors.Refusal) and not isinstance(exc, elsewhere):
            told = view.access[view.action].refusals + failures.IDEMPOTENCY
            assert type(exc) in told, (view, view.action, exc)
        return answer(view, exc)

    monkeypatch.setattr(base.Resource, "handle_exception", watched)
