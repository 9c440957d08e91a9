"""Ctrl-C while the demonstration is prepared: one line, wherever it was."""

from typing import Any

import pytest
from django.core.management import CommandError, call_command

from council.demo import company, processes
from council.management.commands import demo


@pytest.mark.parametrize("where", ["database", "company"])
@pytest.mark.django_db
def test_says_one_line(where: str, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*args: object, **facts: object) -> None:
        raise KeyboardInterrupt

    settings.IS_DEMO = True
    monkeypatch.setattr(processes, "is_free", lambda port: True)
    if where == "database":
        monkeypatch.setattr(demo, "call_command", interrupted)
    else:
        monkeypatch.setattr(demo, "call_command", lambda *args, **facts: None)
        monkeypatch.setattr(company, "build", interrupted)

    with pytest.raises(CommandError, match=r"^Stopped\. .*$"):
        call_command("demo")
