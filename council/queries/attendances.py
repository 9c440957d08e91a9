"""Who is at a meeting, and whether that is enough to decide."""

from django.db.models import Exists, OuterRef, QuerySet

from council.models import Attendance, Council, Meeting, Seat, SeatTerm
from council.rules import quorum as rules
from council.rules.quorum import Quorum


def entitled_seats(council_id: int) -> "QuerySet[Seat]":
    """The voting seats that have a holder: of these a quorum is a share."""
    holders = SeatTerm.objects.current().filter(seat=OuterRef("pk"), is_alternate=False)
    return Seat.objects.filter(Exists(holders), council=council_id, is_voting=True)


def present_seats(meeting: Meeting) -> "QuerySet[Seat]":
    """Those of them for which the holder or the alternate is there. A proxy makes none present."""
    there = Attendance.objects.there().in_person().filter(meeting=meeting, seat=OuterRef("pk"))
    return entitled_seats(meeting.council_id).filter(Exists(there))


def quorum_of(meeting: Meeting, council: Council | None = None) -> Quorum:
    there = Attendance.objects.there().in_person().filter(meeting=meeting, seat=OuterRef("pk"))
    seats = entitled_seats(meeting.council_id).annotate(is_present=Exists(there))
    present = list(seats.values_list("is_present", flat=True))
    share = (council or meeting.council).quorum
    return rules.quorum(share, present=sum(present), departments=len(present))


def voices_of(meeting: Meeting, user: int) -> "QuerySet[Attendance]":
    """The seats that somebody speaks for now: their own first, then one by proxy."""
    own = Attendance.objects.there().filter(meeting=meeting, user=user, seat__isnull=False)
    # By the alphabet: alternate, holder, proxy.
    return own.select_related("seat__department").order_by("capacity", "pk")
