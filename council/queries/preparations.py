"""Who has read what a meeting will take up, and what is asked of one before it."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Prefetch, QuerySet

from backlog.models import CustomerRequest, DepartmentScore, Evidence, Product, User
from backlog.models.assessments import awaiting
from backlog.queries import memberships
from council.models import AgendaItem, Ballot, Meeting, Preparation, Recusal, Seat, SeatTerm, Stance
from council.models.agenda_items import AgendaItemQuerySet
from council.queries import attendances, seats

WORDS = 12
"""Among so many of the most important words of a request the best are looked for."""


def to_read_of(meeting: Meeting) -> AgendaItemQuerySet:
    """What has its place on the agenda and is not dealt with."""
    waiting = (*AgendaItem.NOT_REACHED, AgendaItem.Status.ACTIONED)
    items = meeting.agenda_items.filter(status__in=waiting)
    return items.exclude(status=AgendaItem.Status.PROPOSED).order_by("position", "pk")


def unread_by(meeting: Meeting, people: Collection[User]) -> dict[int, int]:
    """How many items each has yet to read; of those that they may see."""
    rows = to_read_of(meeting).values_list("pk", "request__product", "request__product__is_open")
    items = list(rows)
    read = set(
        Preparation.objects.filter(
            agenda_item__in=[pk for pk, *_ in items], user__in=people
        ).values_list("user", "agenda_item")
    )
    closed = {product for _pk, product, is_open in items if product and not is_open}
    found = {}
    for person in people:
        hidden = closed - _seen(closed, person)
        found[person.pk] = sum(
            product not in hidden and (person.pk, pk) not in read for pk, product, _ in items
        )
    return found


def _seen(closed: set[int], person: User) -> set[int]:
    if not closed:
        return set()
    seen = Product.objects.visible_to(person).filter(pk__in=closed)
    return set(seen.values_list("pk", flat=True))


@dataclass(frozen=True, slots=True)
class Readiness:
    """A department before a meeting: its voting seat, who sits there, and whether one has read."""

    seat: Seat
    people: list[User]
    has_read: bool

    @property
    def holder(self) -> User:
        return self.people[0]


@dataclass(frozen=True, slots=True)
class Readers:
    """The departments of a council before a meeting: “5 of 6 have read”."""

    departments: list[Readiness]
    items: int

    @property
    def all(self) -> int:
        return len(self.departments)

    @property
    def ready(self) -> int:
        return sum(each.has_read for each in self.departments)

    @property
    def waiting(self) -> list[Readiness]:
        """Those that have not; nobody, where there is nothing to read."""
        return [each for each in self.departments if not each.has_read] if self.items else []


def readers_of(meeting: Meeting) -> Readers:
    """Of a department it is enough that one of its people has read everything."""
    current = SeatTerm.objects.current().select_related("user").order_by("is_alternate", "pk")
    voting = attendances.entitled_seats(meeting.council_id).select_related("department")
    found = voting.prefetch_related(Prefetch("terms", current, to_attr="sitting"))
    sitting = {
        seat: [term.user for term in getattr(seat, "sitting")]  # noqa: B009 -- made by the query
        for seat in found.order_by("department__name", "pk")
    }
    unread = unread_by(meeting, [person for people in sitting.values() for person in people])
    items = to_read_of(meeting).count()
    return Readers(
        [
            Readiness(seat, people, items > 0 and any(unread[it.pk] == 0 for it in people))
            for seat, people in sitting.items()
        ],
        items,
    )


@dataclass(frozen=True, slots=True)
class Item:
    """What will be taken up, with all that one should know, and what is asked of the reader."""

    item: AgendaItem
    row: CustomerRequest | None
    is_read: bool
    words: list[Evidence]
    said: list[DepartmentScore]
    asks_assessment: bool
    asks_answer: Ballot | None

    @property
    def is_done(self) -> bool:
        return self.is_read and not self.asks_assessment and self.asks_answer is None


def items_for(meeting: Meeting, user: User) -> list[Item]:
    """What a person reads before the meeting, by a number of queries that no agenda changes."""
    about = to_read_of(meeting).visible_to(user).select_related("presenter")
    items = list(about)
    wanted = [it.request_id for it in items if it.request_id]
    asked = CustomerRequest.objects.visible_to(user).with_askers().select_related("product")
    rows = {row.pk: row for row in asked.filter(pk__in=wanted)}
    read = set(
        Preparation.objects.filter(agenda_item__in=items, user=user).values_list(
            "agenda_item", flat=True
        )
    )
    words = _words_of(rows, user)
    said = _said_of(rows, user)
    to_assess = set(awaiting(user).filter(pk__in=rows).values_list("pk", flat=True))
    to_answer = {ballot.agenda_item_id: ballot for ballot in asked_of(user, meeting=meeting)}
    return [
        Item(
            item=each,
            row=rows.get(each.request_id or 0),
            is_read=each.pk in read,
            words=words.get(each.request_id or 0, []),
            said=said.get(each.request_id or 0, []),
            asks_assessment=each.request_id in to_assess,
            asks_answer=to_answer.get(each.pk),
        )
        for each in items
    ]


def _words_of(rows: Iterable[int], user: User) -> dict[int, list[Evidence]]:
    """The most important words of each request; of many, as few as are looked at."""
    evidence = (
        Evidence.objects.visible_to(user)
        .live()
        .select_related("feedback__source", "feedback__customer", "feedback__account", "request")
        .prefetch_related("feedback__readings", "feedback__customer__contact_points")
        .defer("feedback__raw", "feedback__payload")
        .order_by("-importance", "-feedback__said_at", "-pk")
    )
    found = CustomerRequest.objects.filter(pk__in=list(rows)).only("pk")
    with_words = found.prefetch_related(
        Prefetch("counted_evidence", evidence[:WORDS], to_attr="best_words")
    )
    return {row.pk: getattr(row, "best_words") for row in with_words}  # noqa: B009 -- the same


def _said_of(rows: Iterable[int], user: User) -> dict[int, list[DepartmentScore]]:
    """What the person's own department said, as soon as they may read it."""
    department = memberships.department_of(user)
    if department is None:
        return {}
    scores = DepartmentScore.objects.visible_to(user).filter(
        request__in=list(rows), department=department
    )
    found: dict[int, list[DepartmentScore]] = {}
    for score in scores.select_related("criterion").order_by("criterion__position", "pk"):
        found.setdefault(score.request_id, []).append(score)
    return found


