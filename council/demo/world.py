"""What the parts of the story share: the date, the diary, and who and what there is by name."""

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
from council.demo.texts import Utterance, Wish
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
class Story:
    """One request's way: what is told of it, when, and what has come of it so far."""

    wish: Wish
    product: Product
    opened_at: datetime
    heard_until: datetime
    voices: list[Voice] = field(default_factory=list)
    found: CustomerRequest | None = None
    commitments: dict[int, Commitment] = field(default_factory=dict)
    outcomes: list[Outcome] = field(default_factory=list)

    @property
    def request(self) -> CustomerRequest:
        assert self.found is not None, f"{self.wish['title']} is not open yet"
        return self.found


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
    stories: dict[str, Story] = field(default_factory=dict)
    council: Council | None = None
    meetings: dict[int, Meeting] = field(default_factory=dict)
    # What the server will say to some addresses.
    unreachable: dict[str, str] = field(default_factory=dict)
    agenda: dict[tuple[int, str], AgendaItem] = field(default_factory=dict)

    @property
    def body(self) -> Council:
        assert self.council is not None, "the council is not founded yet"
        return self.council

    def manager_of(self, product: Product) -> User:
        return self.colleagues["pm" if product.prefix == "PAY" else "pm2"]

    def owner_of(self, story: Story) -> User:
        """The product manager who looks after a request, or else after its product."""
        owner = story.wish["owner"]
        return self.colleagues[owner] if owner else self.manager_of(story.product)
