"""What people type: commands, messages, comments in threads, mentions, shortcuts, strangers."""

from __future__ import annotations

from pathlib import Path

import pytest

from handlers.conversation.ports import KnownPerson
from tests.adapters.slack.deeds import FILLED, files, opens, presses
from tests.adapters.slack.workspace import Workspace, workspace
from tests.fakes.slack import sample


async def test_loop_carries_every_command_that_slack_reserves(either: Workspace) -> None:
    await either.everybody()
    emma = await either.person("emma.clark")
    await files(either, emma)
    await emma.close_modal()

    await emma.slash("/loop")
    assert "/loop tasks" in emma.last_message().text
    assert "/complaint" in emma.last_message().text
    assert "\n/tasks" not in emma.last_message().text
    await emma.slash("/loop cases")
    assert "C-2026-0001" in emma.last_message().text
    await emma.slash("/loop points")
    assert "no points for lateness" in emma.last_message().text
    await emma.slash("/loop why c-2026-0001")
    assert "Why: Customer complaint · C-2026-0001" in emma.last_message().text
    assert "Why them" in emma.last_message().text
    await emma.slash("/loop c-2026-0001")
    assert "C-2026-0001" in emma.last_message().text
    assert emma.last_message().is_ephemeral
    await emma.slash("/loop case")
    assert "like /loop case C-2026-0001" in emma.last_message().text
    await emma.slash("/loop nonsense")
    assert "nonsense" in emma.last_message().text
    await emma.slash("/loop away")
    await either.calm()
    assert emma.modal_or_none is not None
    either.slack.assert_clean()


async def test_a_prefix_keeps_commands_apart_from_those_of_others(tmp_path: Path) -> None:
    manifest = sample(("/cl-complaint", "/cl-loop"))
    async with workspace(tmp_path, language="en", manifest=manifest, command_prefix="cl-") as place:
        emma = await place.person("emma.clark")
        await emma.slash("/cl-loop help")
        assert "/cl-loop tasks" in emma.last_message().text
        assert "/cl-complaint" in emma.last_message().text
        modal = await opens(emma, place, "/cl-complaint A wet box")
        assert modal.value("q:what_happened") == "A wet box"
        place.slack.assert_clean()


async def test_what_is_typed_in_the_thread_is_a_comment(either: Workspace) -> None:
    await either.everybody()
    emma, liu = await either.person("emma.clark"), await either.person("liu.yang")
    await files(either, emma)
    card = liu.last_card()

    await liu.says("Was it &lt;b&gt;raining&lt;/b&gt;? &amp; more", thread=card)
    await either.settle()

    chained = await either.office.event_types()
    assert "Commented" in chained
    assert any("<b>raining</b>? & more" in seen.text for seen in emma.messages())
    assert card.thread()
    either.slack.assert_clean()


async def test_a_message_delivered_twice_is_one_comment(either: Workspace) -> None:
    await either.everybody()
    emma, liu = await either.person("emma.clark"), await either.person("liu.yang")
    await files(either, emma)
    either.slack.faults.duplicate = 1

    await liu.says("Only once", thread=liu.last_card())
    await either.settle()

    assert (await either.office.event_types()).count("Commented") == 1
    answers = [m for m in liu.last_card("C-2026-0001").thread() if m.message.by_bot]
    assert len(answers) == 1


async def test_a_case_number_in_a_message_shows_the_case(either: Workspace) -> None:
    emma = await either.person("emma.clark")
    await files(either, emma)

    await emma.says("what about c-2026-0001?")
    await either.settle()

    assert "History" in emma.last_message().text or "Filed" in emma.last_message().text
    await emma.says("good morning")
    await either.settle()
    assert "/loop tasks" in emma.last_message().text
    either.slack.assert_clean()


async def test_a_mention_in_a_channel_is_answered_for_one_pair_of_eyes(place: Workspace) -> None:
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await files(place, emma)
    channel = place.slack.channel("service", [emma, liu])

    await emma.mention("C-2026-0001", channel)
    await place.settle()

    assert "C-2026-0001" in emma.messages(channel)[-1].text
    assert emma.messages(channel)[-1].is_ephemeral
    assert len(liu.messages(channel)) == 1
    place.slack.assert_clean()


async def test_a_message_is_turned_into_a_complaint(tmp_path: Path) -> None:
    manifest = sample()
    manifest["features"]["shortcuts"] = [
        {
            "name": "Turn into a complaint",
            "type": "message",
            "callback_id": "cl:file:complaint",
            "description": "Files a complaint",
        }
    ]
    async with workspace(tmp_path, language="en", manifest=manifest) as place:
        emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
        channel = place.slack.channel("service", [emma, liu])
        said = await liu.says(f"<@{emma.id}> the customer says &lt;this&gt; " + "x" * 200, channel)

        assert (await emma.shortcut("cl:file:complaint", said)).ok
        await place.calm()

        words = emma.modal.value("q:what_happened")
        assert words.startswith("@Emma Clark the customer says <this>")
        assert words.endswith(place.slack.permalink(said.message))
        assert await emma.modal.submit({**FILLED, "q:what_happened": words}) == {}
        place.slack.assert_clean()


# ------------------------------------------------------------------ people


