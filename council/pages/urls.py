"""Addresses of the pages that show the council's work beside the backlog's."""

from django.urls import path

from backlog.pages.lists.view import addresses
from council.pages import (
    action_item,
    ballot,
    calendar,
    calibration,
    council,
    decision,
    decision_actions,
    home,
    invitations,
    meeting,
    merge,
    minutes,
    palette,
    partner,
    preparation,
    reports,
    request,
    request_parts,
    room,
    series,
    wall,
)
from council.pages.action_item_actions import ACTIONS as ON_ACTION
from council.pages.action_item_actions import act as act_on_action
from council.pages.action_item_actions import undo as undo_on_action
from council.pages.ballot_actions import ACTIONS as ON_BALLOT
from council.pages.ballot_actions import act as act_on_ballot
from council.pages.ballot_actions import put_to_the_vote
from council.pages.lists import action_items, councils, decisions, meetings
from council.pages.meeting_actions import act_on_item, act_on_meeting, move, propose_agenda
from council.pages.minutes_actions import ACTIONS as ON_MINUTES
from council.pages.minutes_actions import act as act_on_minutes
from council.pages.minutes_actions import write_note, write_remarks
from council.pages.preparation_actions import read, remind
from council.pages.request_actions import act
from council.pages.room_actions import ACTIONS as IN_ROOM
from council.pages.room_actions import act as act_in_room
from council.pages.workshop import work_out

app_name = "council"

OF_ROOM = "meetings/<int:meeting_id>/room/"
OF_REQUEST = "requests/<str:key>/"
OF_MEETING = "meetings/<int:meeting_id>/"
OF_BALLOT = "ballots/<int:ballot_id>/"
OF_MINUTES = "meetings/<int:meeting_id>/minutes/"
OF_DECISION = "decisions/<int:decision_id>/"
OF_ACTION = "action-items/<int:action_id>/"
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
    path("councils/<int:council_id>/series/new/", series.new_series, name="series-new"),
    path("series/<int:series_id>/", series.series_page, name="series"),
    path("series/<int:series_id>/edit/", series.edit_series, name="series-edit"),
    path("series/<int:series_id>/end/", series.end_series, name="series-end"),
    *addresses("action-items/", action_items.LIST),
    path("partner/<str:token>/", partner.partner, name="partner"),
    path(OF_ACTION, action_item.action_item_page, name="action-item"),
    path(f"{OF_ACTION}undo/", undo_on_action, name="undo-action-item"),
    *(
        path(f"{OF_ACTION}{name}/", act_on_action, {"name": name}, name=f"{name}-action-item")
        for name in ON_ACTION
    ),
    path("councils/<int:council_id>/calibration/", calibration.calibration, name="calibration"),
    path(OF_DECISION, decision.decision_page, name="decision"),
    path(f"{OF_DECISION}review/", decision.review, name="review-decision"),
    *(
        path(
            f"{OF_DECISION}{name}/",
            decision_actions.act,
            kwargs={"name": name},
            name=f"{name}-decision",
        )
        for name in decision_actions.ACTIONS
    ),
    path(OF_ROOM, room.room, name="room"),
    path(f"{OF_ROOM}now/", room.room_now, name="room-now"),
    *(
        path(f"{OF_ROOM}{name}/", act_in_room, {"name": name}, name=f"room-{name}")
        for name in IN_ROOM
    ),
    path(f"{OF_MEETING}wall/", wall.wall, name="wall"),
    path(f"{OF_MEETING}wall/now/", wall.wall_now, name="wall-now"),
    path("ballots/", ballot.asked, name="ballots"),
    path(OF_BALLOT, ballot.ballot_page, name="ballot"),
    *(
        path(f"{OF_BALLOT}{name}/", act_on_ballot, {"name": name}, name=f"ballot-{name}")
        for name in ON_BALLOT
    ),
    path(f"{OF_REQUEST}ballot/", ballot.propose, name="propose-ballot"),
    path(f"{OF_REQUEST}ballot/open/", put_to_the_vote, name="open-ballot"),
    path(f"{OF_MEETING}prepare/", preparation.prepare, name="prepare"),
    path(f"{OF_MEETING}remind/", remind, name="remind"),
    path(f"{OF_ITEM}read/", read, {"name": "read"}, name="read-item"),
    path(f"{OF_ITEM}unread/", read, {"name": "unread"}, name="unread-item"),
    path(OF_MEETING, meeting.meeting_page, name="meeting"),
    path(f"{OF_MEETING}proposals/", meeting.proposals, name="agenda-proposals"),
    path(f"{OF_MEETING}propose-agenda/", propose_agenda, name="propose-agenda"),
    path(f"{OF_MEETING}add/", act_on_meeting, {"name": "add"}, name="add-item"),
    path(f"{OF_MEETING}propose/", act_on_meeting, {"name": "propose"}, name="propose-item"),
    *(
        path(f"{OF_MEETING}{name}/", series.act_on_meeting, {"name": name}, name=f"{name}-meeting")
        for name in series.ON_MEETING
    ),
    path(f"{OF_ITEM}edit/", act_on_item, {"name": "edit"}, name="edit-item"),
    path(f"{OF_ITEM}move/<str:direction>/", move, name="move-item"),
    path(f"{OF_ITEM}accept/", act_on_item, {"name": "accept"}, name="accept-item"),
    path(f"{OF_ITEM}decline/", act_on_item, {"name": "decline"}, name="decline-item"),
    path(f"{OF_ITEM}carry-over/", act_on_item, {"name": "carry-over"}, name="carry-over-item"),
    path(f"{OF_ITEM}withdraw/", act_on_item, {"name": "withdraw"}, name="withdraw-item"),
    path(f"{OF_MEETING}answer/", invitations.answer, name="answer-invitation"),
    path(f"{OF_MEETING}invite/", invitations.invite, name="invite-guest"),
    path("invitation/<str:token>/", invitations.invitation, name="invitation"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/make/", calendar.make_feed, name="calendar-make"),
    path("calendar/revoke/", calendar.revoke_feed, name="calendar-revoke"),
    path("calendar/<str:token>.ics", calendar.feed, name="calendar-feed"),
    path(f"{OF_ITEM}work-out/", work_out, name="work-out"),
    path(f"{OF_ITEM}note/", write_note, name="write-note"),
    path(OF_MINUTES, minutes.minutes_page, name="minutes"),
    path(f"{OF_MINUTES}file/", minutes.minutes_file, name="minutes-file"),
    path(f"{OF_MINUTES}pdf/", minutes.minutes_as_pdf, name="minutes-pdf"),
    path(f"{OF_MINUTES}remarks/", write_remarks, name="write-remarks"),
    *(
        path(f"{OF_MINUTES}{name}/", act_on_minutes, {"name": name}, name=f"minutes-{name}")
        for name in ON_MINUTES
    ),
    path(OF_REQUEST, request.request_page, name="request"),
    path(f"{OF_REQUEST}merge/", merge.merge_page, name="merge"),
    path(f"{OF_REQUEST}merge/into/", merge.merge, name="merge-into"),
    path(f"{OF_REQUEST}merge/dismiss/", merge.dismiss, name="merge-dismiss"),
    path(f"{OF_REQUEST}unmerge/", merge.unmerge, name="unmerge"),
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
