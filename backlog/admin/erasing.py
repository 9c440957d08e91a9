"""What erasing somebody takes away, and what stays of them, in sentences for who is about to."""

from collections.abc import Iterator

from django.apps import apps
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from backlog.queries.erasure_preview import Preview


def in_words(found: Preview) -> Iterator[StrOrPromise]:
    """One sentence after the other; the last says that nothing brings it back."""
    if found.is_being_written_to:
        yield _("A message to this person is being sent right now. Try again in some minutes.")
    yield _("Goes: %(what)s.") % {"what": ", ".join(_goes(found))}
    if found.mentions:
        places = ", ".join(
            f"{apps.get_model(label)._meta.verbose_name_plural} {count}"  # noqa: SLF001
            for label, count in found.mentions.items()
        )
        yield _(
            "Colleagues and machines mention the name, an address, a number or the words in: "
            "%(places)s. There “[erased]” takes their place. If the name is an ordinary word, "
            "correct it first."
        ) % {"places": places}
    if stays := [*_stays(found)]:
        yield _("Stays, without a name: %(what)s.") % {"what": ", ".join(stays)}
    yield _("What they say later is refused and reported, until somebody welcomes them back.")
    yield _("This cannot be undone.")


def _goes(found: Preview) -> Iterator[str]:
    n = found.records
    yield ngettext("the name on %(n)d record", "the name on %(n)d records", n) % {"n": n}
    if n := found.addresses:
        yield ngettext("%(n)d address", "%(n)d addresses", n) % {"n": n}
    if n := found.numbers:
        yield ngettext("%(n)d number at a source", "%(n)d numbers at sources", n) % {"n": n}
    if n := found.words:
        yield ngettext(
            "the words of %(n)d piece of feedback", "the words of %(n)d pieces of feedback", n
        ) % {"n": n}
    if n := found.unsent_messages:
        yield ngettext("%(n)d message that waits", "%(n)d messages that wait", n) % {"n": n}
    if n := found.mails:
        yield ngettext(
            "%(n)d letter in the local mailbox", "%(n)d letters in the local mailbox", n
        ) % {"n": n}
    if n := found.reports:
        yield ngettext("%(n)d report of an import", "%(n)d reports of imports", n) % {"n": n}


def _stays(found: Preview) -> Iterator[str]:
    if n := found.ratings:
        yield ngettext("%(n)d rating", "%(n)d ratings", n) % {"n": n}
    if n := found.answers:
        yield ngettext("%(n)d answer", "%(n)d answers", n) % {"n": n}
    if n := found.evidence:
        yield ngettext("%(n)d link to a request", "%(n)d links to requests", n) % {"n": n}
    if n := found.sent_messages:
        yield ngettext("that %(n)d message was sent", "that %(n)d messages were sent", n) % {"n": n}
