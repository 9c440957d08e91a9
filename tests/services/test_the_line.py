"""The whole line over HTTP, with a real worker and a real mail server and nothing faked.

Three customers ask in their own words and languages: Minsu twice, Mira once, and Jiho, who takes
back his consent before anybody is told.
"""

import json
import re
import urllib.request
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from urllib.parse import urlencode

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from pytest_django.live_server_helper import LiveServer

from backlog.models import User
from backlog.operations import api_tokens, memberships
from backlog.rules import roles
from tests.services.conftest import Worker, eventually
from tests.smtp import Delivery, Postbox

pytestmark = [
    pytest.mark.services,
    pytest.mark.django_db(transaction=True),
]

MINSU, MIRA, JIHO = "minsu@example.org", "mira@example.org", "jiho@example.org"
SAID = {
    "minsu-1": (MINSU, "ko", "결제할 때마다 카드 번호를 다시 넣어야 해요"),
    "minsu-2": (MINSU, "ko", "아직도 카드가 저장되지 않네요"),
    "mira-1": (MIRA, "en", "Why must I type my card number every single time?"),
    "jiho-1": (JIHO, "ko", "카드 정보를 기억해 주세요"),
}
DONE = {"ko": "이제 카드가 기억됩니다.", "en": "Your card is remembered now."}
IN_ORDER = [
    "feedback.said",
    "request.opened",
    "evidence.linked",
    "request.assessed",
    "decision.recorded",
    "request.committed",
    "outcome.recorded",
    "outcome.announced",
    "customer.told",
    "reply.received",
]


class Http:
    """Speaks to the running site as somebody with a token."""

    def __init__(self, site: str, user: User) -> None:
        self._site = f"{site}/api/v1"
        _, self._secret = api_tokens.issue_token(
            owner=user,
            name="the line",
            scopes=api_tokens.SCOPES,
            lasts=timedelta(days=1),
            by=user,
            at=timezone.now(),
        )

    def get(self, path: str) -> Any:
        return self._call(path, None)

    def post(self, path: str, **body: Any) -> Any:
        return self._call(path, json.dumps(body).encode())

    def _call(self, path: str, body: bytes | None) -> Any:
        headers = {"Authorization": f"Bearer {self._secret}", "Content-Type": "application/json"}
        asked = urllib.request.Request(self._site + path, data=body, headers=headers)
        with urllib.request.urlopen(asked, timeout=20) as answer:
            return json.load(answer)


def prepare(admin: Http, chair: User, secretary: User, member: User) -> int:
    """A product, a way in, and a council with one department on it; returns the council."""
    admin.post("/products/", prefix="PAY", name="Hanbit Pay")
    admin.post("/sources/", key="survey", name="Survey", kind="survey", product="PAY")
    sales = admin.post("/departments/", name="Sales")
    memberships.join_department(
        user_id=member.pk, department_id=sales["id"], by=None, at=timezone.now()
    )
    council = admin.post(
        "/councils/",
        name="Customer council",
        products=["PAY"],
        chair=chair.email,
        secretary=secretary.email,
    )
    seat = admin.post("/seats/", council=council["id"], department=sales["id"])
    admin.post(f"/seats/{seat['id']}/appoint/", user=member.email)
    return int(council["id"])


def listen(manager: Http) -> list[int]:
    return [
        manager.post(
            "/feedback/",
            source="survey",
            external_id=number,
            verbatim=words,
            customer={"email": email, "name": email.partition("@")[0], "language": language},
        )["id"]
        for number, (email, language, words) in SAID.items()
    ]


def decide(council: int, request: str, *, member: Http, secretary: Http) -> None:
    """Sales assesses, the council meets and approves."""
    [model] = member.get("/scoring-models/")["results"]
    answers = {each["key"]: {"value": 4, "confidence": "high"} for each in model["criteria"]}
    member.post(f"/requests/{request}/assessments/", answers=answers)
    starts_at = timezone.now().isoformat()
    meeting = secretary.post("/meetings/", council=council, title="March", starts_at=starts_at)
    item = secretary.post("/agenda-items/", meeting=meeting["id"], request=request)
    secretary.post(f"/meetings/{meeting['id']}/start/")
    member.post(f"/meetings/{meeting['id']}/attend/")
    secretary.post(
        "/decisions/",
        council=council,
        request=request,
        agenda_item=item["id"],
        verdict="approve",
        rationale="Three customers type their card number every time.",
    )
    secretary.post(f"/meetings/{meeting['id']}/end/")


