"""What a failure to send means, in words: servers answer in numbers and in jargon."""

import re
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from backlog.errors import UNWRITABLE
from backlog.rules import bounces
from backlog.rules.bounces import Meaning

_REPLY: Final = re.compile(r"([2-5]\d\d)\b")
_TRY_LATER: Final = _("The server asks us to try again later.")
_WORDS: Final[dict[str, StrOrPromise]] = {
    "401": _("The mail provider does not accept our key."),
    "421": _("The server is closing down or too busy to talk."),
    "429": _("The mail provider takes no more messages for now."),
    "450": _("The mailbox is busy or locked, or the server wants to see us try again."),
    "451": _("The server had trouble of its own."),
    "452": _("The server has no room left."),
    "454": _("The server cannot sign anybody in right now."),
    "501": _("The server does not understand the address."),
    "503": _("The server wants another order of steps: perhaps signing in first."),
    "530": _("The server wants us to sign in first."),
    "534": _("The server wants another, stronger way of signing in."),
    "535": _("The server does not accept our user name and password."),
    "550": _("The server refuses the address or our mail, and does not say clearly why."),
    "551": _("The customer's mailbox is elsewhere."),
    "552": _("The mailbox is full, or the message too large for it."),
    "553": _("The server does not accept the address."),
    "554": _("The server refuses the message, perhaps as spam."),
    "556": _("The domain takes no mail."),
}
_MEANINGS: Final[dict[Meaning, StrOrPromise]] = {
    Meaning.NO_MAILBOX: _("There is no such mailbox."),
    Meaning.DISABLED: _("The mailbox was closed for good."),
    Meaning.FULL: _("The mailbox is full."),
    Meaning.SENDER: _("Our sender address is not accepted."),
    Meaning.RELAY: _("Our mail server does not pass on our mail, or wants us to sign in first."),
    Meaning.POLICY: _("A policy refuses our mail: a blocklist, for instance, or SPF and DKIM."),
    Meaning.CONTENT: _("The server refuses what the message says, or its size."),
}
_WITHOUT_REPLY: Final[tuple[tuple[str, StrOrPromise], ...]] = (
    (f"{UNWRITABLE} OverflowError", _("A date in it is too far away to be shown.")),
    (f"{UNWRITABLE} Unicode", _("A text in it has a character that cannot be sent.")),
    (f"{UNWRITABLE} Template", _("Its template cannot be read.")),
    (f"{UNWRITABLE} Unreadable", _("Its template cannot be filled in.")),
    (UNWRITABLE, _("It cannot be written: something that it tells is not as it should be.")),
    ("not an e-mail address", _("The address is not an e-mail address.")),
    ("the provider refuses our sender", _("Our sender address is not accepted.")),
    ("the provider refuses", _("The mail provider refuses the address or the message.")),
    ("the provider knows no", _("The mail provider knows no such address.")),
    ("timed out", _("The server did not answer in time.")),
    ("refused", _("Nothing listens where our mail server should be.")),
    ("Name or service not known", _("The name of our mail server cannot be found.")),
    ("name resolution", _("The name of our mail server cannot be found.")),
    ("unexpectedly closed", _("The line broke while we talked to the server.")),
    ("reset by peer", _("The line broke while we talked to the server.")),
    ("certificate", _("The server's certificate cannot be trusted.")),
)


_OF_MAIL: Final = ("450", "452", "550", "551", "552", "553", "554", "556")
"""What mail servers answer with when they mean one of many things."""
_OF_SESSION: Final = ("401", "421", "429", "530", "534", "535")
_REMEDIES: Final[dict[Meaning, StrOrPromise]] = {
    Meaning.RELAY: _(
        "Let the mail server named in EMAIL_URL pass on mail from here, or sign in to it."
    ),
    Meaning.SENDER: _("Look at EMAIL_FROM: it must be an address that the mail server accepts."),
    Meaning.POLICY: _(
        "Look whether our server is on a blocklist, and at SPF, DKIM and DMARC of our domain."
    ),
}
_USUAL_REMEDY: Final = _(
    "Look at the mail server named in EMAIL_URL: it says the same whoever we write to."
)


@dataclass(frozen=True, slots=True)
class Cause:
    """`code` is the server's number, or empty if it gave none."""

    code: str
    words: StrOrPromise


def cause_of(failure: str) -> Cause:
    """The cause behind a notice's last failure."""
    reply = _REPLY.match(failure)
    if reply is None:
        known = (words for sign, words in _WITHOUT_REPLY if sign in failure)
        return Cause("", next(known, failure))
    code, meaning = reply[1], bounces.meaning_of(failure)
    is_meant = code in _OF_MAIL or (meaning in bounces.OURS and code not in _OF_SESSION)
    if is_meant and meaning in _MEANINGS:
        return Cause(code, _MEANINGS[meaning])
    by_default = _TRY_LATER if code.startswith("4") else _("The server refuses the message.")
    return Cause(code, _WORDS.get(code, by_default))


def remedy_of(failure: str) -> StrOrPromise:
    """What to look at where our own server or sender is refused for this."""
    return _REMEDIES.get(bounces.meaning_of(failure), _USUAL_REMEDY)
