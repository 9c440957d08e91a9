"""What a mail server's refusal means: its codes (RFC 3463, RFC 5321) and its words together.

One rule for what is refused at the door, for delivery reports and for providers' reports. An
address ends only where the codes or the words speak of a mailbox and nothing speaks against it:
servers say 550 for whatever they dislike, and a relay that is set up wrongly says it to everybody.
"""

import re
from enum import StrEnum
from typing import Final


class Meaning(StrEnum):
    """What a refusal is about."""

    NO_MAILBOX = "no_mailbox"
    DISABLED = "disabled"
    FULL = "full"
    SENDER = "sender"
    RELAY = "relay"
    POLICY = "policy"
    CONTENT = "content"
    LATER = "later"
    UNCLEAR = "unclear"
    OTHER_RECIPIENT = "other_recipient"
    """Only of reports: what came back had gone on to somebody else."""


ENDS: Final = frozenset({Meaning.NO_MAILBOX, Meaning.DISABLED})
"""Nobody writes to such an address again."""
OURS: Final = frozenset({Meaning.RELAY, Meaning.SENDER})
"""These tell of our own server or sender, whoever the recipient was."""

LONGEST: Final = 1000
"""Characters that are looked at."""
KEPT: Final = 300
"""Characters of it that are written down."""
_CODE: Final = re.compile(r"(?<![\d.])[245]\.\d{1,3}\.\d{1,3}(?![\d.])")
_REPLY: Final = re.compile(r"^\s*(?:[245]\.\d+\.\d+\s+)?(?:[\w-]+;\s*)?([2-5]\d\d)(?![\d.])")
# Some servers (Sendmail) make up a status from a reply that had none: it says no more than that.
_MADE_UP: Final = re.compile(r"^\s*(5\.\d+\.\d+)\s+[\w-]+;\s*(5\d\d)(?![\d.])(.*)", re.DOTALL)
_MADE_UP_OF: Final = {"550": "5.1.1", "551": "5.1.6", "553": "5.1.3"}
_SAYS_NOTHING: Final = re.compile(r"[245]\.0\.0$|5\.1\.0$")
_WORDS_COUNT_WITH: Final = ("", "550", "551", "553")

# What is a name and not a word: a mailbox may be called “policy”, and a host “relay.example.org”.
_NAMES: Final = re.compile(
    r"https?://\S+|<[^<>\s]*>|[^\s<>()\[\],;:\"']+@[^\s<>()\[\],;:\"']*|\"[^\"\s]*\""
    r"|(?<![\w.-])[\w-]+(?:\.[\w-]+){2,}|\b[245]\d\d(?=[ -])"
)
_TO_DATA: Final = re.compile(r"in reply to (?:end of )?data")
_WITH_DIGITS: Final = re.compile(r"\S*\d\S*|[^\w\s]")


def _any(*signs: str) -> re.Pattern[str]:
    return re.compile("|".join(signs))


