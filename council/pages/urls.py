"""Addresses of the pages that show the council's work beside the backlog's."""

from django.urls import path

from council.pages import home, request, request_actions

app_name = "council"

urlpatterns = [
    path("", home.home, name="home"),
    path("requests/<str:key>/", request.request_page, name="request"),
    path("requests/<str:key>/assess/", request_actions.assess, name="assess"),
    path("requests/<str:key>/link/", request_actions.link, name="link"),
    path("requests/<str:key>/unlink/<int:evidence_id>/", request_actions.unlink, name="unlink"),
    path("requests/<str:key>/step/", request_actions.set_step, name="set-step"),
    path("requests/<str:key>/agenda/", request_actions.put_on_agenda, name="put-on-agenda"),
    path("requests/<str:key>/commit/", request_actions.commit, name="commit"),
]
