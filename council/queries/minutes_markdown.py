"""Minutes as Markdown: the same record as on their page, in the language that is active."""

import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from council.queries.minutes_editions import Edition

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|])")
Part = dict[str, Any]


def markdown(edition: Edition) -> str:
    """The whole edition; what it leaves out is not mentioned."""
    return "\n".join(_lines(edition)).strip() + "\n"


def _lines(edition: Edition) -> Iterator[str]:
    meeting, minutes = edition.shown["meeting"], edition.minutes
    yield f"# {_plain(meeting['title'])}"
    yield ""
    yield " · ".join([_plain(meeting["council"]), _moment(meeting["starts_at"])])
    yield ""
    yield status_line(edition)
    if edition.shown.get("correction"):
        yield from _words(_("What it corrects"), edition.shown["correction"])
    if "opened_at" in meeting:
        yield ""
        yield _("From %(start)s to %(end)s.") % {
            "start": _time(meeting["opened_at"]),
            "end": _time(meeting["ended_at"]),
        }
    if there := list(_attendances(edition)):
        yield from ("", f"## {_('Who was there')}", "", *there)
    for place, item in enumerate(edition.shown["items"], start=1):
        yield ""
        yield from _item(place, item)
    if edition.shown.get("remarks"):
        yield from ("", f"## {_('Remarks')}")
        yield from _words("", edition.shown["remarks"])
    if edition.seal is not None and minutes.is_final:
        yield ""
        yield _("Sealed as link %(number)d of the council’s chain: %(digest)s") % {
            "number": edition.seal.number,
            "digest": edition.seal.digest,
        }


def status_line(edition: Edition) -> str:
    """Number, version, and how far they are: “Minutes no. 4, version 2 · approved by vote …”."""
    minutes = edition.minutes
    if not minutes.is_final:
        return _("Draft: %(status)s") % {"status": minutes.get_status_display()}
    parts = [_("Minutes no. %(number)d") % {"number": minutes.number}]
    if minutes.version > 1:
        parts.append(_("version %(version)d, a correction") % {"version": minutes.version})
    assert minutes.approved_at is not None
    parts.append(_("approved on %(day)s") % {"day": date_format(localtime(minutes.approved_at))})
    parts.append(minutes.get_approved_how_display())
    return " · ".join(parts)


def _attendances(edition: Edition) -> Iterator[str]:
    for each in edition.shown.get("attendances", []):
        who = [_plain(each[name]) for name in ("user", "seat_title") if each.get(name)]
        line = f"- {', '.join(who)}"
        if "capacity" in each:
            until = _time(each["left_at"]) if each["left_at"] else ""
            line += f" ({each['capacity']}, {_time(each['came_at'])}–{until})"
        yield line


def _item(place: int, item: Part) -> Iterator[str]:
    if item.get("is_hidden"):
        yield f"## {place}. {_('An item that you may not see')}"
        yield from ("", times(item))
        return
    key = f"{item['key']} " if item.get("key") else ""
    yield f"## {place}. {key}{_plain(item['title'])}"
    yield ""
    yield " · ".join(filter(None, [str(item["status_label"]), times(item)]))
    if item.get("note"):
        yield from _words("", item["note"])
    for each in item.get("proposals", []):
        yield from _proposal(each)
    for each in item.get("decisions", []):
        yield from _decision(each)
    if item.get("actions"):
        yield from ("", f"**{_('Actions')}**", "")
        yield from (_action(each) for each in item["actions"])


def times(item: Part) -> str:
    """Minutes planned and used, as far as the edition has them."""
    parts = []
    if item.get("planned") is not None:
        parts.append(ngettext("%(n)d minute planned", "%(n)d minutes planned", item["planned"]))
        parts[-1] %= {"n": item["planned"]}
    if item.get("used") is not None:
        parts.append(ngettext("%(n)d used", "%(n)d used", item["used"]) % {"n": item["used"]})
    return ", ".join(parts)


def _proposal(proposal: Part) -> Iterator[str]:
    title = _("Proposal %(version)d: %(verdict)s, %(result)s") % {
        "version": proposal["version"],
        "verdict": proposal["verdict"],
        "result": proposal["status_label"],
    }
    yield from _words(title, proposal["proposal"])
    if proposal.get("counts"):
        yield ""
        yield " · ".join(f"{each['answer']}: {each['seats']}" for each in proposal["counts"])
    for each in proposal.get("dissent", []):
        name = each["user"] or _("Without a name")
        yield from _words(_("Dissent: %(name)s") % {"name": name}, each["reason"])


def _decision(decision: Part) -> Iterator[str]:
    title = _("Decided: %(verdict)s") % {"verdict": decision["verdict"]}
    title = f"{decision['key']} · {title}"
    if decision.get("review_on"):
        title += " · " + _("review on %(day)s") % {"day": date_format(decision["review_on"])}
    yield from _words(title, decision.get("rationale", ""))
    if decision.get("expected_effect"):
        yield from _words(_("Expected effect"), decision["expected_effect"])
    if decision.get("dissent_words"):
        yield from _words(_("Dissent"), decision["dissent_words"])


def _action(action: Part) -> str:
    line = f"- {_plain(action['title'])}"
    if action.get("owner"):
        line += f" — {_plain(action['owner'])}"
    line += ", " + _("due on %(day)s") % {"day": date_format(action["due_on"])}
    if action.get("success_measure"):
        line += f" ({_plain(action['success_measure'])})"
    return line


def _words(title: str, words: str) -> Iterator[str]:
    """What somebody wrote, as a quotation: no line of it becomes a heading of the minutes."""
    yield ""
    if title:
        yield f"**{_plain(title)}**"
    if words and title:
        yield ""
    yield from (f"> {_plain(line)}".rstrip() for line in words.splitlines())


def _plain(text: object) -> str:
    return _SPECIAL.sub(r"\\\1", " ".join(str(text).split()))


def _moment(at: datetime) -> str:
    return date_format(localtime(at), "DATETIME_FORMAT")


def _time(at: datetime | None) -> str:
    return date_format(localtime(at), "TIME_FORMAT") if at else ""
