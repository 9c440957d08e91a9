"""The e-mail: in the customer's language, safe whatever was said, and easy to be rid of."""

import json
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from pytest_django import Settings

from backlog.delivery import mail, message_items, message_templates, rendering
from backlog.models import CustomerRequest, Notice
from tests.factories import NOON
from tests.factories import backlog as make

pytestmark = pytest.mark.django_db
HOSTILE = '<script>alert(1)</script> {{ site_name }} "quoted" & <b>bold</b>'


def told(
    words: str = "Paying is slow",
    *,
    result: str = "delivered",
    is_pilot: bool = False,
    shipped_where: str = "",
    **customer: object,
) -> Notice:
    person = make.CustomerFactory.create(**{"name": "Mira", **customer})
    feedback = make.FeedbackFactory.create(customer=person, verbatim=words)
    evidence = make.EvidenceFactory.create(feedback=feedback, end=len(words))
    outcome = make.OutcomeFactory.create(
        result=result,
        shipped_at=None if result == "not_delivered" else NOON,
        shipped_where=shipped_where,
        commitment__is_pilot=is_pilot,
    )
    obligation = make.ObligationFactory.create(
        event=make.EventFactory.create(request=evidence.request), customer=person, outcome=outcome
    )
    notice = make.NoticeFactory.create(customer=person, language=person.language)
    make.NoticeItemFactory.create(notice=notice, obligation=obligation)
    return notice


def render(notice: Notice) -> rendering.Message:
    items = message_items.items_of_each([notice])[notice.pk]
    return rendering.render(notice, items, message_templates.load(items), at=NOON)


def as_it_leaves(message: rendering.Message) -> EmailMessage:
    source = mail.automatic_mail(message, to="mira@example.org").message().as_bytes()
    return message_from_bytes(source, policy=policy.default)


def test_both_parts_tell_whose_words_what_became_of_them_and_where_to_answer() -> None:
    message = render(told())

    for part in (message.text, message.html):
        assert "Mira" in part
        assert "Paying is slow" in part
        assert "2 March 2026" in part
        assert "It is done." in part
        assert "Paying takes two taps now." in part
        assert "http://testserver/heard/" in part
        assert "http://testserver/unsubscribe/" in part
    assert "<" not in message.text.replace("> ", "")


def test_says_since_when_and_where_customers_can_use_it() -> None:
    message = render(told(shipped_where="App 5.2 & later"))

    assert "Since 2 March 2026 · App 5.2 & later" in message.text
    assert "Since 2 March 2026 · App 5.2 &amp; later" in message.html


@pytest.mark.parametrize("result", ["not_delivered", "rolled_back"])
def test_names_no_day_from_which_one_could_use_what_is_not_there(result: str) -> None:
    assert "Since" not in render(told(result=result)).text


def test_does_not_call_a_pilot_done() -> None:
    message = render(told(is_pilot=True))

    for part in (message.text, message.html):
        assert "It is being tried out." in part
        assert "It is a pilot: not everybody has it yet." in part
        assert "It is done." not in part
        assert "Did this solve it?" not in part


@pytest.mark.parametrize("result", ["not_delivered", "rolled_back"])
def test_promises_nobody_what_a_pilot_has_not_become(result: str) -> None:
    message = render(told(result=result, is_pilot=True))

    assert "pilot" not in message.text
    assert "tried out" not in message.text


def test_speaks_to_somebody_whose_name_we_do_not_know() -> None:
    message = render(told(name=""))

    assert message.text.startswith("Hello, thank you")


def test_speaks_the_customers_language_whatever_the_worker_speaks() -> None:
    message = render(told(language="ko"))

    assert "이제 두 번만 누르면 결제됩니다." in message.text
    assert "2026년 3월 2일" in message.text
    assert '<html lang="ko"' in message.html
    assert message.headers["Content-Language"] == "ko"


def test_says_when_they_said_it_by_their_own_clock() -> None:
    assert "3 March 2026" in render(told(time_zone="Pacific/Kiritimati")).text


