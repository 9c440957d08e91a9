"""Rows about what customers and other tools hear that no database may keep."""

from collections.abc import Iterator
from datetime import timedelta
from functools import partial

from backlog.models import (
    MailDomain,
)
from tests.backlog.models.making import Impossible, twice
from tests.factories import NOON, people, suggestions
from tests.factories import backlog as make

EARLIER = NOON - timedelta(days=1)


def rows() -> Iterator[Impossible]:
    yield from _obligations()
    yield from _status_update()
    yield from _notices()
    yield from _endpoints()


def _obligations() -> Iterator[Impossible]:
    obligation = make.ObligationFactory.create
    yield (
        "backlog_obligation_one_per_customer",
        twice(obligation, event=make.EventFactory.create, customer=make.CustomerFactory.create),
    )
    yield "backlog_obligation_status_known", partial(obligation, status="lost", settled_at=NOON)
    settled = "backlog_obligation_settled_iff_not_owed"
    yield settled, partial(obligation, settled_at=NOON)
    yield settled, partial(obligation, status="told")
    for silent in ("suppressed", "waived", "superseded"):
        yield (
            "backlog_obligation_says_why_not_told",
            partial(obligation, status=silent, settled_at=NOON),
        )
    about = "backlog_obligation_of_a_request_or_of_words"
    yield about, partial(obligation, request=None)
    yield about, lambda: obligation(feedback=make.FeedbackFactory.create())
    yield (
        "backlog_obligation_of_one_thing",
        lambda: obligation(
            outcome=make.OutcomeFactory.create(),
            request=None,
            feedback=make.FeedbackFactory.create(),
        ),
    )


def _status_update() -> Iterator[Impossible]:
    status_update, template = make.StatusUpdateFactory.create, make.MessageTemplateFactory.create
    yield (
        "backlog_statusupdate_one_current_per_request",
        twice(status_update, request=make.RequestFactory.create),
    )
    yield "backlog_statusupdate_kind_known", partial(status_update, kind="rumour")

    def recorded_with_itself() -> None:
        row = status_update()
        row.recorded_with = row
        row.save()

    yield "backlog_statusupdate_not_recorded_with_itself", recorded_with_itself
    yield (
        "backlog_announcement_announced_after_recorded",
        partial(status_update, announced_at=EARLIER),
    )
    yield (
        "backlog_announcement_a_no_is_told_with_words",
        partial(status_update, words={}, announced_at=NOON),
    )

    def countersigned_by_whoever_asked() -> None:
        user = people.UserFactory.create()
        status_update(asked_by=user, asked_at=NOON, countersigned_by=user, countersigned_at=NOON)

    yield "backlog_announcement_countersigned_by_another", countersigned_by_whoever_asked
    yield (
        "backlog_messagetemplate_one_per_product_and_occasion",
        twice(template, product=make.ProductFactory.create),
    )
    yield "backlog_messagetemplate_one_for_all_products", twice(template, product=None)
    yield "backlog_messagetemplate_occasion_known", partial(template, occasion="birthday")
    yield "backlog_messagetemplate_language_known", partial(template, language="fr")


