"""Calls the whole WSGI application in this process, as a tool with a token does."""

import io
import json
import sys
from dataclasses import dataclass
from typing import Any

from config.wsgi import application


@dataclass(frozen=True)
class Caller:
    secret: str

    def call(self, path: str, body: Any = None) -> bytes:
        """GET, or POST where there is a body; the answer, which must be one of success."""
        sent = b"" if body is None else json.dumps(body).encode()
        statuses: list[str] = []

        def start(status: str, headers: Any, exc_info: Any = None) -> Any:
            statuses.append(status)

        answer: Any = application(self._environ(path, sent), start)
        content = b"".join(answer)
        answer.close()
        assert statuses[0].startswith("2"), (path, statuses, content[:500])
        return content

    def _environ(self, path: str, body: bytes) -> dict[str, Any]:
        return {
            "REQUEST_METHOD": "POST" if body else "GET",
            "PATH_INFO": path,
            "CONTENT_TYPE": "application/json",
            "CONTENT_LENGTH": str(len(body)),
            "HTTP_AUTHORIZATION": f"Bearer {self.secret}",
            "REMOTE_ADDR": "127.0.0.1",
            "SERVER_NAME": "testserver",
            "SERVER_PORT": "80",
            "wsgi.input": io.BytesIO(body),
            "wsgi.errors": sys.stderr,
            "wsgi.url_scheme": "http",
        }
