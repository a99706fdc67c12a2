"""What is owed to people: sent once, at Telegram's pace, and found another way when it must."""

from __future__ import annotations

from itertools import pairwise

import pytest
from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter, TimedOut

from bot.platforms.telegram import html
from bot.platforms.telegram.errors import delivery_error
from bot.platforms.telegram.pace import TelegramPace
from handlers.conversation.ports import Addressee, Delivery
from handlers.pages import Card
from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Message
from workflows.errors import Permanent, Retryable, Unknown
from workflows.moments import DAY, SECOND


def is_claimable(message: Message) -> bool:
    return "认领" in message.labels


def forgiven(office: Company) -> None:
    """The refusals so far were the test's own doing."""
    for call in office.fake.calls():
        call.planted = call.planted or not call.ok


async def test_a_429_parks_its_own_chat_only(office: Company) -> None:
    desk, owner = await office.people("liu.yang", "chen.jing")
    office.fake.faults.too_many(40, "sendMessage", chat=desk.id)
    start = office.work.clock.now()
    await office.case()

    mine, other = await desk.waits_for(is_claimable), await owner.waits_for(is_claimable)

    assert mine.date - start / SECOND >= 40
    assert other.date - start / SECOND < 40


async def test_whoever_blocked_us_is_reached_another_way(office: Company) -> None:
    desk, handler, owner = await office.people("liu.yang", "li.qiang", "chen.jing")
    await handler.blocks_bot()
    await office.case()
    await desk.taps("认领", in_message=await desk.waits_for(is_claimable))
    await office.settled()
    await desk.taps("分类分级")
    await desk.waits_for("等级")
    await office.answers(desk, "一般", "产品质量")
    await desk.taps("分类分级", in_message=desk.last())
    await office.settled()

    told = await owner.waits_for("李强")
    assert "C-2026-0001" in told.text


