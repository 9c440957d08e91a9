"""The line as people walk it: from words to a request, to a decision, to telling, to an answer."""

import pytest
from playwright.sync_api import expect

from tests.e2e.conftest import Visit
from tests.e2e.visitor import PHONE, Demo, Mail, Visitor, read_mail
from tests.services.conftest import eventually

pytestmark = pytest.mark.e2e

SELECT = """(element, words) => {
  const text = element.firstChild;
  const start = text.data.indexOf(words);
  document.getSelection().setBaseAndExtent(text, start, text, start + words.length);
}"""


def _file_words(
    visitor: Visitor, words: str, *, language: str = "en", name: str = "", email: str = ""
) -> None:
    visitor.go("/admin/backlog/feedback/add/")
    visitor.choose("source", "고객센터")
    visitor.fill(verbatim=words, customer_name=name, customer_email=email)
    visitor.page.locator("[name=language]").last.select_option(language)
    visitor.press("Save")
    expect(visitor.page.get_by_role("main")).to_contain_text(words)


def _open_request(visitor: Visitor, words: str, *, title: str) -> str:
    """Open a request from words in the inbox: its address."""
    visitor.go("/admin/backlog/feedback/?linked=no")
    visitor.follow(words)
    visitor.step("Open a request")
    visitor.choose("product", "누리페이")
    visitor.fill(title=title, problem="Customers must do it by hand.")
    visitor.press("Open a request")
    told = visitor.page.get_by_role("link", name=title)
    expect(visitor.page).to_have_url(f"{visitor.site}/feedback/?linked=no")
    return str(told.get_attribute("href"))


def _assess(visitor: Visitor) -> None:
    visitor.follow("Assess for")
    for criterion in ("customer_pain", "reach", "effort"):
        visitor.page.locator(f"[name={criterion}-value][value='4']").check(force=True)
    visitor.press("Give my assessment")


class TestTheProductManager:
    def test_makes_a_request_of_what_customers_said(self, visit: Visit) -> None:
        visitor = visit("product manager")
        page = visitor.page
        _file_words(visitor, "I type my card number every single time.")
        request = _open_request(
            visitor, "I type my card number", title="Remember the customer's card"
        )

        _file_words(visitor, "Hello. Why forget my card? Bye.")
        visitor.go(f"{request}words/?find=forget my card")
        found = page.locator("[data-excerpt]", has_text="forget my card").first
        found.locator("[data-words]").evaluate(SELECT, "Why forget my card?")
        expect(found.get_by_label("Only this part")).to_have_value("Why forget my card?")
        found.get_by_role("button", name="Link").click()
        expect(page.locator("mark")).to_have_text("Why forget my card?")

        _assess(visitor)
        expect(page.get_by_text("Your assessment is on record.")).to_be_visible()
        visitor.go(request)
        expect(page.locator(".hb-request-head")).to_contain_text("under review")
        expect(
            page.get_by_role("complementary", name="What is next, and the score")
        ).to_contain_text("Priority")

    def test_closes_a_sprint_tells_the_customers_and_hears_their_answer(
        self, visit: Visit, demo: Demo
    ) -> None:
        visitor = visit("product manager")
        page = visitor.page
        _have_two_people_agree(visit, "누리페이")
        who = {"name": "윤하람", "email": "haram2@guest.example.com"}
        _file_words(visitor, "영수증을 찾을 수 없어요.", language="ko", **who)
        request = _open_request(visitor, "영수증을 찾을 수 없어요.", title="Find receipts again")
        _approve(visit, request)
        visitor.go(request)
        page.get_by_text("Take into a sprint").last.click()
        visitor.fill(hypothesis="Fewer calls about receipts", measure="calls a week")
        visitor.press("Take into the sprint")

        outcome = _close_the_sprint(visitor, "PAY", delivered="Find receipts again")
        before = demo.mails()
        _announce_by_two(visit, visitor, outcome, to="윤하람")
        assert eventually(lambda: bool(demo.mails() - before)), "no letter has arrived"
        [arrived] = demo.mails() - before
        mail = read_mail(arrived, demo)
        assert (mail.to, mail.language) == (who["email"], "ko")
        assert "영수증을 찾을 수 없어요." in mail.words
        _answer_no(visit, mail)

        visitor.go(request)
        expect(page.locator(".hb-request-head")).to_contain_text("under review")
        expect(page.locator("#answers")).to_contain_text("작년 것은 아직 없어요.")
        visitor.go("/")
        expect(page.get_by_role("main")).to_contain_text("작년 것은 아직 없어요.")
        visitor.go(outcome)
        visitor.follow("See who was told, and who answered")
        line = page.locator(".hb-loop-row", has_text="윤하람")
        said = ("Find receipts again", "disputed", who["email"], "no", "작년 것은 아직 없어요.")
        for words in said:
            expect(line).to_contain_text(words)

    def test_measures_what_a_sprint_has_shipped(self, visit: Visit) -> None:
        visitor = visit("product manager")
        page = visitor.page
        visitor.go("/sprints/?product=SHOP")
        sprint = page.url
        expect(page.get_by_role("img", name="Burn-up")).to_be_visible()

        visitor.follow("Measure it")
        visitor.fill(before_n="400", before_conversions="36", after_n="410")
        visitor.fill(after_conversions="411")
        visitor.press("Measure it")
        expect(page.get_by_role("main")).to_contain_text("No sample has more conversions")
        visitor.fill(after_conversions="5")
        visitor.press("Measure it")

        expect(page).to_have_url(sprint)
        expect(page.locator(".hb-measured")).to_contain_text("9.0 % → 1.2 %")
        expect(page.locator(".hb-measured .hb-pill")).to_have_text("better")


