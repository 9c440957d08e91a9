from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError

from backlog.db import plain_rows
from backlog.errors import UnstorableText
from backlog.models import Feedback, Reading
from backlog.rules import bounds
from tests.factories import NOON

ROW: dict[str, Any] = {
    "external_id": "7",
    "dedupe_key": None,
    "verbatim": "느려요",
    "language": "ko",
    "relation": Feedback.Relation.CUSTOMER,
    "journey_stage": "",
    "said_at": NOON,
    "payload": {"row": ["7", "느려요"]},
}


def codes(faults: ValidationError) -> dict[str, list[str | None]]:
    return {name: [each.code for each in of] for name, of in faults.error_dict.items()}


class TestCheck:
    def test_lets_pass_what_an_instance_lets_pass(self) -> None:
        plain_rows.check(Feedback, ROW)
        plain_rows.check(Reading, {"kind": "nps", "value": Decimal(4)})

    @pytest.mark.parametrize(
        "wrong",
        [
            {"external_id": "7" * 256},
            {"language": "fr"},
            {"language": ""},
            {"relation": "friend", "journey_stage": "x"},
            {"said_at": datetime(1, 1, 1, tzinfo=NOON.tzinfo)},
            {"said_at": None},
            {"payload": {"row": "x" * bounds.PAYLOAD}},
        ],
    )
    def test_refuses_what_an_instance_refuses(self, wrong: dict[str, Any]) -> None:
        row = ROW | wrong
        others = {it.name for it in Feedback._meta.fields if it.attname not in row}
        with pytest.raises(ValidationError) as of_instance:
            Feedback(**row).clean_fields(exclude=others)

        with pytest.raises(ValidationError) as of_row:
            plain_rows.check(Feedback, row)

        assert codes(of_row.value) == codes(of_instance.value)

    @pytest.mark.parametrize(
        "wrong", [{"verbatim": "a\0"}, {"payload": {"a": [{"b\0": 1}]}}, {"external_id": "\ud800"}]
    )
    def test_refuses_what_cannot_be_stored(self, wrong: dict[str, Any]) -> None:
        with pytest.raises(UnstorableText):
            plain_rows.check(Feedback, ROW | wrong)
