"""The council's columns that can hold a customer's personal data; see `backlog.rules.personal`."""

from typing import Final

from backlog.rules.personal import ASKERS, Declared

_ASKED: Final = f"request__{ASKERS}"
COLUMNS: Final = Declared(
    erased={},
    redacted={
        "council.Meeting": ("title", "place"),
        "council.Series": ("title", "place", "sections"),
        "council.AgendaItem": ("title", "section", "papers", "note"),
        "council.Decision": (
            *("rationale", "options", "conditions"),
            *("dissent", "expected_effect", "what_changed"),
        ),
        "council.Prediction": ("measure",),
        "council.Review": ("words",),
        "council.Ballot": (
            *("proposal", "options", "conditions"),
            *("expected_effect", "predictions"),
        ),
        "council.Stance": ("reason",),
        "council.Recusal": ("reason",),
        "council.ActionItem": (
            *("title", "success_measure", "evidence"),
            *("evidence_link", "blocked_by", "partner", "asked_why"),
        ),
        "council.Minutes": ("correction", "remarks", "content"),
        "council.MinutesAmendment": ("text", "answer"),
        "council.Letter": ("failure",),
    },
    none={
        "council.AgendaItem": ("reasons",),
        "council.Council": ("name",),
        "council.Decision": ("frozen", "salt"),
        "council.Ballot": ("rule", "electorate", "salt"),
        "council.Prediction": ("salt",),
        "council.Stance": ("salt",),
        "council.Recusal": ("salt",),
        "council.LedgerSeal": ("entries", "digest", "previous"),
        "council.Letter": ("dedupe_key", "anchor_digest"),
        "council.Minutes": ("salt", "shared"),
        "council.Seal": ("subject_type", "content", "digest", "previous"),
        "council.Seat": ("title",),
        "council.Series": ("rule", "starts_at", "time_zone", "country"),
        "council.CalendarFeed": ("digest",),
    },
    linked={
        "council.Meeting": (),
        "council.Series": (),
        "council.AgendaItem": (_ASKED,),
        "council.Decision": (_ASKED,),
        "council.Prediction": (f"decision__{_ASKED}",),
        "council.Review": (f"decision__{_ASKED}",),
        "council.Ballot": (f"agenda_item__{_ASKED}", f"further_items__{_ASKED}"),
        "council.Stance": (
            f"ballot__agenda_item__{_ASKED}",
            f"ballot__further_items__{_ASKED}",
        ),
        "council.Recusal": (f"agenda_item__{_ASKED}",),
        "council.ActionItem": (_ASKED,),
        "council.Minutes": (f"meeting__agenda_items__{_ASKED}",),
        "council.MinutesAmendment": (f"agenda_item__{_ASKED}",),
        "council.Letter": (),
    },
    beside={
        "council.Minutes": ("salt",),
        "council.Decision": ("salt",),
        "council.Ballot": ("salt",),
        "council.Prediction": ("salt",),
        "council.Stance": ("salt",),
        "council.Recusal": ("salt",),
    },
)
