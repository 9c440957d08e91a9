"""Addresses of the pages that show the council's work beside the backlog's."""

from django.urls import path

from backlog.pages.lists.view import addresses
from council.pages import (
    council,
    home,
    meeting,
    palette,
    reports,
    request,
    request_parts,
    room,
)
from council.pages.lists import action_items, councils, decisions, meetings
from council.pages.meeting_actions import act_on_item, act_on_meeting, move, propose_agenda
from council.pages.request_actions import act
from council.pages.room_actions import ACTIONS as IN_ROOM
from council.pages.room_actions import act as act_in_room

app_name = "council"

OF_ROOM = "meetings/<int:meeting_id>/room/"
OF_REQUEST = "requests/<str:key>/"
OF_MEETING = "meetings/<int:meeting_id>/"
OF_ITEM = "agenda-items/<int:item_id>/"

urlpatterns = [
    path("", home.home, name="home"),
    path("go/", palette.go, name="go"),
    path("reports/", reports.report, name="reports"),
    path("reports/file/", reports.export, name="report-file"),
    *addresses("meetings/", meetings.LIST),
    *addresses("decisions/", decisions.LIST),
    *addresses("councils/", councils.LIST),
    path("councils/<int:council_id>/", council.council_page, name="council"),
    *addresses("action-items/", action_items.LIST),
    path(OF_ROOM, room.room, name="room"),
    path(f"{OF_ROOM}now/", room.room_now, name="room-now"),
    *(
        path(f"{OF_ROOM}{name}/", act_in_room, {"name": name}, name=f"room-{name}")
        for name in IN_ROOM
    ),
    path(OF_MEETING, meeting.meeting_page, name="meeting"),
    path(f"{OF_MEETING}proposals/", meeting.proposals, name="agenda-proposals"),
    path(f"{OF_MEETING}propose-agenda/", propose_agenda, name="propose-agenda"),
    path(f"{OF_MEETING}add/", act_on_meeting, {"name": "add"}, name="add-item"),
    path(f"{OF_MEETING}propose/", act_on_meeting, {"name": "propose"}, name="propose-item"),
    path(f"{OF_ITEM}edit/", act_on_item, {"name": "edit"}, name="edit-item"),
    path(f"{OF_ITEM}move/<str:direction>/", move, name="move-item"),
    path(f"{OF_ITEM}accept/", act_on_item, {"name": "accept"}, name="accept-item"),
    path(f"{OF_ITEM}decline/", act_on_item, {"name": "decline"}, name="decline-item"),
    path(f"{OF_ITEM}carry-over/", act_on_item, {"name": "carry-over"}, name="carry-over-item"),
    path(f"{OF_ITEM}withdraw/", act_on_item, {"name": "withdraw"}, name="withdraw-item"),
    path(OF_REQUEST, request.request_page, name="request"),
    path(f"{OF_REQUEST}words/", request_parts.words, name="request-words"),
    path(f"{OF_REQUEST}assessment/", request_parts.assessment, name="request-assessment"),
    path(f"{OF_REQUEST}told/", request_parts.told, name="request-told"),
    path(f"{OF_REQUEST}answers/", request_parts.answers, name="request-answers"),
    path(f"{OF_REQUEST}history/", request_parts.line, name="request-history"),
    path(f"{OF_REQUEST}assess/", act, {"name": "assess"}, name="assess"),
    path(f"{OF_REQUEST}link/", act, {"name": "link"}, name="link"),
    path(f"{OF_REQUEST}unlink/<int:evidence_id>/", act, {"name": "unlink"}, name="unlink"),
    path(f"{OF_REQUEST}step/", act, {"name": "step"}, name="set-step"),
    path(f"{OF_REQUEST}agenda/", act, {"name": "agenda"}, name="put-on-agenda"),
    path(f"{OF_REQUEST}commit/", act, {"name": "commit"}, name="commit"),
]
