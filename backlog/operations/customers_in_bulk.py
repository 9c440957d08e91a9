"""Who said it: the customers behind many rows at once, in a constant number of queries.

Whatever the way in and however many come at once, each author is looked at in turn:

- The source's own number for a person goes before an address.
- Who is found by either learns the other: a number that nobody has becomes theirs, and so does an
  address. What is somebody else's does not move, and nobody is merged: a note says so.
- Who is found by neither is new.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any, Final, NamedTuple

from django.conf import settings
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django_stubs_ext import StrOrPromise

from backlog import errors
from backlog.db import bulk
from backlog.db.prepared import Prepared
from backlog.models import (
    Account,
    Affiliation,
    Consent,
    ContactPoint,
    Customer,
    Identity,
    Language,
    User,
)
from backlog.operations import events, obligations
from backlog.rules import addresses, text_input, time_zones

LONGEST_NUMBER: Final = 255
ADDRESS_TAKEN: Final = "address_taken"
NUMBER_TAKEN: Final = "number_taken"
NOTES: Final[Mapping[str, StrOrPromise]] = {
    ADDRESS_TAKEN: gettext_lazy(
        "The words are stored. The address is another customer's and stays with them."
    ),
    NUMBER_TAKEN: gettext_lazy(
        "The words are stored. The number at the source is another customer's and stays with them."
    ),
}
"""What may be said of an author beside who it was."""

_Name = tuple[int, str]
"""A number with its source, or an address, which means the same everywhere."""
_EVERYWHERE: Final = 0

_BY_ADDRESS: Final = Prepared(
    lambda addresses: ContactPoint.objects.filter(
        channel=ContactPoint.Channel.EMAIL, address__among=addresses
    ).values_list("address", "customer", "customer__merged_into")
)
_BY_NUMBER: Final = Prepared(
    lambda sources, numbers: Identity.objects.filter(
        source__pk__among=sources, external_id__among=numbers
    ).values_list("source", "external_id", "customer", "customer__merged_into")
)
_MERGED: Final = Prepared(
    lambda ids: Customer.objects.filter(pk__among=ids, merged_into__isnull=False).values_list(
        "pk", "merged_into"
    )
)
_ANSWERED: Final = Prepared(
    # Who may be answered about what they asked, or withdrew that.
    lambda ids: Consent.objects.filter(
        Q(basis=Consent.Basis.OWN_REQUEST) | Q(withdrawn_at__isnull=False),
        customer__pk__among=ids,
        purpose=Consent.Purpose.LOOP,
    ).values_list("customer")
)


class CustomerIdentifier(NamedTuple):
    """Someone as a source names them: by its own number, by an address, or by both."""

    external_id: str = ""
    email: str = ""


class NewCustomer(NamedTuple):
    """What else is said of a person; taken for someone new only.

    An account is given by its id, or by its name: then of several the oldest, of none a new one.
    """

    name: str = ""
    language: str = Language.KOREAN
    time_zone: str = settings.TIME_ZONE
    rhythm: str = Customer.Rhythm.AT_ONCE
    account_id: int | None = None
    account_name: str = ""

    def columns(self) -> dict[str, Any]:
        values = self._asdict()
        del values["account_name"]
        return values


class Author(NamedTuple):
    """Who said something: a customer whom the caller knows, or else whoever the names lead to."""

    source_id: int
    identifier: CustomerIdentifier
    new_customer: NewCustomer
    customer_id: int | None = None

    def names(self) -> list[_Name]:
        """What they go by, what counts most first. A number that is an address is one."""
        number, email = self.identifier
        is_address = "@" in number and not number.startswith("@")
        where = _EVERYWHERE if is_address else self.source_id
        return [(at, name) for at, name in ((where, number), (_EVERYWHERE, email)) if name]


class Recognised(NamedTuple):
    """The author's customer, and the codes of what must be said of it."""

    customer_id: int
    notes: tuple[str, ...] = ()
    has_learnt: bool = False
    """Whether any of the author's names is the customer's only from now on."""


