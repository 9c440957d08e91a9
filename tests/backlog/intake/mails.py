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
