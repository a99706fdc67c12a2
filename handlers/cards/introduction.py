"""What cards say while a version is introduced: the pilot so far, who has read of it, who helps."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from handlers.pages import Fact
from handlers.reading.case import Reading
from workflows.case.status import Status
from workflows.flow.services import WorkDone
from workflows.model.nodes import ServiceNode, WaitNode

_OPENS: Mapping[str, str] = {"open_pilot": "pilot.so_far", "open_batch": "stages.now"}


def pilot_facts(reading: Reading) -> Iterator[Fact]:
    """Yield how the pilot or batch goes so far that the last work of this case has opened.

    It is said while the case waits for a day; once it was judged, its report says more.
    """
    definition, process = reading.definition, _piloted(reading)
    waits = any(isinstance(definition.node(one.node), WaitNode) for one in reading.case.visits)
    if not waits or not process:
        return
    done = [event.body for event in reading.events if isinstance(event.body, WorkDone)]
    opened = next((one for one in reversed(done) if one.work in _OPENS), None)
    if opened is None or done[-1].work not in (*_OPENS, "prolong_pilot"):
        return
    if said := reading.pilots.so_far(reading, process, visit=opened.visit):
        yield Fact(label=reading.words.t(_OPENS[opened.work]), value=said)


def training_facts(reading: Reading) -> Iterator[Fact]:
    """Yield how many have read the training card of the version that this case has released."""
    process = _piloted(reading)
    if not process or reading.case.status is not Status.RUNNING:
        return
    if said := reading.pilots.read_by(reading, process, reader=reading.reader.key):
        yield Fact(label=reading.words.t("training.fact"), value=said)


def _piloted(reading: Reading) -> str:
    """Return what this case calls the process of which it opens pilots; "" if it opens none."""
    for node in reading.definition.nodes:
        if isinstance(node, ServiceNode) and node.work == "open_pilot":
            return str(reading.world.values.get(node.values["process"], ""))
    return ""


def helper_facts(reading: Reading) -> Iterator[Fact]:
    """Yield who helps with a version that is new, in its first weeks."""
    if helper := reading.pilots.helper(reader=reading.reader.key):
        helps = reading.words.t("training.helps", name=reading.name(helper))
        yield Fact(label=reading.words.t("training.new"), value=helps)