def check_identifier(identifier: CustomerIdentifier) -> CustomerIdentifier:
    """The person's names as they are kept and compared. Raises Invalid for what is no name.

    A number that is an address is taken for the address. One that is meant as an address and is
    none would be a person whom nobody can write to.
    """
    number = addresses.visible(text_input.storable(identifier.external_id, field="external_id"))
    email = text_input.storable(identifier.email, field="email")
    address = addresses.normal(email)
    if email and address is None:
        raise errors.Invalid(_("This is no e-mail address."), field="email", code="bad_address")
    as_address = addresses.normal(number)
    if as_address is None and addresses.is_meant(number):
        raise errors.Invalid(
            _("This looks like an e-mail address, and is none."),
            field="external_id",
            code="bad_address",
        )
    if len(number) > LONGEST_NUMBER:
        raise errors.Invalid(
            _("The number at the source is longer than %(limit)d characters.")
            % {"limit": LONGEST_NUMBER},
            field="external_id",
            code="max_length",
        )
    if as_address and address in (None, as_address):
        return CustomerIdentifier("", as_address)
    return CustomerIdentifier(as_address or number, address or "")


def check_new_customer(new_customer: NewCustomer) -> None:
    """Raises Invalid or Django's ValidationError for what no customer can have."""
    row = Customer(**new_customer.columns())
    text_input.check(row)
    time_zones.check(row.time_zone)
    row.clean_fields(exclude=["account", "created_at", "token"])


def recognise(authors: Sequence[Author], *, by: User | None, at: datetime) -> list[Recognised]:
    """The customer of each author, in their order. Their names must be `checked`.

    In a transaction of the caller's; who was quicker with a name makes it fail.
    """
    register = _read(authors)
    entries = [register.enter(author) for author in authors]
    pupils = _lock({key for key in register.learnt().values() if key > 0})
    added = _add(register.new, at=at)
    numbers = {-place: number for place, number in enumerate(added, start=1)}
    numbers |= {pk: pk for pk in pupils}
    learnt = {name: numbers[key] for name, key in register.learnt().items() if key in numbers}
    _learn(learnt)
    reached = [customer for (source, _name), customer in learnt.items() if source == _EVERYWHERE]
    numbered = [numbers[key] for key in register.numbered if key in numbers]
    record = partial(events.record_many, subject=Customer, by=by, at=at)
    record("customer.added", ids=added)
    record("contact_point.added", ids=reached)
    record("customer.edited", ids=numbered, data={"changed": ["identities"]})
    if told := pupils.intersection(reached):
        obligations.owe_again(customer_ids=told, by=by, at=at)
    return [
        Recognised(numbers.get(key, key), notes, not register.known.keys() >= {*author.names()})
        for author, (key, notes) in zip(authors, entries, strict=True)
    ]


def _lock(customer_ids: set[int]) -> set[int]:
    """Those of them who may learn: whoever is being erased meanwhile learns nothing."""
    if not customer_ids:
        return set()
    locked = Customer.objects.select_for_update(no_key=True).filter(pk__among=sorted(customer_ids))
    rows = locked.order_by("pk").values_list("pk", "erased_at")
    return {pk for pk, erased_at in rows if erased_at is None}


@dataclass
class _Register:
    """Who goes by which names. New customers are -1, -2, … until they have a number."""

    known: Mapping[_Name, int]
    survivors: Mapping[int, int]
    owners: dict[_Name, int] = field(init=False)
    new: list[NewCustomer] = field(default_factory=list)
    numbered: list[int] = field(default_factory=list)
    """Who got a number later than their first words: once for each."""

    def __post_init__(self) -> None:
        self.owners = dict(self.known)

    def enter(self, author: Author) -> tuple[int, tuple[str, ...]]:
        """Whose words they are, with notes; from now on the free names are theirs."""
        key, notes = self._find(author), []
        is_new = key is None
        if key is None:
            self.new.append(author.new_customer)
            key = -len(self.new)
        for name in reversed(author.names()):  # What is said to be an address before a number.
            is_address = name[0] == _EVERYWHERE
            if name not in self.owners:
                self.owners[name] = key
                if not is_address and not is_new:
                    self.numbered.append(key)
            elif self.owners[name] != key:
                notes.append(ADDRESS_TAKEN if is_address else NUMBER_TAKEN)
        return key, tuple(notes)

    def _find(self, author: Author) -> int | None:
        if author.customer_id is not None:
            return self.survivors[author.customer_id]
        names = author.names()
        return next((self.owners[name] for name in names if name in self.owners), None)

    def learnt(self) -> dict[_Name, int]:
        return {name: key for name, key in self.owners.items() if name not in self.known}


