"""Minutes as PDF: where the machine can make one, from nothing but what is on the page."""

from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from backlog.models import User
from council.delivery import minutes_pdf
from council.models import Meeting
from tests.backlog.pages.conftest import signed_in
from tests.factories import council as make

pytestmark = pytest.mark.django_db
needs_pango = pytest.mark.skipif(
    not minutes_pdf.is_there(), reason="needs the extra pdf, and Pango on the machine"
)


@pytest.fixture
def held(sora: User) -> Meeting:
    now = timezone.now()
    meeting: Meeting = make.MeetingFactory.create(
        council__secretary=sora,
        title="오월 회의",
        starts_at=now,
        status="minutes_draft",
        opened_at=now,
        ended_at=now,
    )
    make.AgendaItemFactory.create_batch(30, meeting=meeting, request=None, title="안건")
    return meeting


@pytest.fixture
def secretary(sora: User) -> Client:
    return signed_in(sora)


@pytest.fixture
def without_pango(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(minutes_pdf, "is_there", lambda: False)


@needs_pango
def test_is_a_pdf_of_several_pages(secretary: Client, held: Meeting) -> None:
    page = secretary.get(f"/meetings/{held.pk}/minutes/").content.decode()
    answer = secretary.get(f"/meetings/{held.pk}/minutes/pdf/?edition=internal")

    assert f"/meetings/{held.pk}/minutes/pdf/" in page
    assert answer["Content-Type"] == "application/pdf"
    assert answer.content.startswith(b"%PDF-")
    assert len(answer.content) > 5_000


@needs_pango
@pytest.mark.parametrize("url", ["https://example.org/x.png", "file:///etc/hostname", "data:,x"])
def test_fetches_nothing(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []
    refused = minutes_pdf.refused

    def watched(url: str) -> ValueError:
        asked.append(url)
        return refused(url)

    words = {minutes_pdf.PAPER: f'<img src="{url}"><p>Minutes</p>', minutes_pdf.STYLES: ""}
    monkeypatch.setattr(minutes_pdf, "refused", watched)
    monkeypatch.setattr(minutes_pdf, "render_to_string", lambda name, *_: words[name])

    assert minutes_pdf.pdf({}).startswith(b"%PDF-")
    assert asked == [url]


def test_without_it_the_page_says_so_and_offers_to_print(
    secretary: Client, held: Meeting, without_pango: None
) -> None:
    page = secretary.get(f"/meetings/{held.pk}/minutes/").content.decode()

    assert "This installation makes no PDF: print this page" in page
    assert secretary.get(f"/meetings/{held.pk}/minutes/pdf/").status_code == 404


def test_its_styles_ask_for_no_other_file() -> None:
    styles = Path("templates", minutes_pdf.STYLES).read_text(encoding="utf-8")

    assert "url(" not in styles
    assert "@import" not in styles
