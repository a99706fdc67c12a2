"""How long the Slack adapter waits for things: fixed in a deployment, shorter in tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackTimes:
    """Times in seconds.

    `ping` and `watch` concern Socket Mode: how often a connection is pinged, and how often it is
    checked whether all connections are open. `answer_within` is how long an interaction may be
    handled before it is acknowledged with "still working"; Slack allows three seconds
    (https://docs.slack.dev/interactivity/handling-user-interaction). After `loading_after` a modal
    is opened that asks the person to wait, because a `trigger_id` expires after three seconds.
    Changes within `coalesce` seconds are published in one update of a Home tab.
    """

    ping: float = 3.0
    watch: float = 0.5
    answer_within: float = 1.5
    loading_after: float = 0.7
    coalesce: float = 1.0


USUAL = SlackTimes()
