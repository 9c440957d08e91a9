"""What a row of the matrix of access says, and the letters for roles.

V viewer, C council member, S secretary, P product manager, A admin, I integration (by token in the
API, at the browser elsewhere); - is a stranger.
"""

from dataclasses import dataclass
from typing import Final

ALL: Final = "VCSPAI"
EVERYBODY: Final = "-VCSPAI"
PERSONAL: Final = "SPAI"
BACKLOG: Final = "PAI"
PLANNING: Final = "PA"
ASSESSORS: Final = "CSPA"
COUNCIL: Final = "CSA"
REVIEWERS: Final = "CSPA"
SECRETARIES: Final = "SA"
ADMIN: Final = "A"


@dataclass(frozen=True)
class Row:
    """`answer` is what those get who may, when they send an empty body; the others are refused.

    With `of_product`, who may gets a 404 instead where the row is one of a closed product. What is
    done `in_person` is refused to the integration as well, whose token is nobody's own. Of those
    who may, `kept_out` get a 409: the operation asks for more than a role, as to chair or a seat.
    """

    route: str
    method: str
    answer: int
    who: str
    scope: str = ""
    of_product: bool = False
    in_person: bool = False
    kept_out: str = ""
