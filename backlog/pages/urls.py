"""Addresses of the backlog's own pages."""

from django.urls import path

from backlog.pages import board, mailbox, portal

app_name = "backlog"

urlpatterns = [
    path("board/", board.first_board, name="first-board"),
    path("board/<str:prefix>/", board.board, name="board"),
    path("board/<str:prefix>/<str:key>/<str:direction>/", board.move, name="move"),
    path("board/<str:prefix>/moves/<int:event_id>/undo/", board.undo, name="undo"),
    path("heard/<str:token>/", portal.heard, name="heard"),
    path("unsubscribe/<str:token>/", portal.unsubscribe, name="unsubscribe"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:message_id>/", mailbox.message, name="message"),
    path("mailbox/<str:message_id>/html/", mailbox.message_html, name="message-html"),
]
