"""A tool that knows nothing but our address, our description and a token.

Its client is made from the description by openapi-python-client, as a stranger would make it, and
talks to a real server.
"""

import subprocess
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from pytest_django.live_server_helper import LiveServer

from backlog.models import User
from backlog.operations import api_tokens
from tests.factories import NOON, backlog


@pytest.fixture(scope="module")
def outside(live_server: LiveServer, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """`outside("api.requests.requests_list")`: a module of the generated client."""
    place = tmp_path_factory.mktemp("outside")
    config = place / "config.json"
    config.write_text('{"post_hooks": []}', encoding="utf-8")  # No formatter: nobody reads it.
    command = [
        *(str(Path(sys.executable).parent / "openapi-python-client"), "generate"),
        *("--url", f"{live_server.url}/api/v1/schema/?format=json"),
        *(
            "--meta",
            "none",
            "--config",
            str(config),
            "--output-path",
            str(place / "outsider"),
            "--fail-on-warning",
        ),
    ]
    subprocess.run(command, check=True, capture_output=True, cwd=place)
    sys.path.append(str(place))
    yield lambda name: import_module(f"outsider.{name}")
    sys.path.remove(str(place))


@pytest.fixture
def client(outside: Any, live_server: LiveServer, ines: User) -> Any:
    _token, secret = api_tokens.issue_token(
        owner=ines, name="Outsider", scopes=api_tokens.SCOPES[:3], lasts=None, by=None, at=NOON
    )
    made = outside("client").AuthenticatedClient(live_server.url, secret)
    with made as opened:
        yield opened


@pytest.mark.django_db(transaction=True)
class TestAnOutsider:
    def test_brings_words_and_makes_them_a_request(self, outside: Any, client: Any) -> None:
        backlog.SourceFactory.create(key="survey")
        backlog.ProductFactory.create(prefix="PAY")
        models = outside("models")
        words = models.FeedbackReceiveRequest(
            source="survey",
            product="PAY",
            external_id="4711",
            verbatim="결제할 때마다 카드 번호를 다시 넣어야 해요",
            customer=models.SayerRequest(email="minsu@example.com", name="민수"),
        )
        hand_in = outside("api.feedback.feedback_create").sync
        asked = models.RequestOpenRequest(
            product="PAY", title="Remember the card", problem="…", feedback=[]
        )

        said = hand_in(client=client, body=words, idempotency_key="first")
        asked.feedback = [said.id]
        opened = outside("api.requests.requests_create").sync(client=client, body=asked)
        line = outside("api.requests.requests_history_list").sync(opened.key, client=client)

        assert hand_in(client=client, body=words, idempotency_key="first").id == said.id
        assert said.customer.name == "민수"
        assert opened.key == "PAY-1"
        assert line[0].words == words.verbatim

    def test_reads_page_by_page(self, outside: Any, client: Any) -> None:
        keys = {backlog.RequestFactory.create().key for _ in range(5)}
        read = outside("api.requests.requests_list").sync

        page = read(client=client, page_size=2)
        seen = [row.key for row in page.results]
        while page.next_:
            cursor = page.next_.partition("cursor=")[2].partition("&")[0]
            page = read(client=client, page_size=2, cursor=cursor)
            seen += [row.key for row in page.results]

        assert sorted(seen) == sorted(keys)

    def test_edits_only_what_it_has_read(self, outside: Any, client: Any) -> None:
        key = backlog.RequestFactory.create().key
        edit = outside("api.requests.requests_partial_update").sync_detailed
        body = outside("models").PatchedRequestEditRequest(title="Remember every card")
        read = outside("api.requests.requests_retrieve").sync_detailed(key, client=client)

        first = edit(key, client=client, body=body, if_match=read.headers["ETag"])
        late = edit(key, client=client, body=body, if_match=read.headers["ETag"])

        assert first.parsed.title == "Remember every card"
        assert (late.status_code, late.parsed.code) == (412, "version_conflict")

    def test_learns_what_is_wrong(self, outside: Any, client: Any) -> None:
        asked = outside("models").RequestOpenRequest(product="NONE", title="", problem="…")

        problem = outside("api.requests.requests_create").sync(client=client, body=asked)

        assert problem.code == "invalid"
        assert [fault.pointer for fault in problem.errors] == ["#/product", "#/title"]