# The first that speaks is believed. “Blocked because the sender fails SPF” is a policy.
_SPEAKS_OF: Final = (
    (
        Meaning.FULL,
        _any(
            r"quota|\bfull\b|storage|(?:disk|no|free|out of|insufficient) ?space",
            r"mailbox size|(?:mailbox|message count) limit|exceed\w* (?:its|the|their) \w*limit",
        ),
    ),
    (Meaning.POLICY, _any(r"\bspf\b|sender policy framework|\bdkim\b|\bdmarc\b|unauthenticated")),
    (
        Meaning.RELAY,
        _any(
            r"\brelay(?:s|ed|ing)?\b(?! recipient table)|rcpthosts|\bnot (?:a )?local\b",
            r"authentication (?:is )?required|not authenticated|authenticate first|smtp auth",
            r"must issue an? (?:auth|starttls)",
            r"(?:log|sign) ?in first|\bnot (?:handle|accept|host|serve|deliver|route|forward)"
            r"(?:ed|s)? (?:any )?(?:e-?mails?|messages?|here)? ?(?:for|to|here)\b",
            r"domain (?:is ?n.t|is not|not) (?:allowed|hosted|local|served|handled|configured)",
        ),
    ),
    (
        Meaning.SENDER,
        _any(
            r"\bsenders?\b|(?<!in reply to )mail[ -]?from\b|\bfrom\b'? (?:address|header)",
            r"return[ -]?path|envelope[ -]from|reverse[ -]path|originator",
            r"verification failed for|call(?:out|back)",
        ),
    ),
    (
        Meaning.LATER,
        _any(
            r"temporar|try (?:again )?later|gr[ea]ylist|unverified|timed? ?out",
            r"lookup (?:fail|error)",
        ),
    ),
    (
        Meaning.POLICY,
        _any(
            r"polic(?:y|ies)|black ?list|block|\bdenied|deny\b|dnsbl|\brbl\b|spamhaus|barracuda",
            r"reputation|\bbann|forbid|prohibit|permitted|permission|authori[sz]|allowed to",
            r"administrative|security|restrict|\brate\b|throttl|too many|too fast|too quickly",
            r"\brefuse|unwelcome|\btrust|\bhelo\b|\behlo\b|\bptr\b|\brdns\b|reverse dns",
            r"\byour (?:\w+ )?(?:ip|host|server|network|provider|domain|account|client)",
            r"client host|(?:are|is|was|been|ip|host) listed",
        ),
    ),
    (
        Meaning.CONTENT,
        _any(
            r"spam\b|spammy|spamm?ing|virus|malware|phish|\bjunk|unsolicited|\bbulk\b|content",
            r"attachment|too (?:large|big|long)|size (?:limit|exceed)|suspicious|suspected",
            r"harmful|dangerous",
            r"\b(?:message|e-?mail|data|body|header|subject) (?:\w+ ){0,3}(?:reject|discard|drop)",
        ),
    ),
)
_NOUN: Final = (
    r"(?:user|recipient|mailbox|mail ?box|addressee|local[ -]part|(?:e-?mail |user )?account"
    r"|e-?mail address|recipient address|person)"
)
_MAILBOX: Final = _any(
    rf"\bno such (?:\w+ )?{_NOUN}|\bno such (?:local )?(?:address|person|name|id)\b",
    rf"\bunknown (?:\w+ )?{_NOUN}|\bno {_NOUN} (?:\w+ )?(?:here|by|with|of|found|exists)",
    rf"\b{_NOUN}\b[^.;]{{0,60}}?\b(?:unknown|not (?:be )?(?:found|known)|not exist"
    r"|(?:does|do|did|could)(?: ?n.t| not) exist|no longer exists?|non-?exist)",
    r"\binvalid (?:mailbox|user)\b|\bnot a valid (?:user|mailbox)\b",
    r"\b(?:does|do)(?: ?n.t| not) have an? (?:[\w.]+ )?(?:account|mailbox)",
    r"\bmailbox name not allowed|\bnobody (?:here|by|of)\b|recipientnotfound",
)
_DISABLED: Final = _any(
    rf"\b{_NOUN}\b[^;]{{0,80}}?\b(?:disabled|deactivated|inactive|closed|discontinued)",
    rf"\b{_NOUN}\b[^;]{{0,80}}?\b(?:terminated|no longer (?:active|in use|available))",
    rf"\b(?:disabled|inactive|closed) {_NOUN}",
)
_DIRECTORY_SAYS_NO: Final = re.compile(r"recipient address rejected: access denied")

_OF_CODE: Final[tuple[tuple[re.Pattern[str], Meaning], ...]] = (
    (re.compile(r"5\.1\.(?:1|3|6|10)$"), Meaning.NO_MAILBOX),
    (re.compile(r"5\.1\.[78]$|5\.7\.27$"), Meaning.SENDER),
    (re.compile(r"5\.2\.[23]$"), Meaning.FULL),
    (re.compile(r"5\.7\."), Meaning.POLICY),
    (re.compile(r"5\.6\.|5\.3\.4$"), Meaning.CONTENT),
)


