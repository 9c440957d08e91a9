"""What happens to some of those who asked: who wants no mail, and who cannot be reached."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from backlog.auth import origins
from backlog.delivery import rendering
from backlog.models import Consent, ContactPoint, Customer, Notice, Obligation
from backlog.operations import (
    bounces,
    consents,
    contact_points,
    customer_merges,
    customers,
    obligations,
    privacy_requests,
)
from council.demo import mail, texts
from council.demo.texts import Incident
from council.demo.world import Person, World

# What people do on the page behind the link of a message.
_BY_LINK: Final = ("withdraws", "unsubscribes", "wants_digest", "asks_to_be_forgotten")


def plan(world: World) -> None:
    for fixture in texts.council()["incidents"]:
        person = _somebody(world, fixture)
        match fixture["what"]:
            case "bounces":
                world.unreachable[person.email] = mail.NO_SUCH_MAILBOX
            case "falters":
                world.unreachable[person.email] = mail.LATER
            case "is_known_twice":
                happens_at = world.calendar.on(fixture["day"], 11)
                world.diary.on(happens_at, partial(_know_again, world, fixture, person))
            case _:
                happens_at = world.calendar.on(fixture["day"], 17)
                world.diary.on(happens_at, partial(_happen, world, fixture, person))


def _somebody(world: World, fixture: Incident) -> Person:
    """Who said the voice of this number, or the first after them who has an address."""
    voices = world.requests[fixture["request"]].voices[fixture["voice"] :]
    return next(voice.person for voice in voices if voice.person and voice.person.email)


def _say_how(what: str, customer: Customer) -> None:
    if what in _BY_LINK:
        origins.is_by_link(customer.pk)
    elif what == "complains":
        origins.is_by_mail("read_bounces")


def _happen(world: World, fixture: Incident, person: Person, at: datetime) -> None:
    assert person.customer is not None
    _say_how(fixture["what"], person.customer)
    purpose = Consent.Purpose.LOOP
    match fixture["what"]:
        case "withdraws":
            consents.withdraw_consent(
                customer_id=person.customer.pk, purpose=purpose, by=None, at=at
            )
        case "unsubscribes":
            point = ContactPoint.objects.get(customer=person.customer)
            contact_points.unsubscribe(contact_point_id=point.pk, by=None, at=at)
        case "complains":
            notice = Notice.objects.filter(customer=person.customer, status="sent").latest("pk")
            bounces.record_report(
                message_id=rendering.message_id(notice),
                kind=bounces.Kind.COMPLAINED,
                detail="abuse",
                by=None,
                at=at,
            )
        case "wants_digest":
            customers.edit_customer(
                customer_id=person.customer.pk, rhythm=Customer.Rhythm.WEEKLY, by=None, at=at
            )
        case "gets_a_copy":
            privacy_requests.hand_over(
                customer_id=person.customer.pk, by=world.colleagues["admin"], at=at
            )
        case "asks_to_be_forgotten":
            privacy_requests.ask(
                customer_id=person.customer.pk, kind=privacy_requests.Kind.ERASURE, by=None, at=at
            )
        case "is_waived":
            demo_request = world.requests[fixture["request"]]
            owed = Obligation.objects.get(customer=person.customer, request=demo_request.request)
            owner, reason = world.owner_of(demo_request), fixture["reason"]
            obligations.waive_obligation(obligation_id=owed.pk, reason=reason, by=owner, at=at)


def _know_again(world: World, fixture: Incident, person: Person, at: datetime) -> None:
    """They sign up once more, at another address; with a reason somebody sees who they are."""
    assert person.customer is not None
    name, _at, host = person.email.partition("@")
    known = Customer.objects.select_related("account").get(pk=person.customer.pk)
    again = customers.add_customer(
        name=known.name,
        language=known.language,
        account=known.account,
        email=f"{name}.store@{host}",
        by=world.colleagues["sales"],
        at=at,
    )
    if reason := fixture.get("reason", ""):
        customer_merges.merge_customer(
            customer_id=again.pk,
            into_id=known.pk,
            reason=reason,
            by=world.colleagues["pm"],
            at=at + timedelta(hours=1),
        )