async def test_somebody_new_is_known_by_their_address(place: Workspace) -> None:
    newcomer = place.slack.person("Li Qiang", locale="zh-CN", tz="Asia/Shanghai")

    await newcomer.slash("/loop tasks")

    known = await place.desk.known(newcomer.id)
    assert isinstance(known, KnownPerson)
    place.slack.assert_clean()


@pytest.mark.parametrize(
    "trait",
    [
        {"email": "nobody@example.com"},
        {"email": "li.qiang@example.com", "is_restricted": True},
        {"email": "li.qiang@example.com", "team_id": "T0OTHER"},
    ],
)
async def test_a_stranger_gets_a_kind_answer_and_nothing_else(
    place: Workspace, trait: dict[str, object]
) -> None:
    stranger = place.slack.person("Some Body", locale="zh-CN", **trait)

    await stranger.slash("/complaint")
    await place.calm()
    assert "我还不认识您" in stranger.last_message().text
    await stranger.says("hello")
    await place.calm()
    assert "我还不认识您" in stranger.last_message().text
    assert stranger.modal_or_none is None
    assert await place.desk.known(stranger.id) is None
    place.slack.assert_clean()


async def test_a_code_links_an_account(place: Workspace) -> None:
    private = place.slack.person("Private", email="private@example.org")
    person = await (place.office.person("zhao.lei")).key()
    code = await _code(place)

    await private.slash(f"/loop link {code}")
    await place.calm()

    known = await place.desk.known(private.id)
    assert known is not None
    assert known.person == person
    assert "/loop help" in private.last_message().text
    await private.slash("/loop link WRONG")
    assert private.last_message().text
    place.slack.assert_clean()


async def _code(place: Workspace) -> str:
    """A code that zhao.lei asked for elsewhere."""
    zhao = place.office.person("zhao.lei")
    answer = await zhao.says("/link")
    return next(word.strip("。.,") for word in answer.split() if any(c.isdigit() for c in word))


# ------------------------------------------------------------------ hostile words


HOSTILE = "<!channel> <https://evil.example|click> *bold* _it_ `x` :tada: <@U0ADMIN> &amp; @here"


async def test_no_text_pings_links_or_breaks_anything(either: Workspace) -> None:
    await either.everybody()
    emma, liu = await either.person("emma.clark"), await either.person("liu.yang")
    await files(
        either, emma, **{"q:what_happened": f"{HOSTILE}\n" + "长" * 2700, "q:customer": HOSTILE}
    )
    await emma.close_modal()
    card = liu.last_card()
    assert HOSTILE in card.text
    await presses(either, liu, "认领", "Claim")
    await liu.says(HOSTILE + "x" * 1500, thread=card)
    await either.settle()

    for call in either.slack.records:
        if call.method in {"chat.postMessage", "chat.update", "response_url"}:
            assert "<!" not in str(call.args.get("text"))
            assert "<http" not in str(call.args.get("text"))
            assert '"mrkdwn"' not in str(call.args.get("blocks")).replace("'", '"')
    either.slack.assert_clean()


async def test_ten_thousand_characters_are_refused_or_cut_never_lost(place: Workspace) -> None:
    await place.everybody()
    emma, liu = await place.person("emma.clark"), await place.person("liu.yang")
    await files(place, emma)

    await liu.says("y" * 10_000, thread=liu.last_card())
    await place.settle()

    assert "Commented" not in await place.office.event_types()
    assert "10000" in liu.last_card("C-2026-0001").thread()[-1].text
    place.slack.assert_clean()


async def test_commands_in_answers_are_spelled_as_they_are_typed_here(place: Workspace) -> None:
    emma = await place.person("emma.clark")
    await emma.slash("/loop case")
    assert "/loop case C-2026-0001" in emma.last_message().text
    await emma.slash("/loop &lt;x&gt;")
    assert "/loop help" in emma.last_message().text
    assert "<x>" in emma.last_message().text
    await emma.slash("/loop link")
    assert "“/link " in emma.last_message().text  # which is typed elsewhere


async def test_words_that_begin_like_a_command_stay_a_comment(place: Workspace) -> None:
    await place.everybody()
    await files(place, await place.person("emma.clark"))
    liu = await place.person("liu.yang")

    await liu.says("link broken", thread=liu.last_card())
    await place.settle()

    assert "Commented" in await place.office.event_types()


async def test_guessing_codes_ends_after_five_tries(place: Workspace) -> None:
    guesser = place.slack.person("Guesser", email="guesser@example.org")
    for number in range(6):
        await guesser.slash(f"/loop link 0000-000{number}")
    await place.calm()
    assert "5 wrong codes" in guesser.last_message().text

    await guesser.slash(f"/loop link {await _code(place)}")
    await place.calm()

    assert "5 wrong codes" in guesser.last_message().text
    assert await place.desk.known(guesser.id) is None
    place.slack.assert_clean()


async def test_the_old_account_can_object_to_a_new_one(place: Workspace) -> None:
    old = await place.person("zhao.lei")
    code = await _code(place)
    thief = place.slack.person("Thief", email="thief@example.org")
    await thief.slash(f"/loop link {code}")
    await place.settle()
    assert await place.desk.known(thief.id) is not None

    await old.click(place.says("不是我操作的", "This was not me"))
    await place.settle()

    assert place.says("解除关联", "is unlinked") in old.last_message().text
    assert await place.desk.known(thief.id) is None
    place.slack.assert_clean()