def asked_of(
    user: User, *, meeting: Meeting | None = None, at: datetime | None = None
) -> "QuerySet[Ballot]":
    """Ballots by a deadline that wait for the answer of a seat that the person holds."""
    terms = SeatTerm.objects.current().filter(user=user, seat__is_voting=True)
    mine = terms.filter(is_alternate=False)
    answered = Stance.objects.filter(seat__in=mine.values("seat")).values("ballot")
    aside = Recusal.objects.standing().filter(seat__in=mine.values("seat"))
    open_ones = (
        Ballot.objects.visible_to(user)
        .open()
        .filter(
            closes_at__isnull=False,
            agenda_item__meeting__council__in=mine.values("seat__council"),
        )
        .exclude(pk__in=answered)
        .exclude(agenda_item__in=aside.values("agenda_item"))
        .exclude(further_items__in=aside.values("agenda_item"))
    )
    if meeting is not None:
        open_ones = open_ones.filter(agenda_item__meeting=meeting)
    if at is not None:
        open_ones = open_ones.filter(closes_at__gt=at)
    rows = open_ones.select_related("agenda_item__request", "agenda_item__meeting__council")
    return rows.annotate(further=Count("further_items")).order_by("closes_at", "pk")


def may_chair(meeting: Meeting, user: User) -> bool:
    """Who sees how far the others are, and has them reminded: who runs it, and the chair."""
    return user.has_perm("council.hold_meeting") or user.pk == meeting.council.chair_id


def sits_there(meeting: Meeting, user: User) -> bool:
    return seats.term_of(meeting.council, user) is not None