def deliver(request: str, *, manager: Http) -> int:
    """Into a sprint and out again; returns the outcome."""
    today = timezone.now().date()
    sprint = manager.post(
        "/sprints/", product="PAY", name="Sprint 1", starts_on=f"{today}", ends_on=f"{today}"
    )
    commitment = manager.post("/commitments/", sprint=sprint["id"], request=request)
    manager.post(f"/sprints/{sprint['id']}/start/")
    outcome = manager.post(
        "/outcomes/", commitment=commitment["id"], result="delivered", summary=DONE
    )
    manager.post(f"/sprints/{sprint['id']}/close/")
    return int(outcome["id"])


def text_of(delivery: Delivery) -> str:
    body = delivery.mail.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def answer(text: str, verdict: str, words: str) -> None:
    """As a customer does: open the link in the mail, choose, send."""
    [link] = re.findall(r"http://\S+/heard/\S+", text)
    with urllib.request.urlopen(link, timeout=20) as page:
        shown = page.read().decode()
    [obligation] = re.findall(r'name="obligation" value="(\d+)"', shown)
    filled = urlencode({"obligation": obligation, "verdict": verdict, "words": words})
    with urllib.request.urlopen(link, data=filled.encode(), timeout=20) as thanks:
        assert words in thanks.read().decode()


def check_mails(box: Postbox) -> dict[str, str]:
    """Two, each in the right language and with the right words, and nobody else's."""
    box.wait_for(2)
    mail = {delivery.to: text_of(delivery) for delivery in box.deliveries}
    assert set(mail) == {MINSU, MIRA}
    for asker, language, words in SAID.values():
        for to, text in mail.items():
            assert (words in text) == (to == asker)
            assert (DONE[language] in text) or to != asker
    return mail


def check_obligations(request: str, manager: Http) -> None:
    def told() -> list[tuple[str, str]]:
        rows = manager.get(f"/obligations/?request={request}")["results"]
        return sorted((row["status"], row["reason"]) for row in rows)

    # The council's “yes”, which nobody announced by itself, was told with the outcome.
    of_the_yes = [("superseded", ""), ("superseded", ""), ("suppressed", "no_consent")]
    expected = sorted([*of_the_yes, ("partly", ""), ("suppressed", "no_consent"), ("told", "")])
    assert eventually(lambda: told() == expected), told()


def check_line(request: str, manager: Http) -> None:
    line = manager.get(f"/requests/{request}/history/")
    kinds = [entry["kind"] for entry in line]
    assert [kind for kind in dict.fromkeys(kinds) if kind in IN_ORDER] == IN_ORDER
    assert kinds.count("feedback.said") == 4
    assert kinds.count("customer.told") == 2
    assert kinds.count("obligation.suppressed") == 2
    assert "On my tablet it still asks." in {entry["words"] for entry in line}
    assert [entry["at"] for entry in line] == sorted(entry["at"] for entry in line)


@pytest.fixture(autouse=True)
def groups(transactional_db: None) -> None:
    """Emptying the tables after an earlier test took away what a migration had put there."""
    for role in roles.PERMISSIONS:
        Group.objects.get_or_create(name=role)


@pytest.fixture
def start(start_worker: Callable[[], Worker]) -> Worker:
    return start_worker()


def test_three_customers_ask_and_hear_back(
    live_server: LiveServer,
    start: Worker,
    box: Postbox,
    ada: User,
    mina: User,
    sora: User,
    noor: User,
) -> None:
    admin, manager, secretary, member = (
        Http(live_server.url, colleague) for colleague in (ada, mina, sora, noor)
    )
    council = prepare(admin, ada, sora, noor)
    heard = listen(manager)
    request = manager.post(
        "/requests/",
        product="PAY",
        title="Remember the card",
        problem="Customers type their card number for every payment.",
        feedback=heard,
    )["key"]
    decide(council, request, member=member, secretary=secretary)
    outcome = deliver(request, manager=manager)

    [jiho] = [each for each in manager.get("/customers/")["results"] if each["name"] == "jiho"]
    manager.post(f"/customers/{jiho['id']}/withdraw-consent/", purpose="loop")
    assert not box.deliveries
    manager.post(f"/outcomes/{outcome}/announce/")

    mail = check_mails(box)
    answer(mail[MIRA], "partly", "On my tablet it still asks.")

    check_obligations(request, manager)
    check_line(request, manager)
    assert len(box.deliveries) == 2
