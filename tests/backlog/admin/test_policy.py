"""The admin's pages run under a policy that refuses inline scripts."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from backlog.models import Account, CustomerRequest, Feedback, Sprint
from tests.backlog.admin.pages import address
from tests.factories import backlog

INLINE_SCRIPT = re.compile(r"<script(?![^>]*\bsrc=)", re.IGNORECASE)
HANDLER = re.compile(r"<[^>]*\son[a-z]+=", re.IGNORECASE)


@pytest.mark.parametrize("page", ["list", "empty list", "page", "add", "step"])
def test_no_page_has_an_inline_script_or_handler(page: str, as_mina: Client) -> None:
    sprint = backlog.SprintFactory.create()
    pages = {
        "list": address(Sprint, "changelist"),
        "empty list": address(Account, "changelist"),
        "page": address(CustomerRequest, "change", backlog.EvidenceFactory.create().request_id),
        "add": address(Feedback, "add"),
        "step": address(Sprint, "commit", sprint.pk),
    }

    text = as_mina.get(pages[page]).content.decode()

    assert not INLINE_SCRIPT.findall(text)
    assert not HANDLER.findall(text)


def test_the_policy_refuses_inline_scripts_and_foreign_hosts(client: Client, db: None) -> None:
    response = client.get(reverse("admin:login"))

    directives = dict(
        part.strip().split(" ", 1) for part in response["Content-Security-Policy"].split(";")
    )
    assert directives["script-src"] == "'self' 'unsafe-eval'"
    assert directives["default-src"] == "'self'"
    assert directives["object-src"] == directives["frame-ancestors"] == "'none'"
