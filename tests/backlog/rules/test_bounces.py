"""What the codes and words of a mail server mean, and which of them end all mail to an address."""

from typing import Final

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from backlog.rules import bounces
from backlog.rules.bounces import Meaning


@pytest.mark.parametrize(
    "said",
    [
        "5.1.1",
        "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "550 No such user here",
        "553 sorry, no mailbox by that name",
        "5.1.10 RecipientNotFound",
        "550 5.1.10 RESOLVER.ADR.RecipientNotFound; m@x.kr not found by SMTP address lookup",
        "5.0.0 smtp; 550 No such user",
        "5.1.1 smtp; 550 5.1.1 User unknown",
        "5.1.1 smtp; 550 No such user",
        "550 5.1.6 Mailbox has moved",
        "550 5.1.1 <m@x.kr>: Recipient address rejected: User unknown in relay recipient table",
        "550 5.1.1 <policy@spam.example.org>: Recipient address rejected: User unknown",
        "550 Message was not accepted -- invalid mailbox. Local mailbox m@x.kr: user not found",
        "550 Unknown user",
        "550 Recipient unknown",
        '5.1.1 X-Postfix; unknown user: "quota"',
        "5.4.1 smtp; 550 5.4.1 Recipient address rejected: Access denied. AS(201806281) [x.y.com]",
    ],
)
def test_there_is_no_such_mailbox(said: str) -> None:
    assert bounces.meaning_of(said) is Meaning.NO_MAILBOX
    assert bounces.is_no_mailbox(said)


@pytest.mark.parametrize(
    "said",
    [
        "5.2.1 smtp; 550 5.2.1 The email account that you tried to reach is disabled.",
        "550 5.2.1 This mailbox was closed",
        "550-5.2.1 The user is no longer active",
    ],
)
def test_a_mailbox_closed_for_good_ends_too(said: str) -> None:
    assert bounces.meaning_of(said) is Meaning.DISABLED
    assert bounces.is_no_mailbox(said)


@pytest.mark.parametrize(
    ("said", "meaning"),
    [
        ("", Meaning.UNCLEAR),
        ("smtp;550 5.7.1 Message rejected as spam by content filtering", Meaning.CONTENT),
        ("550 5.2.2 The mailbox is over its quota", Meaning.FULL),
        ("452 4.2.2 Mailbox full", Meaning.FULL),
        ("550 5.2.2 Sorry", Meaning.FULL),
        ("552 5.2.3", Meaning.FULL),
        ("550 5.1.8 Bad sender's system address", Meaning.SENDER),
        ("421 10.5.1.1 is not allowed to connect", Meaning.LATER),
        ("5.0.0 smtp; 550 5.7.1 Our system has blocked your address", Meaning.POLICY),
        ("5.0.0 smtp; 550 5.2.2 The mailbox is full", Meaning.FULL),
        ("5.1.0 smtp; 550 5.7.1 Looks like spam", Meaning.CONTENT),
        ("5.0.0 smtp; 451 id 551 is greylisted", Meaning.LATER),
        ("554 delivery error: dd This user does not have an account", Meaning.UNCLEAR),
        # Exim, OpenSMTPD, Postfix, qmail and Sendmail, of a domain or a sender they do not like.
        ("550 relay not permitted", Meaning.RELAY),
        ("454 4.7.1 <m@x.kr>: Relay access denied", Meaning.RELAY),
        ("553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)", Meaning.RELAY),
        ("551 User not local; please try <m@x.kr>", Meaning.RELAY),
        ("550 5.4.1 Relay Access Denied", Meaning.RELAY),
        ("550 5.7.54 SMTP; Unable to relay recipient in non-accepted domain", Meaning.RELAY),
        ("530 5.7.0 Must issue an AUTH command first", Meaning.RELAY),
        ("550 Verification failed for <us@x.kr> Unrouteable address", Meaning.SENDER),
        ("550 5.1.8 <us@x.kr>: Sender address rejected: Domain not found", Meaning.SENDER),
        ("450 4.1.8 <us@x.kr>: Sender address rejected: Domain not found", Meaning.SENDER),
        ("550 Invalid recipient", Meaning.UNCLEAR),
        ("550 Unrouteable address", Meaning.UNCLEAR),
        ("550 5.1.2 <m@x.kr>... Host unknown", Meaning.UNCLEAR),
        # Sendmail makes up the status of a reply that had none.
        ("5.1.1 smtp; 550 Message refused", Meaning.POLICY),
        ("5.1.1 smtp; 550 SPF check failed", Meaning.POLICY),
        ("550 5.7.23 Rejected because of Sender Policy Framework violation", Meaning.POLICY),
        ("5.1.1 smtp; 550 Blocked by our blacklist", Meaning.POLICY),
        ("5.1.1 smtp; 550 Sorry", Meaning.UNCLEAR),
        ("5.1.6 smtp; 551 Sorry", Meaning.UNCLEAR),
        ("550 Requested action not taken: mailbox unavailable", Meaning.UNCLEAR),
        ("556 Sorry", Meaning.UNCLEAR),
        ("550 5.2.1", Meaning.UNCLEAR),
        ("550 5.2.1 Mailbox temporarily disabled", Meaning.LATER),
        ("550 Your account has been disabled", Meaning.POLICY),
        ("550 5.1.1 Mailbox full", Meaning.FULL),
        ("4.1.1 smtp; 550 5.1.1 User unknown", Meaning.LATER),
        ("452 4.3.1 Insufficient system storage", Meaning.LATER),
        # Only the answer to the recipient's name is about the recipient.
        ("550 Go away (in reply to MAIL FROM)", Meaning.SENDER),
        ("550 5.1.1 User unknown (in reply to MAIL FROM)", Meaning.SENDER),
        ("550 5.1.1 User unknown (in reply to end of DATA command)", Meaning.UNCLEAR),
    ],
)
def test_it_may_still_be_a_good_address(said: str, meaning: Meaning) -> None:
    assert bounces.meaning_of(said) is meaning
    assert not bounces.is_no_mailbox(said)


