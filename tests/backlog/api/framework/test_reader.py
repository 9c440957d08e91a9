"""The reference: all that the description says, in pages that need no script."""

import html
import re
from typing import Any

import pytest
from django.test import Client

from backlog.api.framework import description
from backlog.api.framework.line import LINE
from backlog.api.framework.reference import Operation, Reference

pytestmark = pytest.mark.django_db
CONTENTS = "/api/v1/docs/"


@pytest.fixture(scope="module")
def reference() -> Reference:
    return Reference(description.made("en"))


def _text(page: str) -> str:
    return html.unescape(page)


def _read(client: Client, path: str) -> str:
    answer = client.get(path, headers={"accept-language": "en"})
    assert answer.status_code == 200
    return _text(answer.content.decode())


def test_the_contents_lead_to_every_operation_in_the_order_of_the_line(
    client: Client, reference: Reference
) -> None:
    page = _read(client, CONTENTS)
    nouns = [noun for _title, nouns in LINE for noun in nouns]

    assert nouns == [tag["name"] for tag in reference.description["tags"]]
    assert re.findall(r'<h3 id="([\w-]+)"', page) == nouns
    assert re.findall(r'#(\w+)"><b class="[A-Z]+"', page) == [
        each.id for noun in nouns for each in reference.of(noun)
    ]


@pytest.mark.parametrize("noun", [noun for _title, nouns in LINE for noun in nouns])
def test_the_page_of_a_noun_says_all_that_the_description_says(
    noun: str, client: Client, reference: Reference
) -> None:
    page = _read(client, f"{CONTENTS}{noun}/")

    assert reference.of(noun)
    for operation in reference.of(noun):
        assert f'id="{operation.id}"' in page
        for words in _told(operation):
            assert words in page, (operation.id, words)
    for shape in reference.shapes_of(reference.of(noun)):
        assert f'id="{shape.name}"' in page
        assert all(f"<code>{field.name}</code>" in page for field in shape.fields)
    # Every link within the page arrives.
    ids = re.findall(r'id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert set(re.findall(r'href="#([^"]+)"', page)) <= set(ids)


def _told(operation: Operation) -> list[str]:
    fields = [*operation.parameters, *(operation.body.fields if operation.body else [])]
    refusals: Any = re.findall(r"`(\w+)`:", "".join(each.meaning for each in operation.errors))
    return [
        operation.summary,
        f"<code>{operation.path}</code>",
        operation.call,
        *(f"<code>{field.name}</code>" for field in fields),
        *(f"<code>{code}</code>" for code in refusals),
        *(f"#error-{each.status}" for each in operation.errors if each.status != "409"),
    ]


def test_errors_are_told_once_and_each_that_is_linked_is_there(
    client: Client, reference: Reference
) -> None:
    page = _read(client, CONTENTS)
    linked = {each.status for it in reference.operations for each in it.errors} - {"409"}

    assert set(re.findall(r'id="error-(\d+)"', page)) == linked
    assert page.count("<code>parse_error</code>") == 1


@pytest.mark.parametrize(
    "words", ["move", "neighbour_gone", "PATCH requests", "idempotency-key feedback"]
)
def test_a_search_finds_by_path_field_and_error(words: str, client: Client) -> None:
    page = _read(client, f"{CONTENTS}?q={words}")

    assert page.count("<b class=") >= 1
    assert page.count("<b class=") < 30
    assert 'id="errors"' not in page


def test_a_search_for_nothing_that_is_there_says_so(client: Client) -> None:
    page = _read(client, f"{CONTENTS}?q=<script>nowhere")

    assert "Nothing matches." in page
    assert "<script>" not in client.get(f"{CONTENTS}?q=<script>").content.decode()


def test_pages_run_no_script_and_load_nothing_from_elsewhere(client: Client) -> None:
    for path in (CONTENTS, f"{CONTENTS}requests/"):
        answer = client.get(path)
        page = answer.content.decode()

        assert "script-src" not in answer["Content-Security-Policy"]
        assert "default-src 'none'" in answer["Content-Security-Policy"]
        assert "<script" not in page
        assert not re.findall(r"(?:src|href)=[\"']?(?:https?:)?//", page)
        assert answer["Cache-Control"] == "public, no-cache"


def test_its_frame_speaks_korean(client: Client) -> None:
    page = client.get(f"{CONTENTS}requests/", headers={"accept-language": "ko"}).content.decode()

    assert '<html lang="ko">' in page
    assert re.search(r"<h3>[가-힣 ]+</h3>", page)


def test_a_noun_that_is_not_there_is_not_found(client: Client) -> None:
    assert client.get(f"{CONTENTS}nothing/").status_code == 404
