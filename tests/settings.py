"""The project's settings, made quick and quiet for tests."""

import os
import tempfile
from pathlib import Path

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="hearback-tests-"))
# Each process of the suite has files of its own: a mailbox that two share is in neither's hands.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "")
if _worker and Path(os.environ["DATA_DIR"]).name != _worker:
    os.environ["DATA_DIR"] = str(Path(os.environ["DATA_DIR"]) / _worker)
    Path(os.environ["DATA_DIR"]).mkdir(exist_ok=True)
os.environ.setdefault("SECRET_KEY", "only for tests")
os.environ.setdefault("SITE_URL", "http://testserver")

from config.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]
ALLOWED_HOSTS = ["*"]
if "sqlite3" in str(DATABASES["default"]["ENGINE"]):
    # In a file, so that other threads and processes see it; nobody misses it after a power cut.
    DATABASES["default"]["TEST"] = {"NAME": DATA_DIR / "test.sqlite3"}
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA secure_delete=ON;",
    }
else:
    # Nobody misses it after a power cut here either: no commit waits for a disk.
    _options = DATABASES["default"].setdefault("OPTIONS", {})
    assert isinstance(_options, dict)
    _options["options"] = "-c synchronous_commit=off"
# Tests share one cache and call as few people do; the limits have tests of their own.
API_CALLS_PER_MINUTE = API_STRANGERS_CALLS_PER_MINUTE = 1_000_000
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
# Each process of the suite counts for itself: in Redis, emptying one would empty all of them, and
# the broker that other tests are using.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
