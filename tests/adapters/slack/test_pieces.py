"""Small parts on their own: texts, buckets, urls."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from bot.platforms.slack.pace import SlackPace
from bot.platforms.slack.response_urls import ResponseUrls
from bot.platforms.slack.text import cut, escape, mentioned, plain, without_mention


@dataclass
class Clock:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


def test_a_text_from_slack_reads_as_its_writer_saw_it() -> None:
    raw = "<@U1> &lt;b&gt; &amp; <https://a.example|here> <https://b.example> <#C1|room> <!channel>"
    assert plain(raw, {"U1": "Emma"}) == (
        "@Emma <b> & here (https://a.example) https://b.example #room @channel"
    )
    assert plain("<mailto:a@b.example|a@b.example> <!date^1^x|today>") == "a@b.example today"
    assert mentioned("<@U1> <@U2|x> <@U1>") == ("U1", "U2")
    assert without_mention("<@UBOT> hi <@U1>", "UBOT") == "hi <@U1>"


def test_nothing_escaped_is_mark_up() -> None:
    assert escape("<!here> & <@U1>") == "&lt;!here&gt; &amp; &lt;@U1&gt;"
    assert cut("abcdef", 4) == "abc…"
    assert cut("abc", 3) == "abc"


def test_a_conversation_takes_a_message_a_second() -> None:
    clock = Clock()
    pace = SlackPace(clock)
    keys = ["chat.postMessage", "chat.postMessage U1"]
    assert pace.wait(keys) == 0
    wait = pace.wait(keys)
    assert 0.9 < wait < 1.2
    assert pace.wait(["chat.postMessage", "chat.postMessage U2"]) == 0
    clock.at += wait
    assert pace.wait(keys) == 0


def test_of_many_who_wait_each_comes_back_at_a_turn_of_its_own() -> None:
    clock = Clock()
    pace = SlackPace(clock)
    while pace.wait(["chat.update"]) == 0:
        pass
    turns = sorted(pace.wait(["chat.update"]) for _ in range(9))
    assert all(later - sooner > 1.8 for sooner, later in pairwise(turns))
    clock.at = turns[0]
    assert pace.wait(["chat.update"]) == 0
    assert max(pace.wait(["chat.update"]) for _ in range(100)) < 65  # something urgent may come


def test_what_does_not_go_after_all_leaves_its_place_to_another() -> None:
    clock = Clock()
    pace = SlackPace(clock)
    keys = ["chat.postMessage", "chat.postMessage U1"]
    assert pace.wait(keys) == 0
    pace.give_back([*keys, "auth.test"])
    assert pace.wait(keys) == 0
    assert pace.wait(keys) > 0


def test_what_slack_parked_waits_for_just_that() -> None:
    clock = Clock()
    pace = SlackPace(clock)
    pace.park("chat.update", 30)
    assert pace.wait(["chat.update"]) == 30
    assert pace.wait(["chat.postMessage"]) == 0
    clock.at = 31
    assert pace.wait(["chat.update"]) == 0


def test_replicas_together_stay_within_a_tier_and_one_alone_has_all_of_it_again() -> None:
    clock = Clock()
    paces = [SlackPace(clock) for _ in range(3)]
    for pace in paces:
        pace.wait(["chat.update"])
        pace.share(3)
    begun, made = clock.at, [clock.at] * 3
    while clock.at < begun + 180:
        made += [clock.at for pace in paces if pace.wait(["chat.update"]) == 0]
        clock.at += 0.5
    assert all(sum(at <= one < at + 60 for one in made) <= 50 for at in made)  # of tier 3
    assert len(made) > 90

    paces[0].share(1)
    clock.at += 60
    assert sum(paces[0].wait(["chat.update"]) == 0 for _ in range(20)) == 15


def test_a_wait_is_never_so_short_that_no_clock_shows_it() -> None:
    clock = Clock()
    pace = SlackPace(clock)
    for _ in range(1000):
        wait = pace.wait(["chat.postMessage U1"])
        assert wait == 0 or wait >= 0.01
        clock.at += wait or 0.3


def test_forgetting_keeps_what_matters() -> None:
    clock = Clock()
    pace = SlackPace(clock)
    for n in range(10_001):
        pace.wait([f"chat.postMessage U{n}"])
        clock.at += 0.001
    assert pace.wait(["chat.postMessage U10000"]) > 0
    assert len(pace._buckets) <= 10_001  # noqa: SLF001 - what it keeps in memory


def test_a_hook_is_used_four_times_for_its_message_and_once_more_for_words() -> None:
    clock = Clock()
    urls = ResponseUrls(clock)
    urls.note("https://hook", message="D1/1")
    for _ in range(4):
        assert urls.for_message("D1/1") == "https://hook"
        assert urls.use("https://hook")
    assert urls.for_message("D1/1") == ""
    assert urls.use("https://hook")
    assert not urls.use("https://hook")


def test_a_hook_grows_old() -> None:
    clock = Clock()
    urls = ResponseUrls(clock)
    urls.note("https://hook", message="D1/1")
    clock.at = 26 * 60
    assert urls.for_message("D1/1") == ""
    assert not urls.use("https://hook")
