"""Which words of a mail server end all mail to an address."""

import pytest

from backlog.rules.bounces import is_no_mailbox


@pytest.mark.parametrize(
    "said",
    [
        "5.1.1",
        "smtp;550 5.1.1 The email account that you tried to reach does not exist.",
        "550 No such user here",
        "553 sorry, no mailbox by that name",
        "5.1.10 RecipientNotFound",
        "5.0.0 smtp; 550 No such user",
        "5.1.1 smtp; 550 5.1.1 User unknown",
    ],
)
def test_there_is_no_such_mailbox(said: str) -> None:
    assert is_no_mailbox(said)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "smtp;550 5.7.1 Message rejected as spam by content filtering",
        "550 5.2.2 The mailbox is over its quota",
        "452 4.2.2 Mailbox full",
        "550 5.1.8 Bad sender's system address",
        "421 10.5.1.1 is not allowed to connect",
        "5.0.0 smtp; 550 5.7.1 Our system has blocked your address",
        "5.0.0 smtp; 550 5.2.2 The mailbox is full",
        "5.1.0 smtp; 550 5.7.1 Looks like spam",
        "5.0.0 smtp; 451 id 551 is greylisted",
        "554 delivery error: dd This user does not have an account",
    ],
)
def test_it_may_still_be_a_good_address(said: str) -> None:
    assert not is_no_mailbox(said)
