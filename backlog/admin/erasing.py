"""What erasing somebody takes away, and what stays of them, in sentences for who is about to."""

from collections.abc import Iterator

from django.apps import apps
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django_stubs_ext import StrOrPromise

from backlog.models import User
from backlog.queries.erasure_preview import Preview
from backlog.queries.mentions import PossibleMention


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
    if n := len(found.possible):
        yield ngettext(
            "%(n)d text may mean this person, or somebody or something else. Say below whether it "
            "does: if so, “[erased]” takes the place of the marked words; if not, it stays.",
            "%(n)d texts may mean this person, or somebody or something else. Say below of each "
            "whether it does: if so, “[erased]” takes the place of the marked words; if not, it "
            "stays.",
            n,
        ) % {"n": n}
    yield _(
        "Not looked for: nicknames, misspellings, parts of the name in texts that are not about "
        "them."
    )
    if stays := [*_stays(found)]:
        yield _("Stays, without a name: %(what)s.") % {"what": ", ".join(stays)}
    yield _("What they say later is refused and reported, until somebody welcomes them back.")
    yield _("This cannot be undone.")


def asked_of(mention: PossibleMention, viewer: User) -> SafeString:
    """The text with the words marked that may mean the person, and a link to where it stands."""
    row, meta = mention.row, mention.row._meta  # noqa: SLF001 -- Django's documented API
    column = meta.get_field(mention.column)
    where = f"{meta.verbose_name} {row.pk}, {getattr(column, 'verbose_name', mention.column)}"
    if not mention.is_seen_by(viewer):
        words = _(
            "You may not see this text: its product is closed to you, or you have yet to assess "
            "its request."
        )
        return format_html("<b>{}</b><br>{}", where, words)
    pieces = format_html_join(
        "", "{}", ((_marked(text, is_meant=is_meant),) for text, is_meant in mention.pieces)
    )
    return format_html('<b>{}</b><br><span class="hb-text">{}</span>', where, pieces)


def _marked(text: str, *, is_meant: bool) -> SafeString | str:
    return format_html("<mark>{}</mark>", text) if is_meant else text


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
