"""Who said it: the customers behind many rows at once, in a constant number of queries."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models.functions import Coalesce

from backlog.intake.rows import Said, is_address
from backlog.models import Account, Consent, ContactPoint, Customer, Identity, Language, Source
from backlog.operations import bulk


class Person(NamedTuple):
    """Someone as a source names them: by its own number, by an address, or by both."""

    external_id: str = ""
    email: str = ""

    def names(self) -> list[tuple[str, str]]:
        pairs = zip(self._fields, self, strict=True)
        return [(kind, name) for kind, name in pairs if name]


class Facts(NamedTuple):
    """What else is said of a person; taken for someone new only."""

    name: str = ""
    language: str = Language.KOREAN
    time_zone: str = "Asia/Seoul"
    account_id: int | None = None


class Recognised(NamedTuple):
    """The customer's id for each person, and who the new customers are."""

    ids: dict[Person, int]
    new: dict[int, Person]


def customers_of(
    rows: Iterable[Said], *, source: Source, languages: Iterable[str], at: datetime
) -> dict[str, int]:
    """The customer's id by author; those not known yet are added. A blank author is nobody.

    Merges are followed. For a new customer, name, account and language are those of their first
    row.
    """
    first: dict[str, Said] = {}
    spoken: dict[str, str] = {}
    for row, language in zip(rows, languages, strict=True):
        if row.author:
            first.setdefault(row.author, row)
            spoken.setdefault(row.author, language)
    # What looks like an address may be the source's own name for somebody all the same.
    known = _known([Person(it, it if is_address(it) else "") for it in first], source)
    ids = {person.external_id: customer for person, customer in known.items()}
    new = {author: row for author, row in first.items() if author not in ids}
    accounts = _accounts({row.account for row in new.values() if row.account})
    people = {author: _named_by(author) for author in new}
    facts = {
        people[author]: Facts(row.author_name, spoken[author], account_id=accounts.get(row.account))
        for author, row in new.items()
    }
    added = _add(facts, source=source, at=at)
    return ids | {author: added[person] for author, person in people.items()}


def recognise(people: Mapping[Person, Facts], *, source: Source, at: datetime) -> Recognised:
    """As `customers.recognise_customer`, for many people whom one source names."""
    known = _known(people, source)
    same = _newcomers(person for person in people if person not in known)
    added = _add({person: people[person] for person in same.values()}, source=source, at=at)
    ids = known | {person: added[first] for person, first in same.items()}
    return Recognised(ids, {customer: person for person, customer in added.items()})


def rest_on_own_requests(feedback_by_customer: Mapping[int, int], *, at: datetime) -> list[int]:
    """As `customers.rest_on_own_request`, for many customers and one piece of feedback of each.

    Returns the customers whose consent is new.
    """
    asked = Consent.objects.filter(
        customer__pk__among=list(feedback_by_customer), purpose=Consent.Purpose.LOOP
    )
    unasked = sorted(feedback_by_customer.keys() - set(asked.values_list("customer_id", flat=True)))
    same = {
        "purpose": Consent.Purpose.LOOP,
        "basis": Consent.Basis.OWN_REQUEST,
        "given_at": at,
    }
    bulk.insert(
        Consent,
        [
            {"customer_id": customer, "proof": {"feedback": feedback_by_customer[customer]}, **same}
            for customer in unasked
        ],
    )
    return unasked


def _named_by(author: str) -> Person:
    return Person(email=author) if is_address(author) else Person(external_id=author)


def _known(people: Iterable[Person], source: Source) -> dict[Person, int]:
    people = list(people)
    survivor = Coalesce("customer__merged_into_id", "customer_id")
    addresses = ContactPoint.objects.filter(
        channel=ContactPoint.Channel.EMAIL,
        address__among=[person.email for person in people if person.email],
    ).values_list("address", survivor)
    identities = Identity.objects.filter(
        source=source,
        external_id__among=[person.external_id for person in people if person.external_id],
    ).values_list("external_id", survivor)
    # The source's own name for a person goes before an address, as in `customers.find_customer`.
    ids = {("email", address): customer for address, customer in addresses}
    ids |= {("external_id", number): customer for number, customer in identities}
    return {
        person: next(ids[name] for name in person.names() if name in ids)
        for person in people
        if any(name in ids for name in person.names())
    }


def _newcomers(people: Iterable[Person]) -> dict[Person, Person]:
    """For each the first of them who goes by the same number or address."""
    first: dict[tuple[str, str], Person] = {}
    same: dict[Person, Person] = {}
    for person in people:
        found = next((first[name] for name in person.names() if name in first), None)
        if found is None:
            first.update(dict.fromkeys(person.names(), person))
        same[person] = found or person
    return same


def _add(new: Mapping[Person, Facts], *, source: Source, at: datetime) -> dict[Person, int]:
    rows = [{**facts._asdict(), "created_at": at} for facts in new.values()]
    ids = dict(zip(new, bulk.insert_numbered(Customer, rows), strict=True))
    bulk.insert(
        ContactPoint,
        [
            {"customer_id": customer, "address": person.email}
            for person, customer in ids.items()
            if person.email
        ],
    )
    bulk.insert(
        Identity,
        [
            {"customer_id": customer, "source_id": source.pk, "external_id": person.external_id}
            for person, customer in ids.items()
            if person.external_id
        ],
    )
    return ids


def _accounts(names: set[str]) -> dict[str, int]:
    """The account's id by name: of several of one name the oldest, of none a new one."""
    if not names:
        return {}
    known = Account.objects.filter(name__among=list(names)).order_by("-pk")
    ids = dict(known.values_list("name", "pk"))
    new = sorted(names - ids.keys())
    return ids | dict(
        zip(new, bulk.insert_numbered(Account, [{"name": name} for name in new]), strict=True)
    )
