"""Who may change what stands of decisions; `matrix` has all others."""

from typing import Final

COUNCIL: Final = "CSA"
ADMIN: Final = "A"

API: Final = (
    ("decision-amend", "POST", 422, COUNCIL, "council:write"),
    ("decision-supersede", "POST", 422, COUNCIL, "council:write"),
    ("decision-retire", "POST", 422, COUNCIL, "council:write"),
    ("decision-correct", "POST", 422, ADMIN, "council:write"),
)
PAGES: Final = (
    ("council:amend-decision", "POST", 422, COUNCIL),
    ("council:supersede-decision", "POST", 422, COUNCIL),
    ("council:retire-decision", "POST", 422, COUNCIL),
    ("council:correct-decision", "POST", 422, ADMIN),
)
