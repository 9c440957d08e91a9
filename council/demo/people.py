"""The company: its departments, colleagues, products, sources and customers."""

from datetime import timedelta
from decimal import Decimal

from backlog.operations import (
    accounts,
    api_tokens,
    departments,
    endpoints,
    products,
    sources,
    users,
)
from council.demo import sign_ins, texts
from council.demo.dates import FOUNDED
from council.demo.world import Person, World
from council.operations import councils
from council.operations import seats as seat_operations

# Only these may sign in; hashing a password takes half a second.
SIGN_INS = (
    *("viewer", "design", "secretary", "pm", "admin", "integration"),
    *("chair", "support", "brand"),
)
DOMAIN = "nuri.example.com"


def settle(world: World) -> None:
    """Everything that is there before the first customer speaks."""
    fixture = texts.company()
    at = world.calendar.on(FOUNDED, 9)
    for name in fixture["departments"]:
        world.departments[name] = departments.add_department(name=name, by=None, at=at)
    for each in fixture["colleagues"]:
        _hire(world, each)
    admin = world.colleagues["admin"]
    for each in fixture["products"]:
        product = products.add_product(**each, by=admin, at=at)
        world.products[product.prefix] = products.edit_product(
            product_id=product.pk, by=admin, at=at, **fixture["settings"].get(product.prefix, {})
        )
    for each in fixture["sources"]:
        world.sources[each["key"]] = sources.add_source(**each, by=admin, at=at)
    token, _secret = api_tokens.issue_token(
        owner=world.colleagues["integration"],
        name="intake",
        scopes=["feedback:write"],
        lasts=timedelta(days=365),
        by=admin,
        at=at,
    )
    world.intake = token.token_key
    for each in fixture["accounts"]:
        _add_account(world, each)
    world.people = [
        Person(row["name"], row["language"], row["speaks_as"], row["email"], row["account"])
        for row in texts.customers()
    ]
    _found_council(world, fixture["colleagues"])


def connect(world: World) -> None:
    """Other tools, switched off: a demonstration calls nobody outside."""
    admin = world.colleagues["admin"]
    for each in texts.company()["endpoints"]:
        endpoint = endpoints.add_endpoint(**each, by=admin, at=world.at)
        endpoints.edit_endpoint(endpoint_id=endpoint.pk, is_active=False, by=admin, at=world.at)


def _hire(world: World, fixture: dict[str, str]) -> None:
    key = fixture["key"]
    if key in SIGN_INS:
        world.passwords[key] = sign_ins.new_password()
    world.colleagues[key] = users.add_colleague(
        email=f"{fixture['email']}@{DOMAIN}",
        name=fixture["name"],
        language=fixture.get("language", "ko"),
        roles=fixture["roles"],
        department=world.departments[fixture["department"]] if "department" in fixture else None,
        password=world.passwords.get(key),
        by=world.colleagues.get("admin"),
        at=world.calendar.on(FOUNDED, 9),
    )


def _add_account(world: World, fixture: dict[str, str]) -> None:
    world.accounts[fixture["name"]] = accounts.add_account(
        name=fixture["name"],
        segment=fixture["segment"],
        annual_revenue=Decimal(fixture["annual_revenue"]),
        churn_risk=fixture["churn_risk"],
        by=world.colleagues["sales"],
        at=world.calendar.on(FOUNDED, 10),
    )


def _found_council(world: World, colleagues: list[dict[str, str]]) -> None:
    by, at = world.colleagues["admin"], world.calendar.on(FOUNDED, 11)
    world.council = council = councils.found_council(
        name=texts.council()["name"],
        products=world.products.values(),
        chair=world.colleagues["chair"],
        secretary=world.colleagues["secretary"],
        by=by,
        at=at,
    )
    seats = {
        name: seat_operations.add_seat(council_id=council.pk, department=department, by=by, at=at)
        for name, department in world.departments.items()
    }
    for each in colleagues:
        place = each.get("seat")
        if place is None:
            continue
        if place in ("holder", "alternate"):
            seat = seats[each["department"]]
        else:
            seat = seat_operations.add_seat(
                council_id=council.pk, title=place, is_voting=False, by=by, at=at
            )
        seat_operations.appoint(
            seat_id=seat.pk,
            user=world.colleagues[each["key"]],
            is_alternate=place == "alternate",
            by=by,
            at=at,
        )
