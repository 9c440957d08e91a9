"""The project's settings, made quick and quiet for tests."""

import os
import tempfile

os.environ.setdefault("DATA_DIR", tempfile.mkdtemp(prefix="hearback-tests-"))
os.environ.setdefault("SECRET_KEY", "only for tests")
os.environ.setdefault("SITE_URL", "http://testserver")

from config.settings import *

INSTALLED_APPS = [*INSTALLED_APPS, "django_linear_migrations"]
ALLOWED_HOSTS = ["*"]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_AUTOREFRESH = True
