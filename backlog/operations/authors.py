"""Who said it: the customers behind many rows at once, in a constant number of queries."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db.models.functions import Coalesce

from backlog.intake.rows import Said, is_address
from backlog.models import Account, Consent, ContactPoint, Customer, Identity, Source
from backlog.operations import bulk


def customers_of(
    rows: Iterable[Said], *, source: Source, language: str, at: datetime
) -> dict[str, int]:
    """The customer's id by author; those not known yet are added. A blank author is nobody.

    Merges are followed. For a new customer, name and account are those of their first row.
    """
    first: dict[str, Said] = {}
    for row in rows:
        if row.author:
            first.setdefault(row.author, row)
    found = _known(list(first), source)
    new = {author: row for author, row in first.items() if author not in found}
    return found | _add(new, source=source, language=language, at=at)


def rest_on_own_requests(feedback_by_customer: Mapping[int, int], *, at: datetime) -> None:
    """As `customers.rest_on_own_request`, for many customers and one piece of feedback of each."""
    asked = Consent.objects.filter(
        customer__pk__among=list(feedback_by_customer), purpose=Consent.Purpose.LOOP
    )
    unasked = feedback_by_customer.keys() - set(asked.values_list("customer_id", flat=True))
    same = {
        "purpose": Consent.Purpose.LOOP,
        "basis": Consent.Basis.OWN_REQUEST,
        "given_at": at,
    }
    bulk.insert(
        Consent,
        [
            {"customer_id": customer, "proof": {"feedback": feedback_by_customer[customer]}, **same}
            for customer in sorted(unasked)
        ],
    )


def _known(authors: list[str], source: Source) -> dict[str, int]:
    survivor = Coalesce("customer__merged_into_id", "customer_id")
    addresses = ContactPoint.objects.filter(
        channel=ContactPoint.Channel.EMAIL, address__among=list(filter(is_address, authors))
    ).values_list("address", survivor)
    # The source's own name for a person goes before an address, as in `customers.find_customer`.
    identities = Identity.objects.filter(source=source, external_id__among=authors).values_list(
        "external_id", survivor
    )
    return dict(addresses) | dict(identities)


def _add(new: Mapping[str, Said], *, source: Source, language: str, at: datetime) -> dict[str, int]:
    accounts = _accounts({row.account for row in new.values() if row.account})
    people = bulk.insert_numbered(
        Customer,
        [
            {
                "name": row.author_name,
                "account_id": accounts.get(row.account),
                "language": language,
                "created_at": at,
            }
            for row in new.values()
        ],
    )
    ids = dict(zip(new, people, strict=True))
    bulk.insert(
        ContactPoint,
        [{"customer_id": ids[author], "address": author} for author in ids if is_address(author)],
    )
    bulk.insert(
        Identity,
        [
            {"customer_id": ids[author], "source_id": source.pk, "external_id": author}
            for author in ids
            if not is_address(author)
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
