"""What the tests of status updates share."""

from typing import Any

from backlog.models import (
    CustomerRequest,
    StatusUpdate,
)
from backlog.operations import (
    status_updates,
)
from tests.factories import NOON
from tests.factories import backlog as make


def asked_for(status: str = "declined", *, by: int = 1, **request: Any) -> CustomerRequest:
    """A request that so many customers asked for."""
    row: CustomerRequest = make.RequestFactory.create(status=status, **request)
    for _ in range(by):
        make.EvidenceFactory.create(request=row)
    return row


def spread(
    request: CustomerRequest, kind: StatusUpdate.Kind = StatusUpdate.Kind.DECIDED_NO, **more: Any
) -> StatusUpdate:
    row = status_updates.create_update(
        request=request, kind=kind, **{"by": None, "at": NOON, **more}
    )
    assert row is not None
    return row