def meaning_of(diagnostic: str) -> Meaning:
    """What a refusal is about, given as “550 5.1.1 words” or as “5.1.1 smtp; 550 words”.

    What speaks of us, of the moment or of the message counts before what speaks of a mailbox,
    words before codes; what contradicts itself ends no address.
    """
    diagnostic = diagnostic[:LONGEST]
    words, codes, reply = _words(diagnostic), _codes(diagnostic), _reply(diagnostic)
    spoken = _by_step(_spoken(words, codes), words)
    if reply.startswith(("2", "4")) or any(code[0] in "24" for code in codes):
        tells = spoken in (Meaning.FULL, Meaning.SENDER, Meaning.RELAY)
        return spoken if tells and not _of_system(codes) else Meaning.LATER
    if spoken is Meaning.UNCLEAR and not codes and reply in _WORDS_COUNT_WITH:
        spoken = Meaning.NO_MAILBOX if _MAILBOX.search(words) else spoken
        return _by_step(spoken, words)
    return spoken


def is_no_mailbox(diagnostic: str) -> bool:
    """Whether nobody should write to that address again."""
    return meaning_of(diagnostic) in ENDS


def likeness(diagnostic: str) -> str:
    """The same for refusals that say the same, whomever they name; empty for the empty."""
    diagnostic = diagnostic[:KEPT]
    meaning = meaning_of(diagnostic)
    if meaning in OURS:
        return meaning.value
    gist = " ".join(_WITH_DIGITS.sub(" ", _words(diagnostic)).split())
    return " ".join([_reply(diagnostic), *_CODE.findall(diagnostic)[:1], gist]).strip()


def domains_enough(meaning: Meaning) -> int:
    """So many domains in a row refuse in the same way only if it is our own side.

    Dead addresses do come one after the other; a server that names us leaves less to chance.
    """
    if meaning in ENDS:
        return 5
    return 2 if meaning in OURS else 3


def _words(diagnostic: str) -> str:
    return " ".join(_NAMES.sub(" ", diagnostic.lower()).split())


def _reply(diagnostic: str) -> str:
    found = _REPLY.match(diagnostic)
    return found[1] if found else ""


def _codes(diagnostic: str) -> list[str]:
    made_up = _MADE_UP.match(diagnostic)
    if made_up and _MADE_UP_OF.get(made_up[2]) == made_up[1]:
        diagnostic = made_up[3]
    return [code for code in _CODE.findall(diagnostic) if not _SAYS_NOTHING.match(code)]


def _spoken(words: str, codes: list[str]) -> Meaning:
    """By words that are not about a mailbox, else by codes."""
    if codes and set(codes) == {"5.4.1"} and _DIRECTORY_SAYS_NO.search(words):
        return Meaning.NO_MAILBOX  # Microsoft's servers, of who is not in their directory.
    about = next((meaning for meaning, sign in _SPEAKS_OF if sign.search(words)), None)
    if about is not None:
        return about
    if codes and set(codes) == {"5.2.1"} and _DISABLED.search(words):
        return Meaning.DISABLED
    found = [_of_code(code) for code in codes]
    return next(
        (each for each in found if each not in ENDS), found[0] if found else Meaning.UNCLEAR
    )


def _of_code(code: str) -> Meaning:
    return next((it for sign, it in _OF_CODE if sign.match(code)), Meaning.UNCLEAR)


def _of_system(codes: list[str]) -> bool:
    """Not a mailbox, but the server itself has no room."""
    return any(code.startswith("4.3.") for code in codes)


def _by_step(meaning: Meaning, words: str) -> Meaning:
    """Only the answer to RCPT tells of the recipient; Postfix names another one, and so do we."""
    if meaning not in ENDS | {Meaning.UNCLEAR}:
        return meaning
    if "in reply to mail from" in words:
        return Meaning.SENDER
    return Meaning.UNCLEAR if _TO_DATA.search(words) else meaning
