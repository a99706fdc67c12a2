"""A strict fake of Slack, with people in it."""

from tests.fakes.slack.clock import VirtualClock
from tests.fakes.slack.fake import FakeSlack
from tests.fakes.slack.manifest import InvalidManifest, sample
from tests.fakes.slack.modal import Modal
from tests.fakes.slack.person import Person
from tests.fakes.slack.surfaces import CannotDo, Home, Seen

__all__ = [
    "CannotDo",
    "FakeSlack",
    "Home",
    "InvalidManifest",
    "Modal",
    "Person",
    "Seen",
    "VirtualClock",
    "sample",
]
