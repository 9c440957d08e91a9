"""Static files: as they are on a fresh checkout, and once collected under addresses for good."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, Final

import pytest
from django.conf import settings as django_settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command
from django.templatetags.static import static
from django.test import Client
from pytest_django import Settings

ROOT = Path(__file__).resolve().parents[2]
SIGN_IN: Final = "/admin/login/"
ADDRESS: Final = re.compile(r'(?:href|src)="(/static/[^"]+)"')
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


def test_are_served_where_nobody_has_collected_them(tmp_path: Path) -> None:
    keep = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    told = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", ASK],
        cwd=ROOT,
        env={
            **keep,
            "DATA_DIR": str(tmp_path),
            "STATIC_ROOT": str(tmp_path / "nowhere"),
            "DJANGO_SETTINGS_MODULE": "config.settings",
        },
        capture_output=True,
        text=True,
        check=True,
    ).stdout.splitlines()

    assert any(line.endswith("/styles.css") for line in told)
    assert {line.split()[0] for line in told} == {"200"}


@pytest.fixture
def collected(settings: Settings, tmp_path: Path, db: None) -> Client:
    """A site whose files were collected; only style sheets are compressed, since it takes long."""
    settings.STATIC_ROOT = tmp_path
    settings.WHITENOISE_AUTOREFRESH = settings.WHITENOISE_USE_FINDERS = False
    settings.WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("js", "svg", "woff2", "png", "txt", "md", "map")
    kept = {"BACKEND": "config.static_files.Storage"}
    settings.STORAGES = {**django_settings.STORAGES, "staticfiles": kept}
    call_command("collectstatic", interactive=False, verbosity=0)
    return Client()


def test_once_collected_are_kept_for_good_and_come_compressed(collected: Client) -> None:
    page = collected.get(SIGN_IN).content.decode()
    addresses = set(ADDRESS.findall(page))

    assert len(addresses) > 10
    for address in addresses:
        answer = collected.get(address, headers={"accept-encoding": "gzip, br"})
        assert answer.status_code == 200, address
        assert re.search(r"\.[0-9a-f]{12}\.\w+$", address)
        assert answer["Cache-Control"] == "max-age=315360000, public, immutable"
        answer.close()
        if address.endswith(".css"):
            assert answer["Content-Encoding"] == "br"
            assert "Accept-Encoding" in answer["Vary"]
    style = next(each for each in addresses if "/styles." in each)
    answer = collected.get(style, headers={"accept-encoding": "gzip"})
    answer.close()
    assert answer["Content-Encoding"] == "gzip"
    # A file that no page was told of is a mistake, and loud.
    with pytest.raises(ValueError, match="manifest"):
        static("backlog/nothing.css")
    storage: Any = staticfiles_storage
    assert storage.is_current()
    manifest = Path(django_settings.STATIC_ROOT) / "staticfiles.json"
    assert "backlog/icons.woff2" in json.loads(manifest.read_text())["paths"]
    os.utime(manifest, (1, 1))
    assert not storage.is_current()
