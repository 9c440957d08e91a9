"""What comes back to the sender, as Postfix and large providers write it."""

_ORIGINAL = "Message-ID: {message_id}\nSubject: What became of what you told us\n\nDear Mira\n"


def dsn(
    message_id: str, action: str, status: str, said: str, *, to: str = "mira@example.org"
) -> bytes:
    return _report(
        "delivery-status",
        "Reporting-MTA: dns; mail.example.com\nArrival-Date: Mon, 2 Mar 2026 11:00:00 +0000\n\n"
        f"Final-Recipient: rfc822; {to}\nAction: {action}\nStatus: {status}\n"
        f"Diagnostic-Code: {said}\nLast-Attempt-Date: Mon, 2 Mar 2026 12:00:00 +0000\n",
        message_id,
    )


def qmail(message_id: str, said: str, *, to: str = "mira@example.org") -> bytes:
    return (
        "From: MAILER-DAEMON@mail.example.com\nSubject: failure notice\n\n"
        "Hi. This is the qmail-send program at mail.example.com.\n"
        "I'm afraid I wasn't able to deliver your message to the following addresses.\n"
        "This is a permanent error; I've given up. Sorry it didn't work out.\n\n"
        f"<{to}>:\n{said}\n\n"
        "--- Below this line is a copy of the message.\n\nReturn-Path: <us@example.com>\n"
        f"To: {to}\n{_ORIGINAL.format(message_id=message_id)}"
    ).encode()


def complaint(message_id: str, kind: str) -> bytes:
    return _report(
        "feedback-report",
        f"Feedback-Type: {kind}\nUser-Agent: Provider/1.0\nVersion: 1\n",
        message_id,
    )


def _report(kind: str, fields: str, message_id: str) -> bytes:
    return (
        "From: MAILER-DAEMON@mail.example.com\nSubject: Undelivered\nMIME-Version: 1.0\n"
        f'Content-Type: multipart/report; report-type={kind}; boundary="x"\n\n'
        "--x\nContent-Type: text/plain\n\nYour message could not be delivered.\n"
        f"--x\nContent-Type: message/{kind}\n\n{fields}\n"
        f"--x\nContent-Type: message/rfc822\n\n{_ORIGINAL.format(message_id=message_id)}\n--x--\n"
    ).encode()
