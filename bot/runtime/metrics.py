"""The metrics for Prometheus: counters and histograms, and gauges that the audit sets."""

from __future__ import annotations

from collections.abc import Mapping

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_LATEST

_COMMIT_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5)
_SEND_S = (0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30)

_LEVELS = (
    ("outbox_messages", "Messages owed, those that wait for their time included"),
    ("outbox_oldest_seconds", "How long the oldest sendable message has waited"),
    ("webhook_messages", "Messages to other systems that are not accepted yet"),
    ("webhook_oldest_seconds", "How old the event of the oldest of these is"),
    ("mail_messages", "Mails that are not sent yet"),
    ("mail_oldest_seconds", "How old the oldest of these is"),
    ("mail_server_away", "1 while the mail server cannot be used"),
    ("timer_overdue_seconds", "How long the most overdue timer has been due"),
    ("dead_letters", "Interactions, timers and messages that could not be handled"),
    ("held", "1 while nothing fires and nothing is sent"),
    ("directory_read_timestamp_seconds", "When people were last read from LDAP"),
    ("ready", "1 while /readyz answers 200"),
    ("self_check_age_seconds", "Since the last finished self-check"),
)


class Metrics:
    """The metrics of one process, in a registry of its own."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self._registry = registry = CollectorRegistry()

        def counter(name: str, text: str, *labels: str) -> Counter:
            return Counter(f"closeloop_{name}", text, labels, registry=registry)

        self._decisions = counter("decisions", "Commands that changed a case")
        self._events = counter("events", "Events appended, by type", "type")
        self._commits = Histogram(
            "closeloop_commit_seconds",
            "From handing in a unit of work to its durable commit",
            buckets=_COMMIT_S,
            registry=registry,
        )
        self._sends = counter("sends", "Attempts to post or change a message", "platform", "result")
        self._send_s = Histogram(
            "closeloop_send_seconds",
            "How long a platform took for a message",
            ["platform"],
            buckets=_SEND_S,
            registry=registry,
        )
        self._timers = counter("timers_fired", "Due timers handled", "result")
        self._alarms = counter("alarms", "Alarms raised", "alarm")
        self._restarts = counter("worker_failures", "Workers that failed", "worker")
        self._turned_away = counter("turned_away", "What outsiders were refused, by reason", "what")
        self._security = counter(
            "security_events",
            "Wrong link codes, accounts linked and objected to, presses that nobody was offered",
            "event",
        )
        self._readings = counter("directory_readings", "Readings of the LDAP server", "result")
        self._checks = Gauge(
            "closeloop_check", "1 while this check of /readyz is good", ["check"], registry=registry
        )
        self._levels = {
            name: Gauge(f"closeloop_{name}", text, registry=registry) for name, text in _LEVELS
        }

    def decision(self, event_types: tuple[str, ...]) -> None:
        """Count a command that changed a case, and its events by type."""
        self._decisions.inc()
        for name in event_types:
            self._events.labels(name).inc()

    def commit(self, seconds: float) -> None:
        """Observe the duration of a unit of work, in seconds."""
        self._commits.observe(seconds)

    def sent(self, platform: str, result: str, seconds: float) -> None:
        """Count a delivery by its result and observe its duration, in seconds."""
        self._sends.labels(platform, result).inc()
        self._send_s.labels(platform).observe(seconds)

    def fired(self, result: str) -> None:
        """Count a timer by the result of firing it."""
        self._timers.labels(result).inc()

    def security(self, event: str) -> None:
        """Count a security event, such as a wrong link code."""
        self._security.labels(event).inc()

    def alarm(self, name: str) -> None:
        """Count an alarm."""
        self._alarms.labels(name).inc()

    def worker_failed(self, name: str) -> None:
        """Count a failed step of a worker."""
        self._restarts.labels(name).inc()

    def directory_reading(self, result: str) -> None:
        """Count a reading of the LDAP server by its result."""
        self._readings.labels(result).inc()

    def turned_away(self, what: str) -> None:
        """Count a refused request, such as one with a forged signature."""
        self._turned_away.labels(what).inc()

    def level(self, name: str, value: float) -> None:
        """Set a gauge."""
        self._levels[name].set(value)

    def checks(self, found: Mapping[str, str]) -> None:
        """Set the gauges of the checks by their results, "ok" or what is wrong."""
        self._checks.clear()
        for name, state in found.items():
            self._checks.labels(name).set(state == "ok")
        self.level("ready", all(state == "ok" for state in found.values()))

    def text(self) -> bytes:
        """Return all metrics in the format of Prometheus."""
        return generate_latest(self._registry)
