"""What cards say while a version is introduced: the pilot so far, who has read of it, who helps."""

from __future__ import annotations

from collections.abc import Iterator

from handlers.pages import Fact
from handlers.reading.case import Reading
from workflows.case.status import Status
from workflows.model.nodes import ServiceNode, WaitNode


def pilot_facts(reading: Reading) -> Iterator[Fact]:
    """Yield how a pilot that this case has opened goes so far, while the case waits for its end."""
    definition, process = reading.definition, _piloted(reading)
    waits = any(isinstance(definition.node(one.node), WaitNode) for one in reading.case.visits)
    if waits and process and (said := reading.pilots.so_far(reading, process)):
        yield Fact(label=reading.words.t("pilot.so_far"), value=said)


def training_facts(reading: Reading) -> Iterator[Fact]:
    """Yield how many have read the training card of the version that this case has released."""
    process = _piloted(reading)
    if not process or reading.case.status is not Status.RUNNING:
        return
    if said := reading.pilots.read_by(reading, process, reader=reading.reader.key):
        yield Fact(label=reading.words.t("training.fact"), value=said)


def _piloted(reading: Reading) -> str:
    """Return the key of the process of which this case opens pilots; "" if it opens none."""
    for node in reading.definition.nodes:
        if isinstance(node, ServiceNode) and node.work == "open_pilot":
            return str(reading.world.values.get(node.values["process"], ""))
    return ""


def helper_facts(reading: Reading) -> Iterator[Fact]:
    """Yield who helps with a version that is new, in its first weeks."""
    if helper := reading.pilots.helper(reader=reading.reader.key):
        helps = reading.words.t("training.helps", name=reading.name(helper))
        yield Fact(label=reading.words.t("training.new"), value=helps)
