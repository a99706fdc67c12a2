from tests.adapters.slack.workspace import Workspace

FILLED = {
    "customer": "Acme",
    "contact": "13800000000",
    "product": "A-100",
    "what_happened": "The box was wet",
}


async def test_a_complaint_is_filed_claimed_and_triaged(place: Workspace) -> None:
    await place.everybody()
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")

    assert (await emma.slash("/complaint The box was wet")).ok
    modal = await emma.waits_for_modal()
    errors = await modal.submit({f"q:{k}": v for k, v in FILLED.items()}, **{"q:channel": "phone"})
    assert errors == {}
    await place.settle()
    await liu.click("Claim")
    await place.settle()
    place.slack.assert_clean()
