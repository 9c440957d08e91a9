"""Who sits where."""

from django.db.models import Exists, OuterRef, Prefetch, Q, QuerySet

from backlog.models import User
from council.models import Council, Seat, SeatTerm


def seat_of(council: Council, user: User) -> Seat | None:
    """The seat a person holds today, as its holder or its alternate."""
    term = term_of(council, user)
    return term.seat if term else None


def has_place(council: Council, user: User) -> bool:
    """Whether they sit there, chair it or take its minutes."""
    return user.pk in (council.chair_id, council.secretary_id) or seat_of(council, user) is not None


def term_of(council: Council, user: User) -> SeatTerm | None:
    """Their time in it; nobody has two seats of one council."""
    terms = SeatTerm.objects.current().filter(seat__council=council, user=user)
    return terms.select_related("seat").first()


def seats_of(council: Council) -> QuerySet[Seat]:
    """Its seats, those that vote first, each with who holds it today: holder before alternate."""
    terms = SeatTerm.objects.current().select_related("user").order_by("is_alternate", "pk")
    seats = council.seats.select_related("department").prefetch_related(
        Prefetch("terms", terms, to_attr="today")
    )
    return seats.order_by("-is_voting", "department__name", "title", "pk")


def people_of(council: Council) -> QuerySet[User]:
    """Who sits there today, its chair and its secretary."""
    sits = SeatTerm.objects.current().filter(seat__council=council, user=OuterRef("pk"))
    keeps = Q(pk__in=(council.chair_id, council.secretary_id))
    return User.objects.filter(Q(Exists(sits)) | keeps).order_by("name", "pk")
