"""The language in which a command speaks to whoever calls it."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from config import shell


@pytest.mark.parametrize(
    ("environ", "language"),
    [
        ({"LANG": "en_US.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8"}, "ko"),
        ({"LANG": "ko_KR.UTF-8", "LC_ALL": "en_GB.UTF-8"}, "en"),
        ({"LANG": "ko_KR.UTF-8", "LC_MESSAGES": "en_GB"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LANGUAGE": "fr:en:ko"}, "en"),
        ({"LANG": "fr_FR.UTF-8"}, None),
        ({"LANG": "C.UTF-8", "LANGUAGE": "en"}, None),
        ({"LANG": "POSIX"}, None),
        ({}, None),
    ],
)
def test_is_the_shells_where_it_is_one_of_ours(
    environ: dict[str, str], language: str | None
) -> None:
    assert shell.language(environ) == language


@pytest.mark.parametrize(
    ("lang", "words"), [("en_US.UTF-8", "There is no source"), ("C.UTF-8", "수집 경로")]
)
def test_an_english_shell_speaks_english_where_pages_are_korean(
    lang: str, words: str, tmp_path: Path, migrated: Path
) -> None:
    quiet = {name: it for name, it in os.environ.items() if name not in ("LC_ALL", "LANGUAGE")}
    environment = quiet | {
        "LANG": lang,
        "LANGUAGE_CODE": "ko",
        "SECRET_KEY": "only for tests",
        "DATA_DIR": str(tmp_path),
        "DATABASE_URL": f"sqlite:///{tmp_path}/db.sqlite3",
        "PYTHONIOENCODING": "utf-8",
    }
    manage = [sys.executable, "manage.py"]
    command = [*manage, "import_feedback", "a.csv", "--source=none", "--text=a"]
    shutil.copy(migrated, tmp_path / "db.sqlite3")

    said = subprocess.run(command, env=environment, check=False, capture_output=True).stderr

    assert words in said.decode()
