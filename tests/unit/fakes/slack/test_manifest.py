"""A manifest is taken as Slack would take it."""

from collections.abc import Callable

import pytest

from tests.fakes.slack import InvalidManifest, sample
from tests.fakes.slack.manifest import load


def command(name: str) -> Callable[[dict], object]:
    return lambda m: m["features"]["slash_commands"].append({"command": name, "description": "x"})


REFUSED: dict[str, tuple[Callable[[dict], object], str]] = {
    "a reserved name": (command("/remind"), "/remind is reserved"),
    "a name in capitals": (command("/Loop"), "lower-case"),
    "a name of two words": (command("/my loop"), "lower-case"),
    "a name of 33": (command("/" + "x" * 32), "2 to 32"),
    "a name twice": (command("/loop"), "stands twice"),
    "51 commands": (
        lambda m: [command(f"/c{number}")(m) for number in range(50)],
        "at most 50",
    ),
    "11 shortcuts": (
        lambda m: m["features"]["shortcuts"].extend(m["features"]["shortcuts"] * 5),
        "at most 10",
    ),
    "a shortcut of 25": (
        lambda m: m["features"]["shortcuts"][0].update(name="x" * 25),
        "1 to 24",
    ),
    "a name of 36": (
        lambda m: m["display_information"].update(name="x" * 36),
        "1 to 35",
    ),
    "a description of 141": (
        lambda m: m["display_information"].update(description="x" * 141),
        "1 to 140",
    ),
    "a short long description": (
        lambda m: m["display_information"].update(long_description="x" * 174),
        "175 to 4000",
    ),
    "an event without its scope": (
        lambda m: m["oauth_config"]["scopes"]["bot"].remove("im:history"),
        "needs the scope im:history",
    ),
    "commands without their scope": (
        lambda m: m["oauth_config"]["scopes"]["bot"].remove("commands"),
        "need the scope commands",
    ),
    "an invented event": (
        lambda m: m["settings"]["event_subscriptions"]["bot_events"].append("sneeze"),
        "unknown",
    ),
    "an invented scope": (
        lambda m: m["oauth_config"]["scopes"]["bot"].append("world:rule"),
        "is unknown",
    ),
    "an invented part": (lambda m: m.update(colour="red"), "/colour: unknown"),
    "no socket and no address": (
        lambda m: m["settings"].update(socket_mode_enabled=False),
        "request_url: missing",
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_slack_refuses_in_a_manifest_is_refused(name: str) -> None:
    spoil, reason = REFUSED[name]
    manifest = sample()
    load(manifest)
    spoil(manifest)

    with pytest.raises(InvalidManifest, match=reason):
        load(manifest)


RESERVED_NAMES = """
    away help feedback remind status dm msg me invite join leave mute open search shrug topic who
    apps archive call collapse expand kick list remove rename star shortcuts todo prefs
"""


@pytest.mark.parametrize("name", RESERVED_NAMES.split())
def test_slacks_own_commands_are_not_ours(name: str) -> None:
    with pytest.raises(InvalidManifest, match="reserved"):
        load(sample((f"/{name}",)))


def test_the_sample_is_taken_for_both_modes() -> None:
    assert load(sample()).socket_mode
    assert not load(sample(socket=False)).socket_mode
