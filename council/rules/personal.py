"""The council's columns that can hold a customer's personal data; see `backlog.rules.personal`."""

from typing import Final

from backlog.rules.personal import Declared

COLUMNS: Final = Declared(
    erased={},
    redacted={
        "council.Meeting": ("title", "place"),
        "council.AgendaItem": ("title",),
        "council.Decision": ("rationale", "options", "dissent", "expected_effect"),
        "council.Prediction": ("measure",),
        "council.ActionItem": ("title", "success_measure", "evidence"),
    },
    none={
        "council.Council": ("name",),
        "council.Decision": ("frozen", "salt"),
        "council.Seal": ("subject_type", "content", "digest", "previous"),
        "council.Seat": ("title",),
    },
    beside={"council.Decision": ("salt",)},
)
