"""How long the Slack adapter waits for things: fixed in a deployment, shorter in tests."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackTimes:
    """Times in seconds.

    Args:
        ping: between two pings of a connection in Socket Mode.
        watch: between two checks that all connections are open.
        answer_within: after this time an interaction is acknowledged with "still working". Slack
            allows three seconds (docs.slack.dev/interactivity/handling-user-interaction).
        loading_after: after this time a modal asks the person to wait, because a `trigger_id`
            expires after three seconds.
        coalesce: changes within this time are published in one update of a Home tab.
    """

    ping: float = 3.0
    watch: float = 0.5
    answer_within: float = 1.5
    loading_after: float = 0.7
    coalesce: float = 1.0


USUAL = SlackTimes()
