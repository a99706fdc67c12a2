"""From a message that is owed to what is sent."""

from dataclasses import replace

from handlers import deliver
from handlers.conversation.ports import Addressee
from tests.fakes.chat import FakeChat, spell
from tests.office import Workplace
from tests.stories.deeds import dispatched, file_complaint
from workflows.case.effects import Lane
from workflows.loading import load_definition
from workflows.records import OutboxRow, SentMessage


class Bilingual(FakeChat):
    """A platform that wants every card in both languages."""

    def languages(self, to: Addressee) -> tuple[str, ...]:
        return ("zh", "en")


def row(work: Workplace, to: str, **changes) -> OutboxRow:
    now = work.clock.now()
    owed = OutboxRow(
        id="1",
        case_id="C-2026-0001",
        to=to,
        slot="task:t1",
        kind="task",
        lane=Lane.TASK,
        task="t1",
        args={},
        created_at=now,
        next_at=now,
        attempts=0,
        revision=1,
        refresh_only=False,
    )
    return replace(owed, **changes)


async def plan(work: Workplace, owed: OutboxRow, *chats: FakeChat) -> deliver.Plan:
    platforms = {chat.name: chat for chat in chats}
    return await work.database.read(
        lambda tx: deliver.prepare(tx, work.office, owed, platforms=platforms)
    )


