"""The words around what a message tells: whose they are, what is filled in, what they cannot do."""

from typing import Any

import pytest
from django.utils import translation
from hypothesis import given, settings
from hypothesis import strategies as st

from backlog.delivery import message_items, message_templates, rendering
from backlog.delivery.message_items import MessageItem
from backlog.models import (
    Customer,
    MessageTemplate,
    Notice,
    Obligation,
    Occasion,
    Product,
    StatusUpdate,
)
from backlog.rules import placeholders
from tests import examples
from tests.conftest import SameQueries
from tests.factories import NOON
from tests.factories import backlog as make

PAY, SHOP = Product(pk=1, name="Pay"), Product(pk=2, name="Shop")


def item(occasion: str = "delivered", product: Product | None = PAY) -> MessageItem:
    return MessageItem(Occasion(occasion), product, "", (), "Two taps.", "")


def template(product: Product | None = None, **facts: Any) -> MessageTemplate:
    return MessageTemplate(
        **{"product": product, "occasion": "delivered", "language": "en", **facts}
    )


def framed(
    *templates: MessageTemplate, items: list[MessageItem], name: str = "Mira"
) -> message_templates.MessageFrame:
    with translation.override("en"):
        return message_templates.MessageTexts(templates).framed(items, name=name, language="en")


class TestTheFrame:
    def test_is_built_in_where_nobody_wrote_another(self) -> None:
        found = framed(items=[item()])

        assert found.subject == "Pay: what became of what you told us"
        assert found.headline == "You told us. Here is what became of it."
        assert found.opening == "Hello Mira, thank you for telling us."
        assert found.closing == ""

    @pytest.mark.parametrize(
        ("occasion", "subject"),
        [
            ("received", "Pay: your words have arrived"),
            ("decided_no", "Pay: decided about what you told us"),
            ("planned", "Pay: where what you told us stands"),
            ("reopened", "Pay: where what you told us stands"),
            ("standing", "Pay: where what you told us stands"),
            ("rolled_back", "Pay: what became of what you told us"),
        ],
    )
    def test_says_no_more_than_has_happened(self, occasion: str, subject: str) -> None:
        found = framed(items=[item(occasion)])

        assert found.subject == subject
        assert ("what became of it" in found.headline) == (
            occasion in {"decided_no", "rolled_back"}
        )

    def test_greets_somebody_whose_name_we_do_not_know(self) -> None:
        assert framed(items=[item()], name="").opening == "Hello, thank you for telling us."

    def test_is_the_products_before_that_of_all_products_part_by_part(self) -> None:
        found = framed(
            template(headline="All", closing="Bye from all"),
            template(PAY, headline="Pay"),
            template(SHOP, headline="Shop", opening="Shop"),
            items=[item()],
        )

        assert (found.headline, found.closing) == ("Pay", "Bye from all")
        assert found.opening == "Hello Mira, thank you for telling us."

    def test_is_not_that_of_another_occasion_or_language(self) -> None:
        others = [
            template(occasion="partly", headline="Partly"),
            template(language="ko", headline="완료"),
        ]

        assert framed(*others, items=[item()]).headline.startswith("You told us.")

    def test_of_a_message_about_several_things_is_the_one_for_several(self) -> None:
        both = [template(headline="One"), template(occasion="several", headline="{{ count }}")]

        assert framed(*both, items=[item(), item("planned")]).headline == "2"
        assert framed(*both, items=[item(), item()]).headline == "One"

    def test_names_every_product_it_is_about_and_else_the_site(self) -> None:
        said = template(headline="{{ product }}")

        assert framed(said, items=[item(product=SHOP), item()]).headline == "Pay · Shop"
        assert framed(said, items=[item(product=None)]).headline == "Hearback"


def is_readable(text: str) -> bool:
    try:
        placeholders.parse(text + "{{ name }}")  # Not even with what follows it in the test.
    except placeholders.Unreadable:
        return False
    return True


WORDS = st.text(
    st.sampled_from("<>&\"'{}%\n\r\x0b\u2028 abc가\\") | st.characters(codec="utf-8"), max_size=60
).filter(is_readable)


@pytest.mark.django_db
@settings(max_examples=examples.WITH_DATABASE)  # Each lays out a message, which takes as long.
@given(said=WORDS, name=WORDS)
def test_no_words_become_mark_up_or_a_header(said: str, name: str) -> None:
    parts = dict.fromkeys(MessageTemplate.PARTS, said + "{{ name }}<i id=planted>")
    words = message_templates.MessageTexts([template(None, **parts)])
    customer = Customer(name=name, language="en")

    message = rendering.sample(customer, [item()], words, at=NOON)

    assert "<i id" not in message.html
    assert "planted" in message.html
    assert len(message.subject.splitlines()) == 1
    for link in ("/sample/", "Two taps.", "Write to me less often, or not at all"):
        assert link in message.html
        assert link in message.text


def notice_of(obligation: Obligation) -> Notice:
    row: Notice = make.NoticeFactory.create(customer=obligation.customer)
    make.NoticeItemFactory.create(notice=row, obligation=obligation)
    return row


def read(notice: Notice) -> str:
    items = message_items.items_of_each([notice])[notice.pk]
    return rendering.render(notice, items, message_templates.load(items), at=NOON).text


@pytest.mark.django_db
class TestStatusUpdateInAMessage:
    def status_update(self, **facts: object) -> Notice:
        row: StatusUpdate = make.StatusUpdateFactory.create(**facts)
        event = make.EventFactory.create(request=row.request)
        return notice_of(make.ObligationFactory.create(event=event, status_update=row))

    def test_is_told_in_our_words_for_customers_and_asks_nothing(self) -> None:
        text = read(self.status_update())

        assert "Not now." in text
        assert "Not this year." in text
        assert "Did this solve it?" not in text
        assert "Read it on your page" in text

    def test_is_told_in_a_plain_sentence_where_nobody_wrote_any(self) -> None:
        text = read(self.status_update(kind="decided_yes", words={}))

        assert "We are going to do it, and tell you when it is done." in text

    def test_is_told_in_a_language_that_has_words_before_a_plain_sentence(self) -> None:
        assert "올해는 어렵습니다." in read(self.status_update(words={"ko": "올해는 어렵습니다."}))

    def test_that_words_arrived_quotes_them(self) -> None:
        said = make.FeedbackFactory.create(verbatim="Paying is slow.")
        owed = make.ObligationFactory.create(
            event=make.EventFactory.create(request=None, subject_id=said.pk),
            request=None,
            feedback=said,
            customer=said.customer,
        )

        text = read(notice_of(owed))

        assert "> Paying is slow." in text
        assert "Your words have arrived." in text

    def test_does_not_quote_what_was_erased(self) -> None:
        said = make.FeedbackFactory.create(verbatim="", search_text="", salt="", erased_at=NOON)
        owed = make.ObligationFactory.create(
            event=make.EventFactory.create(request=None, subject_id=said.pk),
            request=None,
            feedback=said,
            customer=said.customer,
        )

        assert "Your words:" not in read(notice_of(owed))


@pytest.mark.django_db
def test_templates_are_read_by_one_query_however_many_messages(queries: SameQueries) -> None:
    items = [item(product=make.ProductFactory.create()) for _ in range(5)]
    with queries() as few:
        message_templates.load(items[:1])
    with queries() as many:
        message_templates.load(items)
    assert len(few) == len(many) == 1


def test_a_stored_template_is_used_by_the_worker(db: None) -> None:
    make.MessageTemplateFactory.create(product=None, occasion="decided_no", headline="Own words.")

    assert "Own words." in read(TestStatusUpdateInAMessage().status_update())
