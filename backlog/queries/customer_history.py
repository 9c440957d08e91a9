"""One customer's timeline: all that they ever said, and what became of it, in order.

Their words, and the ledger's events about them: links, outcomes they were owed to hear of,
messages, answers, consents. The readers of a request's history tell the events here too.
"""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from backlog.models import Customer, Event, Evidence, Feedback, Obligation, Reply, User
from backlog.queries import history


def history_of(customer: Customer, *, viewer: User) -> list[history.HistoryEntry]:
    """As far as the viewer may see it. What was merged into the customer is the customer's."""
    same = Customer.objects.filter(Q(pk=customer.pk) | Q(merged_into=customer))
    words = Feedback.objects.visible_to(viewer).filter(customer__in=same).select_related("source")
    feedback_entries = [
        history.feedback_entry(feedback, title=_("They said"))
        for feedback in words.defer("raw", "payload", "search_text").order_by("said_at", "pk")
    ]
    return sorted(
        [*feedback_entries, *history.event_entries(_events(same, viewer), viewer)],
        key=lambda entry: entry.at,
    )


def _events(same: QuerySet[Customer], viewer: User) -> list[Event]:
    owed = Obligation.objects.filter(customer__in=same)
    subjects = {
        "customer": same,
        "evidence": Evidence.objects.filter(feedback__customer__in=same),
        "obligation": owed,
        "reply": Reply.objects.filter(obligation__customer__in=same),
    }
    about = Q(pk__in=owed.values("event"))
    for kind, rows in subjects.items():
        about |= Q(subject_type=kind, subject_id__in=rows.values("pk"))
    events = Event.objects.visible_to(viewer).filter(about)
    events = events.with_token_names().select_related("actor", "request")
    return list(events.order_by("at", "pk"))