def _notices() -> Iterator[Impossible]:
    notice, item = make.NoticeFactory.create, make.NoticeItemFactory.create
    one = "backlog_notice_exactly_one_recipient"
    yield one, partial(notice, customer=None)
    yield one, lambda: notice(user=people.UserFactory.create())
    yield "backlog_notice_status_known", partial(notice, status="lost")
    yield "backlog_notice_nature_known", partial(notice, nature="")
    yield "backlog_notice_wait_known", partial(notice, waits_for="godot")
    yield "backlog_notice_judged_as_known", partial(notice, judged_as="fate")
    leased = "backlog_notice_leased_iff_sending"
    yield leased, partial(notice, status="sending")
    yield leased, partial(notice, status="sending", lease_until=NOON)
    yield leased, partial(notice, lease_until=NOON)
    yield leased, partial(notice, lease_token="t")
    sent = "backlog_notice_sent_has_a_time"
    yield sent, partial(notice, status="sent")
    yield sent, partial(notice, sent_at=NOON)
    yield (
        "backlog_noticeitem_one_live_notice_per_obligation",
        twice(item, obligation=make.ObligationFactory.create, notice=make.NoticeFactory.create),
    )
    mail_domain = partial(MailDomain.objects.create, channel="email", domain="example.org")
    yield "backlog_maildomain_one_each", lambda: (mail_domain(), mail_domain())
    yield "backlog_maildomain_channel_known", partial(mail_domain, channel="pigeon")
    rests = "backlog_maildomain_rests_iff_it_failed"
    yield rests, partial(mail_domain, failures=1)
    yield rests, partial(mail_domain, failure="timed out")
    yield rests, partial(mail_domain, rests_until=NOON)
    yield "backlog_reply_verdict_known", partial(make.ReplyFactory.create, verdict="perhaps")
    for satisfaction in (0, 6):
        yield (
            "backlog_reply_satisfaction_from_1_to_5",
            partial(make.ReplyFactory.create, satisfaction=satisfaction),
        )


def _endpoints() -> Iterator[Impossible]:
    endpoint, delivery = make.EndpointFactory.create, make.WebhookDeliveryFactory.create
    yield "backlog_endpoint_form_known", partial(endpoint, form="fax")
    yield "backlog_endpoint_language_known", partial(endpoint, language="fr")
    yield "backlog_endpoint_rests_only_if_it_fails", partial(endpoint, rests_until=NOON)
    yield "backlog_endpoint_leased_with_a_token", partial(endpoint, lease_until=NOON)
    yield "backlog_endpoint_old_salt_has_an_end", partial(endpoint, old_salt="old")
    yield "backlog_view_has_a_name", partial(make.ViewFactory.create, name="")
    yield (
        "backlog_view_one_of_a_name",
        twice(make.ViewFactory.create, user=people.UserFactory.create, name=lambda: "Mine"),
    )
    yield from _shared_views()
    yield from _suggestions()
    yield "backlog_webhookdelivery_status_known", partial(delivery, status="lost")
    yield "backlog_webhookdelivery_arrived_iff_delivered", partial(delivery, status="delivered")
    yield (
        "backlog_webhookdelivery_one_per_endpoint_and_event",
        twice(delivery, endpoint=endpoint, event=make.EventFactory.create),
    )


def _suggestions() -> Iterator[Impossible]:
    suggestion = suggestions.SuggestionFactory.create
    one, other = make.RequestFactory.create, make.RequestFactory.create
    yield (
        "backlog_suggestion_one_of_a_pair_and_none_once_dismissed",
        twice(suggestion, request=one, into_request=other),
    )
    yield "backlog_suggestion_about_what_its_kind_says", partial(suggestion, kind="link")

    def of_one() -> None:
        row = make.RequestFactory.create()
        suggestion(request=row, into_request=row)

    yield "backlog_suggestion_of_two_that_differ", of_one
    yield "backlog_suggestion_origin_known", partial(suggestion, origin="oracle")
    yield "backlog_suggestion_decided_iff_not_proposed", partial(suggestion, state="accepted")
    yield "backlog_suggestion_score_from_0_to_1", partial(suggestion, score=1.5)


def _shared_views() -> Iterator[Impossible]:
    yield "backlog_view_shared_on_a_board", partial(make.ViewFactory.create, is_shared=True)
    yield (
        "backlog_view_shown_first_is_shared",
        lambda: make.ViewFactory.create(product=make.ProductFactory.create(), is_default=True),
    )
    yield (
        "backlog_view_one_of_a_name_on_a_board",
        twice(
            make.ViewFactory.create,
            user=people.UserFactory.create,
            product=make.ProductFactory.create,
            name=lambda: "Mine",
        ),
    )
    yield (
        "backlog_view_one_is_shown_first",
        twice(
            partial(make.ViewFactory.create, is_shared=True, is_default=True),
            product=make.ProductFactory.create,
        ),
    )