async def test_a_message_is_posted_in_the_reader_s_language(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    emma = await work.person("emma.clark").key()
    owed = row(work, emma, slot="new", kind="case", task=None)

    (sending,) = (await plan(work, owed, FakeChat())).sendings

    assert sending.ref is None
    assert sending.delivery.to == Addressee(
        person=emma, account=f"account of {emma}", language="en"
    )
    assert sending.delivery.notify
    assert sending.delivery.cards["en"].title == "Customer complaint · C-2026-0001"


async def test_a_platform_may_want_both_languages(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = await work.person("liu.yang").key()

    (sending,) = (await plan(work, row(work, desk, slot="new"), Bilingual(name="two"))).sendings

    titles = {language: card.title for language, card in sending.delivery.cards.items()}
    assert titles == {
        "zh": "分类分级 · C-2026-0001",
        "en": "Classify and grade · C-2026-0001",
    }


async def test_every_platform_of_a_person_gets_it(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = await work.person("liu.yang").key()
    chats = FakeChat(name="slack"), FakeChat(name="telegram"), FakeChat(name="off", gone={desk})

    sendings = (await plan(work, row(work, desk, slot="new"), *chats)).sendings

    assert [sending.platform for sending in sendings] == ["slack", "telegram"]
    tokens = {sending.delivery.token for sending in sendings}
    assert len(tokens) == 2
    assert all(token.startswith("m_") for token in tokens)


async def test_what_the_reader_sees_already_is_not_sent_again(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = await work.person("liu.yang").key()

    assert await plan(work, row(work, desk), work.chat) == deliver.Plan()
    await work.passes("1h")
    assert await plan(work, row(work, desk), work.chat) == deliver.Plan()


async def test_a_change_is_made_where_the_message_is(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = await work.person("liu.yang").key()
    before = work.chat.of(desk)[0]
    await work.person("liu.yang").presses("认领")

    assert len(work.chat.of(desk)) == 1
    assert (before.edits, before.noticed) == (1, 1)


async def test_a_refresh_of_what_was_never_posted_is_nothing(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = await work.person("liu.yang").key()

    owed = row(work, desk, slot="new", refresh_only=True)

    assert await plan(work, owed, FakeChat()) == deliver.Plan()


async def test_who_is_nowhere_is_unreachable(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = await work.person("liu.yang").key()
    new = row(work, desk, slot="new")

    assert (await plan(work, new, FakeChat(gone={desk}))).unreachable
    assert (await plan(work, replace(new, tried=("fake",)), FakeChat())).unreachable
    assert (await plan(work, replace(new, to="p_nobody"), FakeChat())).unreachable
    tried = replace(row(work, desk), refresh_only=True, tried=("fake",))
    assert not (await plan(work, tried, FakeChat())).unreachable


async def test_the_owner_is_told_instead_once_and_then_nobody(work: Workplace) -> None:
    handler = await dispatched(work)
    owed = row(work, await handler.key(), slot="task:t2", task="t2")
    owner = await work.person("chen.jing").key()

    async def instead(lost: OutboxRow) -> bool:
        return await work.database.run(lambda tx: deliver.other_way(tx, work.office, lost))

    assert await instead(owed)
    assert not await instead(replace(owed, to=owner))
    assert not await instead(replace(owed, args={"instead_of": owed.to}))
    assert not await instead(replace(owed, case_id=None))
    assert not await instead(replace(owed, case_id="C-2026-0099"))
    await work.settle()
    await work.person("chen.jing").sees("无法联系到李强", kind="task")


async def test_a_message_keeps_its_name_for_ever(work: Workplace) -> None:
    one = row(work, "p_1")

    assert deliver.message_token(one, "slack") == deliver.message_token(
        replace(one, id="2", revision=9, attempts=3), "slack"
    )
    assert deliver.message_token(one, "slack") != deliver.message_token(one, "telegram")


async def test_a_receipt_says_where_it_is(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    desk = await work.person("liu.yang").key()
    owed = row(work, desk, slot="new")
    (sending,) = (await plan(work, owed, FakeChat())).sendings

    receipt = deliver.receipt(owed, sending, ref="r", at=work.clock.now())

    assert isinstance(receipt, SentMessage)
    assert (receipt.ref, receipt.platform, receipt.content_hash) == (
        "r",
        "fake",
        sending.content_hash,
    )


async def test_news_stands_under_the_reader_s_own_card(work: Workplace) -> None:
    handler = await dispatched(work)
    key = await handler.key()
    chat = FakeChat()
    news = row(work, key, slot="remind:9", kind="comment", task="t2", args={"seq": "1"})

    def sent(tx):
        return tx.outbox.sent(case_id="C-2026-0001", to=key, slot="task:t2")

    (card,) = await work.database.read(sent)
    owed = replace(news, kind="lapsed")
    (sending,) = (await plan(work, owed, chat)).sendings

    assert sending.delivery.under == card.ref
    assert sending.delivery.since == owed.created_at
    assert sending.delivery.attempt == owed.claim


async def test_outside_working_hours_only_escalations_make_a_sound(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    emma = await work.person("emma.clark").key()
    owed = row(work, emma, slot="new", kind="case", task=None)
    (open_,) = (await plan(work, owed, FakeChat())).sendings
    await work.until("2026-03-02 19:00")
    (closed,) = (await plan(work, owed, FakeChat())).sendings
    loud = replace(owed, lane=Lane.ESCALATION)
    (urgent,) = (await plan(work, loud, FakeChat())).sendings

    assert not open_.delivery.quiet
    assert closed.delivery.quiet
    assert not urgent.delivery.quiet
    assert closed.delivery.under is None


async def published_with_channel(work: Workplace) -> None:
    """The complaint process, its first step shown in a channel."""

    def unit(tx):
        (stored,) = tx.definitions.current()
        text = stored.text.replace('id = "triage"', 'id = "triage"\nchannel = "complaints"', 1)
        tx.definitions.publish(
            key=stored.key,
            hash=load_definition(text, file="complaint.toml").hash,
            text=text,
            at=work.clock.now(),
            by=stored.published_by,
        )

    await work.database.run(unit)


async def test_a_channel_sees_a_task_in_short_until_it_is_done(work: Workplace) -> None:
    await published_with_channel(work)
    await file_complaint(work.person("emma.clark"))
    (message,) = work.chat.of("#complaints")
    assert [button.verb for button in message.card.buttons] == ["claim", "details"]
    assert message.card.quote == ""

    desk = work.person("liu.yang")
    await desk.presses("认领", kind="task")
    assert [button.verb for button in message.card.buttons] == ["details"]
    assert "刘洋" in spell(message.card)


async def test_a_channel_that_no_platform_has_is_nobody_s_loss(work: Workplace) -> None:
    await file_complaint(work.person("emma.clark"))
    chat = FakeChat()
    chat.gone.add("#complaints")
    owed = row(work, "#complaints", kind="channel")

    assert await plan(work, owed, chat) == deliver.Plan()