@pytest.mark.parametrize(
    ("result", "question"),
    [("delivered", "Did this solve it?"), ("not_delivered", "Would you tell us what you think?")],
)
def test_asks_whether_it_is_solved_only_where_something_was_done(
    result: str, question: str
) -> None:
    message = render(told(result=result))

    assert question in message.text
    assert question in message.html


def test_words_are_shown_and_never_obeyed() -> None:
    message = render(told(HOSTILE, name="<i>Mira</i>"))

    assert HOSTILE in message.text
    assert "<script" not in message.html
    assert "<b>" not in message.html
    assert "<i>" not in message.html
    assert "&lt;script&gt;alert(1)&lt;/script&gt; {{ site_name }}" in message.html


def test_a_line_break_in_a_name_does_not_break_out_of_the_subject() -> None:
    notice = told()
    product = make.ProductFactory.create(name="Pay\r\nBcc: all@example.org")
    CustomerRequest.objects.update(product=product)

    arrived = as_it_leaves(render(notice))

    assert arrived["Bcc"] is None
    assert arrived["Subject"].startswith("Pay Bcc: all@example.org: ")


def test_the_style_is_written_into_the_elements_and_the_dark_colours_stay_in_the_head() -> None:
    html = render(told()).html

    assert '<a class="button" href="' in html
    assert "border-radius: 12px" in html.partition("<body")[2]
    assert "prefers-color-scheme: dark" in html.partition("<body")[0]
    assert "http" not in html.partition("<body")[0].replace("http://testserver", "")


def test_nothing_is_loaded_from_anywhere() -> None:
    html = render(told()).html

    assert "src=" not in html
    assert "url(" not in html
    assert "<link" not in html


def test_a_repeat_has_the_same_message_id_and_another_message_another() -> None:
    first, second = told(), told()

    assert rendering.message_id(first) == rendering.message_id(first)
    assert rendering.message_id(first) != rendering.message_id(second)
    assert render(first).headers["Message-ID"] == rendering.message_id(first)
    assert rendering.message_id(first).startswith(f"<notice-{first.pk}.")
    assert rendering.message_id(first).endswith("@testserver>")


def test_what_arrives_is_well_formed() -> None:
    arrived = as_it_leaves(render(told(language="ko")))

    assert arrived.get_content_type() == "multipart/alternative"
    kinds = [part.get_content_type() for part in arrived.iter_parts()]
    assert kinds == ["text/plain", "text/html"]
    assert arrived["Auto-Submitted"] == "auto-generated"
    quiet = {each.strip() for each in arrived["X-Auto-Response-Suppress"].split(",")}
    assert {"OOF", "AutoReply"} <= quiet
    assert not {"NDR", "All"} & quiet  # We need to hear of what could not be delivered.
    assert arrived["Date"].datetime == NOON
    assert all(not part.defects for part in arrived.walk())
    assert max(len(line) for line in arrived.as_bytes().splitlines()) < 998


def one_click_url(list_unsubscribe: str, list_unsubscribe_post: str) -> str | None:
    """RFC 8058: an https address in the one header, the magic words in the other."""
    if list_unsubscribe_post.strip() != "List-Unsubscribe=One-Click":
        return None
    inside = [part.strip().strip("<>").strip() for part in list_unsubscribe.split(",")]
    return next((url for url in inside if url.startswith("https://")), None)


def test_one_click_ends_it(settings: Settings) -> None:
    settings.SITE_URL = "https://hear.example.com"

    arrived = as_it_leaves(render(told()))

    url = one_click_url(arrived["List-Unsubscribe"], arrived["List-Unsubscribe-Post"])
    assert url is not None
    assert url.startswith("https://hear.example.com/unsubscribe/")


@pytest.mark.shared
def test_our_reading_of_one_click_is_the_published_one(shared: Path) -> None:
    cases = sorted((shared / "vectors" / "list-unsubscribe").glob("*.json"))
    for path in cases:
        case = json.loads(path.read_text(encoding="utf-8"))
        given, expected = case["input"], case["expected"]
        url = one_click_url(
            given.get("list_unsubscribe") or "", given.get("list_unsubscribe_post") or ""
        )
        assert (url is not None) == (expected["kind"] == "OneClick"), path.name
        assert url is None or url == expected["url"]
    assert cases
