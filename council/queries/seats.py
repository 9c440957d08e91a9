"""Who sits where."""

from backlog.models import User
from council.models import Council, Seat, SeatTerm


def seat_of(council: Council, user: User) -> Seat | None:
    """The seat a person holds today, as its holder or its alternate."""
    terms = SeatTerm.objects.current().filter(seat__council=council, user=user)
    term = terms.select_related("seat").first()
    return term.seat if term else None
