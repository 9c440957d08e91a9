"""The council's columns that can hold a customer's personal data; see `backlog.rules.personal`."""

from typing import Final

from backlog.rules.personal import ASKERS, Declared

_ASKED: Final = f"request__{ASKERS}"
COLUMNS: Final = Declared(
    erased={},
    redacted={
        "council.Meeting": ("title", "place"),
        "council.AgendaItem": ("title", "section", "papers"),
        "council.Decision": (
            *("rationale", "options", "conditions"),
            *("dissent", "expected_effect"),
        ),
        "council.Prediction": ("measure",),
        "council.Review": ("words",),
        "council.Ballot": (
            *("proposal", "options", "conditions"),
            *("expected_effect", "predictions"),
        ),
        "council.Stance": ("reason",),
        "council.ActionItem": ("title", "success_measure", "evidence"),
    },
    none={
        "council.AgendaItem": ("reasons",),
        "council.Council": ("name",),
        "council.Decision": ("frozen", "salt"),
        "council.Ballot": ("rule", "electorate", "salt"),
        "council.Prediction": ("salt",),
        "council.Stance": ("salt",),
        "council.Seal": ("subject_type", "content", "digest", "previous"),
        "council.Seat": ("title",),
    },
    linked={
        "council.Meeting": (),
        "council.AgendaItem": (_ASKED,),
        "council.Decision": (_ASKED,),
        "council.Prediction": (f"decision__{_ASKED}",),
        "council.Review": (f"decision__{_ASKED}",),
        "council.Ballot": (f"agenda_item__{_ASKED}",),
        "council.Stance": (f"ballot__agenda_item__{_ASKED}",),
        "council.ActionItem": (_ASKED,),
    },
    beside={
        "council.Decision": ("salt",),
        "council.Ballot": ("salt",),
        "council.Prediction": ("salt",),
        "council.Stance": ("salt",),
    },
)