_REPLIES: Final = st.sampled_from(
    ["", *map(str, (421, 450, 451, 452, 500, 501, 521, 530, 550, 551, 552, 553, 554, 556))]
)
_CODES: Final = st.one_of(
    st.just(""), st.builds("{}.{}.{}".format, st.sampled_from("45"), *[st.integers(0, 12)] * 2)
)
_ABOUT_US: Final = st.sampled_from(
    [
        *("relay not permitted", "Relaying denied", "we do not relay", "relay access denied"),
        *("Sender address rejected", "Sender verify failed", "Verification failed for <us@x.kr>"),
        *("invalid sender", "bad return-path", "MAIL FROM refused"),
        *("rejected by policy", "Message refused", "SPF check failed", "DKIM signature invalid"),
        *("Blocked by our blacklist", "listed at Spamhaus", "administrative prohibition"),
        *("mailbox is over quota", "Mailbox full", "insufficient storage", "out of disk space"),
        *("message looks like spam", "virus found", "message content rejected"),
        *("temporarily deferred", "try again later", "greylisted"),
    ]
)
_ABOUT_A_MAILBOX: Final = st.sampled_from(["", "User unknown", "no such mailbox", "Recipient"])
_FORMS: Final = st.sampled_from(["{reply} {code} {words}", "{code} smtp; {reply} {words}"])


@given(_FORMS, _REPLIES, _CODES, st.permutations([0, 1, 2]), _ABOUT_US, _ABOUT_A_MAILBOX, st.text())
@example("{reply} {code} {words}", "550", "5.1.1", [0, 1, 2], "relay not permitted", "", "")
def test_no_refusal_about_relay_sender_policy_or_quota_ends_an_address(
    form: str, reply: str, code: str, order: list[int], about_us: str, about: str, noise: str
) -> None:
    """Whatever else is said beside it, in whatever order."""
    words = [about_us, about, "".join(c for c in noise if not c.isalnum() and c not in '@<>".')]
    said = form.format(reply=reply, code=code, words=" ".join(words[each] for each in order))

    assert not bounces.is_no_mailbox(said)
    assert not bounces.is_no_mailbox(said.upper())


@given(_REPLIES, _CODES)
def test_no_reply_without_words_ends_an_address_but_by_its_code(reply: str, code: str) -> None:
    ends = code in {"5.1.1", "5.1.3", "5.1.6", "5.1.10"} and not reply.startswith("4")

    assert bounces.is_no_mailbox(f"{reply} {code} Sorry".strip()) is ends


@given(st.text(max_size=500))
def test_any_words_have_a_meaning(said: str) -> None:
    assert bounces.meaning_of(said) in Meaning
    assert bounces.likeness(said) == bounces.likeness(said[: bounces.KEPT])


class TestLikeness:
    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("550 Invalid recipient <a@a.kr>", "550 Invalid recipient <b@b.kr>"),
            ("550 <a@a.kr> id 4Xy1: go away", "550 <b@b.kr> id 9Zz8: go away"),
            ("550 relay not permitted", "554 5.7.1 Relay access denied"),
        ],
    )
    def test_is_the_same_whoever_is_named(self, one: str, other: str) -> None:
        assert bounces.likeness(one) == bounces.likeness(other)

    def test_is_another_for_another_refusal(self) -> None:
        said = ["550 Invalid recipient", "550 5.1.1 Unknown", "451 Later", "550 relay denied"]

        assert len({bounces.likeness(each) for each in said}) == len(said)
