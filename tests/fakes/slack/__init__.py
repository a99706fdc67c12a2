"""A strict fake of Slack, with people in it.

`fake` is the workspace, `person` its people, `faults` what can go wrong, `block_kit` what Slack
takes as blocks, `manifest` what it takes as an app, `raw` the wire by hand, `bricks` short ways
to write blocks, `threaded` the whole in a thread of its own.
"""

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
