"""Addresses of the backlog's own pages."""

from django.urls import path

from backlog.pages import (
    announce,
    board,
    changelog,
    delivery,
    loop,
    mailbox,
    outcome,
    portal,
    silence,
    sprint,
)

app_name = "backlog"

urlpatterns = [
    path("board/", board.first_board, name="first-board"),
    path("board/<str:prefix>/", board.board, name="board"),
    path("board/<str:prefix>/<str:key>/<str:direction>/", board.move, name="move"),
    path("board/<str:prefix>/moves/<int:event_id>/undo/", board.undo, name="undo"),
    path("sprints/", sprint.first_sprint, name="sprints"),
    path("sprints/<int:sprint_id>/", sprint.sprint, name="sprint"),
    path("loop/", loop.ledger, name="loop"),
    path("loop/outcomes/<int:outcome_id>/", outcome.outcome, name="loop-outcome"),
    path(
        "loop/outcomes/<int:outcome_id>/customers.csv", outcome.export, name="loop-outcome-export"
    ),
    path("loop/silence/", silence.report, name="silence"),
    path("loop/silence/<str:key>/", silence.silent, name="silent"),
    path("loop/delivery/", delivery.health, name="delivery"),
    path("loop/delivery/test/", delivery.test_message, name="test-message"),
    path("loop/notices/<int:notice_id>/retry/", delivery.retry, name="retry-notice"),
    path("outcomes/<int:outcome_id>/announce/", announce.announce, name="announce"),
    path(
        "outcomes/<int:outcome_id>/announce/<str:step>/", announce.take_step, name="announce-step"
    ),
    path("outcomes/<int:outcome_id>/preview/<int:customer_id>/", announce.message, name="preview"),
    path(
        "outcomes/<int:outcome_id>/preview/<int:customer_id>/html/",
        announce.message_html,
        name="preview-html",
    ),
    path(
        "outcomes/<int:outcome_id>/preview/<int:customer_id>/test/",
        announce.send_test,
        name="preview-test",
    ),
    path("sample/", announce.sample, name="sample"),
    path("changelog/", changelog.changelog, name="changelog"),
    path("changelog/feed/", changelog.feed, name="changelog-feed"),
    path("heard/<str:token>/", portal.heard, name="heard"),
    path("unsubscribe/<str:token>/", portal.unsubscribe, name="unsubscribe"),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:message_id>/", mailbox.message, name="message"),
    path("mailbox/<str:message_id>/html/", mailbox.message_html, name="message-html"),
]
