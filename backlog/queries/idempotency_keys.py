"""What a person has claimed to do once."""

from django.db.models import Max

from backlog.models import IdempotencyKey, User


def newest_of(user: User) -> int:
    """The newest of a person's claims; what they see now was shown after it."""
    newest = IdempotencyKey.objects.filter(user=user).aggregate(Max("pk"))["pk__max"]
    return newest or 0
