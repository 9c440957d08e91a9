"""How the company learns to speak: of decisions, of what has arrived, and in its own words."""

from datetime import datetime, timedelta
from functools import partial
from typing import Final

from backlog.models import StatusUpdate
from backlog.operations import announcements, message_templates, products, sources
from council.demo import mail
from council.demo.dates import FOUNDED
from council.demo.world import DemoRequest, World
from council.models import Decision

# Days around the next meeting: a “yes” is told from the third meeting on.
_YES_FROM: Final = -40
_ACKNOWLEDGES_FROM: Final = -24
_OWN_WORDS_FROM: Final = -120
_NOT_TOLD_YET: Final = ("외국인 등록증으로 가입하기", "정기 구독 상품 팔기")
_OWN_WORDS: Final = {
    "ko": message_templates.Words(
        headline="기다려 주셔서 고맙습니다. 이번에는 하지 않기로 했습니다.",
        opening="{{ greeting }} {{ product }}에 들려주신 의견을 협의회에서 함께 읽고 정했습니다.",
        closing="생각이 다르시거나 상황이 바뀌었다면 언제든 다시 들려주세요. 모두 읽습니다.",
    ),
    "en": message_templates.Words(
        headline="Thank you for waiting. It will not happen for now.",
        opening="{{ greeting }} our customer council read what you told us about {{ product }}.",
        closing="If you see it otherwise, or things have changed, tell us again. We read it all.",
    ),
}


def plan(world: World) -> None:
    """Enter into the diary when the company begins to say more, and in which words."""
    _set_yes(world, world.calendar.on(FOUNDED, 12), speaks=False)
    calendar = world.calendar
    world.diary.on(calendar.on(_OWN_WORDS_FROM, 11), partial(_write, world))
    world.diary.on(calendar.on(_YES_FROM, 9), partial(_set_yes, world, speaks=True))
    world.diary.on(calendar.on(_ACKNOWLEDGES_FROM, 9), partial(_acknowledge, world))


def plan_status_update(
    world: World, demo_request: DemoRequest, decision: Decision, at: datetime
) -> None:
    """What the council decided is told two days later; a few things still wait for it."""
    status_update = StatusUpdate.objects.waiting().filter(request=decision.request).first()
    if status_update is not None and demo_request.fixture["title"] not in _NOT_TOLD_YET:
        told_at = (at + timedelta(days=2)).replace(hour=at.hour, minute=30)
        world.diary.on(told_at, partial(_announce, world, demo_request, status_update))


def _announce(
    world: World, demo_request: DemoRequest, status_update: StatusUpdate, at: datetime
) -> None:
    announcements.announce(subject=status_update, by=world.owner_of(demo_request), at=at)
    mail.send_soon(world, at)


def _write(world: World, at: datetime) -> None:
    for language, words in _OWN_WORDS.items():
        message_templates.write_template(
            occasion="decided_no", language=language, by=world.colleagues["pm"], at=at, **words
        )


def _set_yes(world: World, at: datetime, *, speaks: bool) -> None:
    for product in world.products.values():
        products.edit_product(
            product_id=product.pk, tells_yes=speaks, by=world.colleagues["admin"], at=at
        )


def _acknowledge(world: World, at: datetime) -> None:
    form = world.sources["web-form"]
    world.sources["web-form"] = sources.edit_source(
        source_id=form.pk, acknowledges=True, by=world.colleagues["admin"], at=at
    )
