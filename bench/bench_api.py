"""The REST API with a token, against bare views on the same rows: of Django and of its framework.

Calls come over HTTP to a server of one process; both sides pass the same middleware. Ours also
signs in, counts calls, asks for rights, pages, looks for twins, and knows customers again.
"""

import itertools
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext

from backlog.models import CustomerRequest, Product, Source, User
from backlog.operations import api_tokens, customers, products, requests, sources, users
from bench import measure
from bench.caller import Caller, serving
from bench.copies import Copies

AT = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
ROWS = 500
WORDS = ("결제할 때마다 카드 번호를 다시 넣어야 해요", "I type my card number for every payment")

Call = tuple[str, Any]


@dataclass(frozen=True)
class Work:
    """What is called so many times in a round: for ours and the bare one a path and a body.

    The calls of the two take turns, so that a slow moment of the machine hits both.
    """

    name: str
    ours: Callable[[], Call]
    bare: Callable[[], Call]
    rounds: int
    target: str = "(none set)"


def figures() -> Iterator[measure.Figure]:
    ines, product, source = _company()
    _token, secret = api_tokens.issue_token(
        owner=ines, name="Bench", scopes=api_tokens.SCOPES, lasts=None, by=None, at=AT
    )
    works = [*_reading(product), *_writing(product, source)]
    with serving() as port:
        for work in works:
            yield _figure(Caller(secret, port), Caller(secret), work)
        if connection.vendor == "postgresql":
            yield _against_copy(Caller(secret, port), works[-1])
    connection.close()  # So that the database can be dropped.


def _figure(caller: Caller, here: Caller, work: Work) -> measure.Figure:
    for _ in range(3):
        caller.call(*work.ours())
        caller.call(*work.bare())
    with CaptureQueriesContext(connection) as queries:
        here.call(*work.ours())
    return measure.compare(
        work.name,
        ours=lambda: caller.call(*work.ours()),
        limit=lambda: caller.call(*work.bare()),
        units=1,
        target=work.target,
        rounds=work.rounds,
        queries=len(queries),
    )


def _against_copy(caller: Caller, many: Work) -> measure.Figure:
    """The very rows that one call stores, with other numbers, straight into their tables."""
    copies = Copies()
    caller.call(*many.ours())
    prepared = copies.of_what_came(rounds=5)
    return measure.compare(
        "API: the same, of COPY of the rows it stores",
        ours=lambda: caller.call(*many.ours()),
        limit=lambda: copies.store(next(prepared)),
        units=1_000,
        target="≥ 0.40",
        rounds=5,
    )


def _company() -> tuple[User, Product, Source]:
    ines = users.add_colleague(
        email="ines@example.com", name="Ines", roles=["integration"], by=None, at=AT
    )
    product = products.add_product(prefix="API", name="Payments", by=None, at=AT)
    source = sources.add_source(
        key="bench-api", name="Survey", kind="survey", product=product, by=None, at=AT
    )
    customers.add_customer(name="민수", source=source, external_id="u", by=None, at=AT)
    for n in range(ROWS):
        requests.open_request(
            product_id=product.pk,
            title=f"Request {n}",
            problem=WORDS[n % 2],
            owner=ines,
            by=None,
            at=AT,
        )
    if connection.vendor == "postgresql":
        connection.cursor().execute("ANALYZE")
    return ines, product, source


def _reading(product: Product) -> list[Work]:
    number = CustomerRequest.objects.get(product=product, number=1).pk
    return [
        Work(
            "API: list of 50, of a plain view",
            ours=lambda: ("/api/v1/requests/", None),
            bare=lambda: ("/plain/requests/", None),
            rounds=150,
            target="≥ 0.60",
        ),
        Work(
            "API: list of 50, of one of all rows",
            ours=lambda: ("/api/v1/requests/", None),
            bare=lambda: ("/plain/requests/all/", None),
            rounds=150,
        ),
        Work(
            "API: list of 50, of Django REST framework",
            ours=lambda: ("/api/v1/requests/", None),
            bare=lambda: ("/bare/requests/", None),
            rounds=150,
            target="≥ 1.70",
        ),
        Work(
            "API: read one, of Django REST framework",
            ours=lambda: (f"/api/v1/requests/{number}/", None),
            bare=lambda: (f"/bare/requests/{number}/", None),
            rounds=150,
        ),
    ]


def _writing(product: Product, source: Source) -> list[Work]:
    known = source.identities.get()
    numbers = itertools.count()
    words = {"title": "Remember the card", "problem": WORDS[0]}
    other = Product.objects.create(prefix="BARE", name="Bare")
    ours = {"source": source.key, "customer": {"external_id": known.external_id}}
    bare = {
        "source": source.pk,
        "product": product.pk,
        "customer": known.customer_id,
        "language": "ko",
    }

    def said(names: dict[str, Any]) -> dict[str, Any]:
        n = next(numbers)
        message = {"external_id": str(n), "verbatim": f"{WORDS[n % 2]} {n}"}
        return {**names, **message, "readings": [{"kind": "nps", "value": 4}]}

    return [
        Work(
            "API: open a request",
            ours=lambda: ("/api/v1/requests/", {"product": product.prefix, **words}),
            bare=lambda: ("/bare/requests/new/", {"product": other.pk, **words}),
            rounds=150,
        ),
        Work(
            "API: receive feedback, as a webhook does",
            ours=lambda: ("/api/v1/feedback/", said(ours)),
            bare=lambda: ("/bare/feedback/", said(bare)),
            rounds=150,
            target="≥ 0.75",
        ),
        Work(
            "API: receive 1,000 pieces of feedback",
            ours=lambda: ("/api/v1/feedback/bulk/", {"rows": [said(ours) for _ in range(1_000)]}),
            bare=lambda: ("/bare/feedback/", [said(bare) for _ in range(1_000)]),
            rounds=5,
        ),
    ]
