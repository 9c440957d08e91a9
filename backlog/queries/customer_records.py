"""A person may have several records: those that were merged, and the one that they became."""

from backlog.models import Customer


def all_of(customer_id: int) -> list[int]:
    """All records of one person: what was merged into theirs, and what theirs was merged into."""
    root = Customer.objects.only("merged_into").get(pk=customer_id)
    while root.merged_into is not None:
        root = root.merged_into
    ids, newest = {root.pk}, {root.pk}
    while newest:
        merged = Customer.objects.filter(merged_into__in=newest).values_list("pk", flat=True)
        newest = set(merged) - ids
        ids |= newest
    return sorted(ids)
