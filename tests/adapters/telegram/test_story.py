"""The complaint on Telegram, from its filing to its score."""



from tests.adapters.telegram.ground import Company


async def test_a_form_becomes_a_case_and_a_card_that_is_tapped(office: Company) -> None:
    filer, desk = await office.people("emma.clark", "liu.yang")
    for one in (filer, desk):
        await one.starts()
    await office.settled()

    await office.files_complaint(filer)

    card = await desk.waits_for("待认领")
    assert "C-2026-0001" in card.text
    await desk.taps("认领", in_message=card)
    await office.settled()
    assert "待认领" not in card.text
    assert "提交" in card.labels
