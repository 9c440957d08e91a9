"""One address of every page there is, found as people find them: by the links of other pages.

The routes come from the tables of who may do what, which know every one. So a page that is new is
looked at without a word here, and a page that nobody is led to is noticed.
"""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from typing import Final
from urllib.parse import urljoin, urlsplit

from django.urls import Resolver404, resolve
from playwright.sync_api import APIRequestContext, APIResponse

from tests.access.admin_pages import ADMIN_PAGES
from tests.access.matrix import PAGES

LINK: Final = re.compile(r"(?:href|src|hx-get)=[\"']([^\"'#]+)")
STARTS: Final = (
    "/",
    "/admin/backlog/",
    "/admin/backlog/messagetemplate/",
    "/admin/password_change/done/",
    "/password/",
    "/password/MQ/worn-out/",
    "/styleguide/",
    "/board/PAY/sort/",
)
"""From home one comes nearly everywhere. The others are typed, shown once, or for strangers."""
NOT_LED_TO: Final = {
    "council:go": "asked by the palette",
    "council:room-now": "asked by the room itself",
    "backlog:board-now": "asked by the board itself",
    "council:wall-now": "asked by the wall itself",
    "admin:index": "leads home",
    "admin:search": "asked by Unfold's own palette",
    "admin:autocomplete": "asked by pickers",
    "admin:view_on_site": "never found",
    "council:calendar-feed": "read by calendars",
    "council:invitation": "in a letter to a colleague",
    "council:partner": "a link that a colleague gives to a partner",
    "healthz": "asked by machines",
    "readyz": "asked by machines",
    "backlog:copy": "a file, behind a link in a letter",
}
NOT_IN_THE_DEMO: Final = {
    f"admin:{name}"
    for name in (
        "backlog_assessment_change",
        "backlog_assessment_history",
        "backlog_endpoint_replay",
        "backlog_endpoint_test",
        "backlog_importrun_change",
        "backlog_importrun_history",
        "backlog_messagetemplate_change",
        "backlog_messagetemplate_history",
        "backlog_notice_retry",
        "backlog_webhookdelivery_change",
        "backlog_webhookdelivery_history",
        "backlog_webhookdelivery_retry",
    )
}
"""The administrator of the demonstration has no such row, or none in a state that offers this."""
TRIES: Final = 40
"""Pages of one route that are read for the sake of their links: rows differ in what they offer."""


@dataclass(frozen=True)
class Addresses:
    found: list[str]
    missing: set[str]
    """Routes that no link leads to, and should."""


def find(browser: APIRequestContext, site: str) -> Addresses:
    """As whoever is signed in there."""
    found = dict[str, str]()
    missing = _routes() - {*NOT_LED_TO}
    for to, name, answer in _walk(browser, site, missing):
        missing.discard(name)
        if _is_page(answer):
            found.setdefault(name, to)
    return Addresses(list(found.values()), missing - NOT_IN_THE_DEMO)


def _routes() -> set[str]:
    """All that answers to GET and is no resource."""
    own = {row.route for row in PAGES if row.method == "GET" and not row.route.startswith("api:")}
    of_nouns = {
        f"admin:{noun}_{page}"
        for noun, may in ADMIN_PAGES.items()
        for page in ("changelist", "change", "history", *(["add"] if may.add else []), *may.steps)
    }
    return own | of_nouns


def _walk(
    browser: APIRequestContext, site: str, missing: set[str]
) -> Iterator[tuple[str, str, APIResponse]]:
    """Until the caller has struck out all that can be found.

    What was never read comes first, then rows of the nouns of which something is missing.
    """
    routes, given, tries = frozenset(missing), set(STARTS), Counter[str]()
    waiting = [(to, _route(to)) for to in STARTS]
    while waiting and missing - NOT_IN_THE_DEMO:
        nouns = {_noun(name) for name in missing - NOT_IN_THE_DEMO}
        to, name = min(
            waiting, key=lambda it: (tries[it[1]] and _noun(it[1]) not in nouns, tries[it[1]])
        )
        waiting.remove((to, name))
        tries[name] += 1
        answer = browser.get(f"{site}{to}", max_redirects=0)
        yield to, name, answer
        for link in _links(site + to, answer):
            leads_to = _route(link)
            if link not in given and leads_to in routes and tries[leads_to] < TRIES:
                given.add(link)
                waiting.append((link, leads_to))


def _route(to: str) -> str:
    try:
        return resolve(urlsplit(to).path).view_name
    except Resolver404:
        return ""


def _noun(route: str) -> str:
    return "_".join(route.split("_")[:2])


def _is_page(answer: APIResponse) -> bool:
    """Not a file, a fragment of a page, or a word of where else to look.

    Nor a letter: it runs no script, so nothing can be asked of it.
    """
    is_html = answer.headers.get("content-type", "").startswith("text/html")
    is_letter = "sandbox" in answer.headers.get("content-security-policy", "")
    return answer.ok and is_html and not is_letter and "<html" in answer.text()[:1_000]


def _links(page: str, answer: APIResponse) -> Iterator[str]:
    yield from filter(None, [answer.headers.get("location", "")])
    if not answer.headers.get("content-type", "").startswith("text/html"):
        return
    for link in LINK.findall(answer.text()):
        whole = urlsplit(urljoin(page, unescape(link)))
        if whole.netloc == urlsplit(page).netloc:
            yield whole._replace(scheme="", netloc="", fragment="").geturl()
