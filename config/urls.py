"""Every address of the site."""

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.generic import RedirectView
from django.views.i18n import set_language

from backlog.api import health
from backlog.api import urls as backlog_api
from backlog.api.framework import base as api
from backlog.api.framework import description, reader
from council.api import urls as council_api

api_v1: list[URLPattern | URLResolver] = [
    *backlog_api.router.urls,
    *council_api.router.urls,
    path("schema/", description.Description.as_view(), name="schema"),
    path("docs/", reader.contents, name="docs"),
    path("docs/<slug:noun>/", reader.noun, name="docs-noun"),
    re_path("", api.Nothing.as_view()),
]
urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("council.pages.urls")),
    path("", include("backlog.pages.urls")),
    path("admin/", RedirectView.as_view(pattern_name="council:home")),
    path("admin/", admin.site.urls),
    path("language/", login_not_required(set_language), name="set_language"),
    path("api/v1/", include((api_v1, "api"))),
    path("healthz", health.live, name="healthz"),
    path("readyz", health.ready, name="readyz"),
]
handler400 = "config.errors.bad_request"
handler500 = "config.errors.server_error"
if settings.EMAIL_PROVIDER and settings.ANYMAIL.get("WEBHOOK_SECRET"):
    urlpatterns.append(path("provider/", include("backlog.api.provider_reports")))