def _read(authors: Iterable[Author]) -> _Register:
    named = {name for author in authors for name in author.names()}
    sources = {source for source, _name in named}
    addresses = sorted(name for source, name in named if source == _EVERYWHERE)
    numbers = sorted({name for source, name in named if source != _EVERYWHERE})
    owners: dict[_Name, int] = {}
    merged: dict[int, int | None] = {}
    if addresses:
        for address, pk, other in _BY_ADDRESS.rows(addresses):
            owners[_EVERYWHERE, address], merged[pk] = pk, other
    if numbers:
        for source, number, pk, other in _BY_NUMBER.rows(sorted(sources), numbers):
            owners[source, number], merged[pk] = pk, other
    given = {author.customer_id for author in authors if author.customer_id is not None}
    if given := given - merged.keys():
        merged |= dict.fromkeys(given) | dict(_MERGED.rows(sorted(given)))
    survivors = _survivors(merged)
    return _Register({name: survivors[pk] for name, pk in owners.items()}, survivors)


def _survivors(merged: Mapping[int, int | None]) -> dict[int, int]:
    """For each customer who they are today, merges followed to the end."""
    today = {pk: other or pk for pk, other in merged.items()}
    moved = {other for pk, other in today.items() if other != pk}
    while moved:
        further = dict(_MERGED.rows(sorted(moved)))
        today = {pk: further.get(last, last) for pk, last in today.items()}
        moved = {*further.values()}
    return today


def _add(new: Sequence[NewCustomer], *, at: datetime) -> list[int]:
    accounts = _accounts(
        {new_customer.account_name for new_customer in new if new_customer.account_name}
    )
    rows: list[dict[str, Any]] = []
    for new_customer in new:
        account = new_customer.account_id or accounts.get(new_customer.account_name)
        rows.append({**new_customer.columns(), "account_id": account, "created_at": at})
    added = bulk.insert_numbered(Customer, rows)
    accounts_of = {pk: row["account_id"] for pk, row in zip(added, rows, strict=True)}
    affiliate(accounts_of, by=None, at=at)
    return added


def affiliate(account_of: Mapping[int, int | None], *, by: User | None, at: datetime) -> None:
    """New customers belong to these accounts for as long as we know them."""
    belonging = [(pk, account) for pk, account in account_of.items() if account is not None]
    bulk.insert(
        Affiliation, [{"customer_id": pk, "account_id": account} for pk, account in belonging]
    )


def _learn(names: Mapping[_Name, int]) -> None:
    bulk.insert(
        ContactPoint,
        [
            {"customer_id": customer, "address": name}
            for (source, name), customer in names.items()
            if source == _EVERYWHERE
        ],
    )
    bulk.insert(
        Identity,
        [
            {"customer_id": customer, "source_id": source, "external_id": name}
            for (source, name), customer in names.items()
            if source != _EVERYWHERE
        ],
    )


def rest_on_own_requests(
    feedback_by_customer: Mapping[int, int], *, by: User | None, at: datetime
) -> None:
    """People may be answered about what they asked, unless they ever withdrew that.

    Writing to us again does not bring back a consent that was withdrawn: only its giver does.
    """
    if not feedback_by_customer:
        return
    answered = {pk for (pk,) in _ANSWERED.rows(sorted(feedback_by_customer))}
    unasked = sorted(feedback_by_customer.keys() - answered)
    basis = {"purpose": Consent.Purpose.LOOP, "basis": Consent.Basis.OWN_REQUEST}
    bulk.insert(
        Consent,
        [
            {
                **basis,
                "customer_id": customer,
                "given_at": at,
                "proof": {"feedback": feedback_by_customer[customer]},
            }
            for customer in unasked
        ],
    )
    events.record_many("consent.given", subject=Customer, ids=unasked, by=by, at=at, data=basis)


def _accounts(names: set[str]) -> dict[str, int]:
    if not names:
        return {}
    known = Account.objects.filter(name__among=sorted(names)).order_by("-pk")
    ids = dict(known.values_list("name", "pk"))
    new = sorted(names - ids.keys())
    return ids | dict(
        zip(new, bulk.insert_numbered(Account, [{"name": name} for name in new]), strict=True)
    )
