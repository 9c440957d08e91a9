"""A fresh checkout, where nobody has collected static files, shows its pages as they are meant."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
# The style sheet and the icons, asked for as a browser does.
ASK = """
import django
django.setup()
from django.test import Client
client = Client(headers={"host": "localhost"})
page = client.get("/admin/login/").content.decode()
import re
for address in sorted(set(re.findall(r'(?:href|src)="(/static/[^"]+)"', page))):
    print(client.get(address).status_code, address)
"""


@pytest.mark.parametrize("collected", [False, True])
def test_static_files_are_served_where_nobody_has_collected_them(
    tmp_path: Path, *, collected: bool
) -> None:
    place = tmp_path / "staticfiles"
    if collected:  # What was collected is what is served, and nothing beside it.
        place.mkdir()
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        cwd=ROOT,
        env={
            **keep,
            "DATA_DIR": str(tmp_path),
            "STATIC_ROOT": str(place),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    statuses = {line.split()[0] for line in told}
    assert any("styles.css" in line for line in told)
    assert any("material-symbols" in line.lower() or "fonts" in line for line in told)
    assert statuses == ({"404"} if collected else {"200"})
