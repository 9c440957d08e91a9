"""Addresses of the pages that show the council's work beside the backlog's."""

from django.urls import path

from council.pages import acts, home, request

app_name = "council"

urlpatterns = [
    path("", home.home, name="home"),
    path("requests/<str:key>/", request.request_page, name="request"),
    path("requests/<str:key>/assess/", acts.assess, name="assess"),
    path("requests/<str:key>/link/", acts.link, name="link"),
    path("requests/<str:key>/unlink/<int:evidence_id>/", acts.unlink, name="unlink"),
    path("requests/<str:key>/step/", acts.set_step, name="set-step"),
    path("requests/<str:key>/agenda/", acts.put_on_agenda, name="put-on-agenda"),
    path("requests/<str:key>/commit/", acts.commit, name="commit"),
]