async def test_a_lost_reply_gives_at_most_one_more_copy(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    office.fake.faults.fails("sendMessage", when="after")
    await office.case()

    assert len([m for m in desk.messages() if is_claimable(m)]) == 2


async def test_refused_mark_up_is_sent_as_plain_words(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    office.fake.faults.refuses("can't parse entities: Unsupported start tag", "sendMessage")
    await office.case()

    card = await desk.waits_for(is_claimable)
    assert "C-2026-0001" in card.text
    assert card.entities == []
    forgiven(office)


async def test_a_card_that_is_as_it_should_be_is_no_error(office: Company) -> None:
    desk, _, _ = await office.people("liu.yang", "chen.jing", "emma.clark")
    await office.case()
    card = await desk.waits_for(is_claimable)
    office.fake.faults.refuses("message is not modified: specified new ...", "editMessageText")
    await desk.taps("认领", in_message=card)
    await office.settled()

    assert await office.work.dead() == ()


@pytest.mark.parametrize("ref", ["deleted", "1", ""])
async def test_a_card_that_was_deleted_is_gone(office: Company, ref: str) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    card = await desk.waits_for(is_claimable)
    card.deleted = True
    shown = Card(kind="task", title="C-2026-0001")
    to = Addressee(person="p", account=str(desk.id), language="zh")
    delivery = Delivery(to=to, kind=shown.kind, cards={"zh": shown}, token="m", notify=False)

    with pytest.raises(Permanent) as told:
        await office.platform.chat.update(
            f"{desk.id}/{card.id}" if ref == "deleted" else ref, delivery
        )

    assert told.value.code == "message_gone"
    forgiven(office)


async def test_a_burst_to_one_person_keeps_the_pace(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    for _ in range(8):
        await office.case()

    assert office.fake.flood.breaches == []
    assert len([m for m in desk.messages() if is_claimable(m)]) == 8


async def test_outside_working_hours_it_makes_no_sound(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    assert not (await desk.waits_for(is_claimable)).silent
    await office.passes(hours=11)
    await office.case()

    assert (await desk.waits_for("C-2026-0002")).silent


async def test_a_person_without_a_number_has_no_account(office: Company) -> None:
    chat = office.platform.chat
    to = Addressee(person="p", account="5", language="en")

    assert chat.languages(to) == ("en",)
    assert chat.account(person="p", accounts={"telegram": "5", "slack": "U"}) == "5"
    assert chat.account(person="p", accounts={"telegram": "@name"}) == ""
    assert chat.account(person="p", accounts={}) == ""


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (RetryAfter(7), Retryable),
        (TimedOut(), Unknown),
        (TimedOut("Pool timeout: All connections"), Retryable),
        (NetworkError("httpx.ConnectError: no"), Retryable),
        (NetworkError("httpx.ReadError: "), Unknown),
        (NetworkError("Bad Gateway"), Unknown),
        (Forbidden("Forbidden: bot was blocked by the user"), Permanent),
        (BadRequest("Chat not found"), Permanent),
        (BadRequest("Message to edit not found"), Permanent),
    ],
)
def test_what_a_refusal_means(error: Exception, kind: type) -> None:
    assert type(delivery_error(error)) is kind  # type: ignore[arg-type]


def test_a_mistake_of_ours_is_no_matter_of_delivery() -> None:
    assert delivery_error(BadRequest("Message is too long")) is None


def test_pace_counts_chats_groups_and_all() -> None:
    now = [0.0]
    pace = TelegramPace(seconds=lambda: now[0], pause=None)  # type: ignore[arg-type]
    for _ in range(3):
        assert pace.wait(1) == 0
        pace.spend(1)
    assert pace.wait(1) == pytest.approx(1)
    assert pace.wait(2) == 0
    for _ in range(20):
        pace.spend(-5)
        now[0] += 0.1
    assert pace.wait(-5) == pytest.approx(58)
    now[0] = 100.0
    for number in range(25):
        assert pace.wait(100 + number) == 0
        pace.spend(100 + number)
    assert pace.wait(7) == pytest.approx(1)
    pace.park(8, 90)
    now[0] = 150.0
    assert pace.wait(8) == pytest.approx(40)
    assert pace.wait(7) == 0


def test_replicas_together_stay_within_the_limits_of_groups_and_of_all_chats() -> None:
    now = [0.0]
    paces = [TelegramPace(seconds=lambda: now[0], pause=None) for _ in range(3)]  # type: ignore[arg-type]
    for pace in paces:
        pace.share(3)
    groups = sum(pace.ask(-5) == 0 for pace in paces for _ in range(30))
    now[0] = 100.0
    chats = sum(pace.ask(100 + number) == 0 for number in range(40) for pace in paces)

    assert (groups, chats) == (18, 24)  # of 20 and 25
    paces[0].share(1)
    now[0] = 200.0
    assert sum(paces[0].ask(300 + number) == 0 for number in range(40)) == 25


def test_of_many_who_wait_for_one_chat_each_comes_back_at_a_turn_of_its_own() -> None:
    now = [0.0]
    pace = TelegramPace(seconds=lambda: now[0], pause=None)  # type: ignore[arg-type]
    while pace.ask(1) == 0:
        pass
    turns = [pace.ask(1) for _ in range(9)]
    assert all(later - sooner >= 1 for sooner, later in pairwise(turns))
    assert pace.ask(2) == 0
    assert max(pace.ask(1) for _ in range(100)) <= 65  # something urgent may come
    now[0] = turns[0]
    assert pace.ask(1) == 0


def test_what_does_not_go_after_all_leaves_its_place_to_another() -> None:
    pace = TelegramPace(seconds=lambda: 0.0, pause=None)  # type: ignore[arg-type]
    pace.give_back(1)  # nobody was ever told anything there
    while pace.ask(1) == 0:
        pass
    pace.give_back(1)
    assert pace.ask(1) == 0
    assert pace.ask(1) > 0
    for _ in range(20):
        pace.ask(-5)
    assert pace.ask(-5) > 0
    pace.give_back(-5)
    assert pace.ask(-5) == 0


def test_a_page_is_cut_where_it_can_be_seen_and_stays_valid() -> None:
    long = html.quote(html.typed("<&>" * 2000))
    made = html.page([html.bold(html.text("a<b")), long, html.text("after")], cut="cut here")

    assert len(made.plain) <= html.MOST
    assert made.plain.endswith("cut here")
    assert made.html.startswith("<b>a&lt;b</b>")
    assert "<blockquote>" not in made.html
    assert "after" not in made.plain


def test_words_of_a_person_ping_nobody() -> None:
    assert "@" in html.typed("@all").plain
    assert "@all" not in html.typed("@all, hello @bob").plain
    assert html.typed("a@b.example").plain == "a@b.example"
    assert "/away" not in html.typed("/away").plain
    assert html.typed("1/2").plain == "1/2"


def test_a_time_has_words_that_every_client_shows() -> None:
    words = html.moment(html.text("today 9:00"), "2026-03-02T01:00:00+00:00")

    assert words.html == '<tg-time unix="1772413200">today 9:00</tg-time>'
    assert html.moment(html.text("x"), "nonsense").html == "x"


async def test_time_stands_in_the_readers_zone(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    await office.case()
    card = await desk.waits_for(is_claimable)

    times = [entity for entity in card.entities if entity["type"] == "date_time"]
    due = office.work.clock.now() + 7 * DAY
    assert times
    assert all(entity["unix_time"] <= due / SECOND + 60 for entity in times)


async def test_a_refused_token_is_to_be_seen_and_loses_no_message(office: Company) -> None:
    (desk,) = await office.people("liu.yang")
    office.fake.faults.unauthorised("sendMessage")
    await office.case()

    await desk.waits_for(is_claimable)
    assert office.platform.connected()
