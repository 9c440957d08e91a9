"""Who sits where."""

from backlog.models import User
from council.models import Council, Seat, SeatTerm


def seat_of(council: Council, user: User) -> Seat | None:
    """The seat a person holds today, as its holder or its alternate."""
    term = term_of(council, user)
    return term.seat if term else None


def term_of(council: Council, user: User) -> SeatTerm | None:
    """Their time in it; nobody has two seats of one council."""
    terms = SeatTerm.objects.current().filter(seat__council=council, user=user)
    return terms.select_related("seat").first()
