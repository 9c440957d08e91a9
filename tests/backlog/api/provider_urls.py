"""The addresses of a site that has a mail provider."""

from django.urls import include, path

urlpatterns = [path("provider/", include("backlog.api.provider_reports"))]
