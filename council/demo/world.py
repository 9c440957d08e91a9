"""What the parts of the demonstration share: the date, the diary, who and what there is."""

import random
from dataclasses import dataclass, field
from datetime import datetime

from backlog.models import (
    Account,
    Commitment,
    Customer,
    CustomerRequest,
    Department,
    Feedback,
    Outcome,
    Product,
    Source,
    User,
)
from council.demo.dates import Calendar
from council.demo.diary import Diary
from council.demo.texts import RequestFixture, Utterance
from council.models import AgendaItem, Council, Meeting


@dataclass(eq=False)
class Person:
    """Somebody who speaks; a customer of ours from their first words on."""

    name: str
    language: str
    speaks_as: str
    email: str
    account: str
    customer: Customer | None = None


@dataclass(eq=False)
class Voice:
    """One thing said by somebody, at some time, through some source."""

    utterance: Utterance
    person: Person | None
    said_at: datetime
    mood: str = ""
    stage: str = ""
    feedback: Feedback | None = None


@dataclass(eq=False)
class DemoRequest:
    """A request of the demonstration: its fixture, when it opens, and what came of it so far."""

    fixture: RequestFixture
    product: Product
    opened_at: datetime
    heard_until: datetime
    voices: list[Voice] = field(default_factory=list)
    opened: CustomerRequest | None = None
    commitments: dict[int, Commitment] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def request(self) -> CustomerRequest:
        assert self.opened is not None, f"{self.fixture['title']} is not open yet"
        return self.opened


@dataclass(eq=False)
class World:
    at: datetime
    calendar: Calendar
    diary: Diary
    rng: random.Random
    departments: dict[str, Department] = field(default_factory=dict)
    colleagues: dict[str, User] = field(default_factory=dict)
    passwords: dict[str, str] = field(default_factory=dict)
    products: dict[str, Product] = field(default_factory=dict)
    sources: dict[str, Source] = field(default_factory=dict)
    # The key by which other tools hand in what customers say to them.
    intake: str = ""
    accounts: dict[str, Account] = field(default_factory=dict)
    people: list[Person] = field(default_factory=list)
    requests: dict[str, DemoRequest] = field(default_factory=dict)
    council: Council | None = None
    meetings: dict[int, Meeting] = field(default_factory=dict)
    # The one that is in session now.
    session: Meeting | None = None
    # What the server will say to some addresses.
    unreachable: dict[str, str] = field(default_factory=dict)
    agenda: dict[tuple[int, str], AgendaItem] = field(default_factory=dict)

    @property
    def body(self) -> Council:
        assert self.council is not None, "the council is not founded yet"
        return self.council

    def manager_of(self, product: Product) -> User:
        return self.colleagues["pm" if product.prefix == "PAY" else "pm2"]

    def owner_of(self, demo_request: DemoRequest) -> User:
        """The product manager who looks after a request, or else after its product."""
        owner = demo_request.fixture["owner"]
        return self.colleagues[owner] if owner else self.manager_of(demo_request.product)
