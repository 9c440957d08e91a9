"""The way to the other pages of a list on the desk."""

import re

import pytest
from django.contrib import admin
from django.test import Client

from backlog.models import Feedback
from tests.backlog.admin.pages import address
from tests.factories import backlog


def test_leads_only_to_pages_that_there_are(
    as_mina: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(admin.site._registry[Feedback], "list_per_page", 1)
    backlog.FeedbackFactory.create_batch(14)

    page = as_mina.get(address(Feedback, "changelist")).content.decode()

    pages = re.findall(r'href="\?p=([^"]*)"', page)
    assert len(pages) > 3
    assert [each for each in pages if not each.isdigit()] == []
    assert "<span>…</span>" in page
