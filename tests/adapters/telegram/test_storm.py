"""Many escalations to one person on Telegram: three sound, the others are there, and a digest."""

from __future__ import annotations

from tests.adapters.telegram.ground import Company

CASES = 6


async def test_beyond_three_cards_are_posted_in_silence_and_a_digest_opens_them(
    office: Company,
) -> None:
    (chen,) = await office.people("chen.jing")
    for number in range(CASES):
        await office.case(customer=f"Acme {number}")
    await office.passes(hours=26)

    escalations = [m for m in chen.messages() if office.says("[升级", "[Escalation") in m.text]
    assert len(escalations) == CASES
    assert [m.silent for m in escalations].count(False) == 3
    (digest,) = [m for m in chen.messages() if office.says("项升级", "escalations for") in m.text]
    assert not digest.silent
    for number in range(CASES):
        assert f"C-2026-000{number + 1} · Acme {number}" in digest.text

    await chen.taps("C-2026-0006", in_message=digest)
    await office.settled()
    shown = chen.messages()[-1]
    assert office.says("升级", "Escalation") in shown.text
    assert "Acme 5" in shown.text
