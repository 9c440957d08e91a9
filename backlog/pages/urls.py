"""Addresses of the backlog's own pages."""

from django.urls import URLPattern, path

from backlog.pages import (
    account,
    announcement,
    board,
    board_edits,
    board_files,
    board_moves,
    board_sorting,
    board_views,
    changelog,
    customer,
    customer_merge,
    inbox,
    inbox_acts,
    loop,
    mail_delivery,
    mailbox,
    matrix,
    message_templates,
    outcome,
    own_account,
    own_data,
    passwords,
    portal,
    privacy_requests,
    settings,
    sprint,
    styleguide,
    unanswered,
)
from backlog.pages.lists import (
    accounts,
    customers,
    feedback,
    outcomes,
    overrides,
    requests,
    sprints,
    views,
)
from backlog.pages.lists.view import addresses, file_of

app_name = "backlog"
TRIAGE = "feedback/triage/"


def announced(of: str, prefix: str) -> list[URLPattern]:
    """The pages of something that is announced; their names begin with `prefix`."""
    preview = f"{of}preview/<int:customer_id>/"
    return [
        path(f"{of}announce/", announcement.announce, name=f"{prefix}announce"),
        path(f"{of}announce/<str:step>/", announcement.take_step, name=f"{prefix}announce-step"),
        path(preview, announcement.message, name=f"{prefix}preview"),
        path(f"{preview}html/", announcement.message_html, name=f"{prefix}preview-html"),
        path(f"{preview}test/", announcement.send_test, name=f"{prefix}preview-test"),
    ]


urlpatterns = [
    path("board/", board.first_board, name="first-board"),
    *addresses("board/overrides/", overrides.LIST),
    path("board/<str:prefix>/", board.board, name="board"),
    path("board/<str:prefix>/matrix/", matrix.matrix, name="matrix"),
    path("board/<str:prefix>/filters/", board.filters, name="board-filters"),
    path("board/<str:prefix>/now/", board.board_now, name="board-now"),
    path("board/<str:prefix>/edit/", board_edits.edit, name="board-edit"),
    path("board/<str:prefix>/edits/<int:edit_id>/undo/", board_edits.undo, name="undo-edit"),
    *(
        path(f"board/<str:prefix>/board.{kind}", board_files.export, {"kind": kind}, name=name)
        for kind, name in (("csv", "board-file"), ("xlsx", "board-workbook"))
    ),
    path("board/<str:prefix>/views/", board_views.save, name="save-board-view"),
    path("board/<str:prefix>/sort/", board_sorting.sort, name="board-sort"),
    path("board/<str:prefix>/place/", board_moves.place, name="place"),
    path("board/<str:prefix>/<str:key>/<str:direction>/", board_moves.move, name="move"),
    path("board/<str:prefix>/moves/<int:event_id>/undo/", board_moves.undo, name="undo"),
    *addresses("requests/", requests.LIST),
    path("feedback/", inbox.place, name="feedback"),
    path("feedback/feedback.csv", file_of(feedback.LIST), name="feedback-file"),
    path("feedback/requests/", inbox.found, name="find-request"),
    path("feedback/alike/", inbox.alike, name="alike"),
    path("feedback/<int:feedback_id>/reading/", inbox.reading, name="reading"),
    *(
        path(f"{TRIAGE}{name}/", inbox_acts.act, {"name": name}, name=f"triage-{name}")
        for name in inbox_acts.ACTS
    ),
    path(f"{TRIAGE}undo/", inbox_acts.undo, name="triage-undo"),
    *addresses("customers/", customers.LIST),
    path("customers/<int:customer_id>/", customer.customer, name="customer"),
    path("customers/<int:customer_id>/merge/", customer_merge.merge_page, name="merge-customer"),
    path(
        "customers/<int:customer_id>/merge/into/", customer_merge.merge, name="merge-customer-into"
    ),
    path(
        "customers/<int:customer_id>/merge/dismiss/",
        customer_merge.dismiss,
        name="merge-customer-dismiss",
    ),
    path("customers/<int:customer_id>/unmerge/", customer_merge.unmerge, name="unmerge-customer"),
    *addresses("accounts/", accounts.LIST),
    path("accounts/<int:account_id>/", account.account, name="account"),
    *addresses("outcomes/", outcomes.LIST),
    *addresses("sprints/all/", sprints.LIST),
    path("views/save/", views.save, name="save-view"),
    path("views/<int:view_id>/delete/", views.delete, name="delete-view"),
    path("sprints/", sprint.first_sprint, name="sprints"),
    path("sprints/<int:sprint_id>/", sprint.sprint, name="sprint"),
    path("loop/", loop.ledger, name="loop"),
    path("loop/outcomes/<int:outcome_id>/", outcome.outcome, name="loop-outcome"),
    path(
        "loop/outcomes/<int:outcome_id>/customers.csv", outcome.export, name="loop-outcome-export"
    ),
    path("loop/unanswered/", unanswered.report, name="unanswered"),
    path("loop/unanswered/<str:key>/", unanswered.request_report, name="unanswered-request"),
    path("loop/delivery/", mail_delivery.health, name="delivery"),
    path("loop/delivery/test/", mail_delivery.test_message, name="test-message"),
    path("loop/notices/<int:notice_id>/retry/", mail_delivery.retry, name="retry-notice"),
    *announced("outcomes/<int:outcome_id>/", ""),
    *announced("status-updates/<int:status_update_id>/", "status-update-"),
    path(
        "status-updates/<int:status_update_id>/words/",
        announcement.write_words,
        name="status-update-words",
    ),
    path("sample/", announcement.sample, name="sample"),
    path("changelog/", changelog.changelog, name="changelog"),
    path("changelog/feed/", changelog.feed, name="changelog-feed"),
    path("heard/<str:token>/", portal.heard, name="heard"),
    path("unsubscribe/<str:token>/", portal.unsubscribe, name="unsubscribe"),
    path("own-data/<str:token>/", own_data.own_data, name="own-data"),
    path("copy/<str:token>/", own_data.copy, name="copy"),
    path("privacy/", privacy_requests.privacy_requests, name="privacy"),
    path("privacy/welcome-back/", privacy_requests.welcome_back, name="privacy-welcome-back"),
    path("privacy/copies/<int:customer_id>/", privacy_requests.personal_copy, name="personal-copy"),
    path("privacy/<int:request_id>/close/", privacy_requests.close, name="privacy-close"),
    path("account/", own_account.own_account, name="own-account"),
    path("password/", passwords.forgotten, name="forgotten-password"),
    path("password/<uidb64>/<token>/", passwords.SetPassword.as_view(), name="set-password"),
    path("settings/", settings.settings, name="settings"),
    path("styleguide/", styleguide.styleguide, name="styleguide"),
    path("messages/", message_templates.templates, name="message-templates"),
    path(
        "messages/<str:occasion>/<str:language>/",
        message_templates.template,
        name="message-template",
    ),
    path(
        "messages/<str:occasion>/<str:language>/save/", message_templates.save, name="message-save"
    ),
    path(
        "messages/<str:occasion>/<str:language>/reset/",
        message_templates.reset,
        name="message-reset",
    ),
    path(
        "messages/<str:occasion>/<str:language>/preview/",
        message_templates.preview,
        name="message-preview",
    ),
    path("mailbox/", mailbox.mailbox, name="mailbox"),
    path("mailbox/<str:message_id>/", mailbox.message, name="message"),
    path("mailbox/<str:message_id>/html/", mailbox.message_html, name="message-html"),
]
