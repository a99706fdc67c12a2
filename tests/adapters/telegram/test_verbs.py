"""The rarer verbs: handing over, asking, sending back, withdrawing, by pickers and words."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company
from tests.fakes.telegram import Message, Person


async def claimed(office: Company) -> tuple[Person, Message]:
    desk = (await office.people("liu.yang", "chen.jing", "emma.clark"))[0]
    await office.case()
    claim = office.says("认领", "Claim")
    card = await desk.waits_for(lambda message: claim in message.labels)
    await desk.taps(claim, in_message=card)
    await office.settled()
    return desk, card


async def opens(office: Company, person: Person, card: Message, verb: str) -> None:
    await person.taps(office.says("更多", "More"), in_message=card)
    await office.fake.confirmed()
    await person.taps(verb, in_message=card)
    await office.fake.confirmed()


async def test_a_task_is_handed_to_somebody_who_was_searched_for(in_both: Company) -> None:
    says = in_both.says
    desk, card = await claimed(in_both)
    (owner,) = await in_both.people("chen.jing")
    await opens(in_both, desk, card, says("转交", "Transfer"))

    await in_both.answers(desk, says("+陈静", "+Chen Jing"))
    name = says("陈静", "Chen Jing")
    await in_both.answers(desk, next(label for label in desk.last().labels if name in label))
    assert desk.last().text.count(says("可选", "optional")) == 1
    await in_both.answers(desk, says("+请您处理", "+over to you"))
    send = desk.last().labels[0]
    await desk.taps(send, in_message=desk.last())
    await in_both.settled()

    await owner.waits_for(says("请您处理", "over to you"))
    assert says("分类分级", "Classify and grade") not in card.labels


async def test_the_filer_is_asked_and_answers_by_a_reply(in_both: Company) -> None:
    says = in_both.says
    desk, card = await claimed(in_both)
    (filer,) = await in_both.people("emma.clark")
    await opens(in_both, desk, card, says("提问", "Ask"))
    await desk.says(says("哪个型号？", "Which model?"))
    await in_both.settled()

    question = await filer.waits_for(says("哪个型号？", "Which model?"))
    await filer.taps(says("回答", "Answer"), in_message=question)
    await in_both.fake.confirmed()
    write = says("✍ 自己写", "✍ Write")
    await filer.taps(write, in_message=await filer.waits_for(lambda m: write in m.labels))
    prompt = await filer.waits_for(says("请回复这条消息", "please reply to this"))
    await filer.says("A-100", reply_to=prompt)
    await in_both.settled()

    await desk.waits_for(lambda message: "A-100" in message.text and message.reply_to is card)
    assert says("回答", "Answer") not in question.labels


async def test_a_withdrawal_takes_a_second_tap_and_closes_every_card(in_both: Company) -> None:
    says = in_both.says
    _, card = await claimed(in_both)
    (filer,) = await in_both.people("emma.clark")
    mine = await filer.waits_for("C-2026-0001")
    await opens(in_both, filer, mine, says("撤回", "Withdraw"))
    without = says("不写，直接提交", "Send without words")
    asked = await filer.waits_for(lambda message: without in message.labels)
    assert not (await in_both.work.case()).closed_at

    await filer.taps(without, in_message=asked)
    await in_both.settled()

    assert (await in_both.work.case()).closed_at
    assert card.labels == []