def _have_two_people_agree(visit: Visit, product: str) -> None:
    """To whatever its customers are told."""
    visitor = visit("admin")
    visitor.go("/admin/backlog/product/")
    visitor.follow(product)
    visitor.fill(countersign_from="1")
    visitor.press("Save")


def _close_the_sprint(visitor: Visitor, product: str, *, delivered: str) -> str:
    """Say of each promise what became of it: the path to announce what was delivered."""
    page = visitor.page
    visitor.go(f"/sprints/?product={product}")
    sprint = page.url
    for promise in page.locator(".hb-promise").all():
        promise.get_by_role("link", name="Say what became of it").wait_for()
    open_ones = page.locator(".hb-promise").filter(has_text="Say what became of it")
    while open_ones.count():
        is_ours = delivered in open_ones.first.inner_text()
        open_ones.first.get_by_role("link", name="Say what became of it").click()
        page.locator("[name=result]").select_option("delivered" if is_ours else "not_delivered")
        visitor.fill(
            summary_ko="영수증을 한곳에 모았습니다." if is_ours else "이번에는 하지 못했습니다.",
            summary_en="Receipts are in one place." if is_ours else "We did not get to it.",
        )
        if not is_ours:
            visitor.fill(missing_ko="다음 스프린트에 합니다.", missing_en="It comes next.")
        visitor.press("Record what became of it")
        expect(page).to_have_url(sprint)
    visitor.follow("Close the sprint")
    visitor.press("Close the sprint")
    expect(page).to_have_url(sprint)
    expect(page.locator(".hb-loop-top .hb-pill").first).to_have_text("closed")
    ours = page.locator(".hb-promise", has_text=delivered)
    path = ours.get_by_role("link", name="Preview and announce").get_attribute("href")
    return str(path)


def _announce_by_two(visit: Visit, visitor: Visitor, outcome: str, *, to: str) -> None:
    """Who wants to tell them asks a colleague, who looks at the same preview and agrees."""
    visitor.go(outcome)
    expect(visitor.page.get_by_role("main")).to_contain_text(to)
    visitor.press("Ask for a countersign")
    expect(visitor.page.get_by_role("main")).to_contain_text("Nobody is told before")

    colleague = visit("admin")
    colleague.go(outcome)
    expect(colleague.page.get_by_role("main")).to_contain_text(to)
    colleague.press("Countersign and announce")
    expect(colleague.page.get_by_role("main")).to_contain_text("countersigned by")


def _answer_no(visit: Visit, mail: Mail) -> None:
    """As the customer, on their phone."""
    customer = visit(language="ko", screen=PHONE)
    customer.go(mail.heard)
    assert "영수증을 한곳에 모았습니다." in customer.text()
    customer.page.get_by_text("아니요", exact=True).click()
    customer.page.get_by_label("더 들려주실 이야기가 있나요?").fill("작년 것은 아직 없어요.")
    customer.press("답변 보내기")
    expect(customer.page.get_by_role("status")).to_contain_text("고맙습니다")
    customer.go(mail.heard)
    assert "작년 것은 아직 없어요." in customer.text()


def _approve(visit: Visit, request: str) -> None:
    """Through the council: in the meeting that is in session it is put to the vote and carried."""
    visitor = visit("secretary")
    page = visitor.page
    visitor.go(request)
    in_session = page.get_by_role("option", name="글씨와 예약 판매 임시 협의회").inner_text()
    page.get_by_label("Meeting").select_option(label=in_session)
    visitor.press("Put on the agenda")
    visitor.follow("Go to the room")
    page.wait_for_url("**/room/")
    room = page.url.removeprefix(visitor.site)
    key = request.strip("/").rpartition("/")[2]
    page.get_by_role("button", name=f"Turn to {key}").click()

    page.get_by_text("Put a proposal to the vote").click()
    visitor.fill(proposal="Many asked, and it is small.")
    visitor.press("Open the vote")
    expect(page.get_by_role("main")).to_contain_text("Nobody sees what others said")
    member = visit("council member")
    member.go(room)
    member.press("yes")
    expect(page.get_by_role("main")).to_contain_text("has answered")

    visitor.press("Close the vote")
    visitor.press("Record the decision")
    expect(page.get_by_role("main")).to_contain_text("On record and sealed: approve.")
    visitor.go(request)
    expect(page.locator("#decisions")).to_contain_text("Many asked, and it is small.")
    expect(page.locator(".hb-request-head")).to_contain_text("approved")


def _on_no_agenda(visitor: Visitor, requests: list[str]) -> str:
    for path in requests:
        visitor.go(path)
        if visitor.page.get_by_role("button", name="Put on the agenda").count():
            return path
    raise AssertionError("every request is on an agenda")


class TestTheSecretary:
    def test_brings_a_request_from_the_board_to_a_decision(self, visit: Visit) -> None:
        visitor = visit("secretary")
        visitor.go("/board/SHOP/?status=under_review")
        rows = visitor.page.locator(".hb-board-rows a").all()
        request = _on_no_agenda(visitor, [str(row.get_attribute("href")) for row in rows])

        _approve(visit, request)

        visitor.go("/board/SHOP/?status=under_review")
        expect(visitor.page.locator(f"[href='{request}']")).to_have_count(0)


class TestACustomer:
    def test_can_ask_not_to_be_told_again(self, visit: Visit, demo: Demo) -> None:
        mails = (read_mail(path, demo) for path in sorted(demo.mails(), reverse=True))
        mail = next(mail for mail in mails if mail.language == "ko")
        customer = visit(screen=PHONE)  # They are spoken to in their language, not the browser's.

        customer.go(mail.unsubscribe)
        assert mail.to not in customer.text()
        customer.press("수신 거부")

        expect(customer.page.get_by_role("main")).not_to_contain_text("받지 않으시겠습니까")
