"""Makes the diagram of a case: where it is, who did what, and when."""

from __future__ import annotations

from handlers.cards import parts
from handlers.diagram.view import DrawnDiagram, diagram_view
from handlers.reading.case import Reading
from handlers.reading.standing import waits
from workflows.case.task import TaskStatus
from workflows.flow.entering import NodeEntered
from workflows.flow.other_cases import OtherCaseStarted
from workflows.model.nodes import WorkNode


def case_diagram(reading: Reading) -> DrawnDiagram:
    """Return the flow of a case with the state of each node, who had it and when."""
    who: dict[str, str] = {}
    when: dict[str, str] = {}
    for task in reading.case.tasks:
        beside = tuple(one for one in reading.case.tasks if one.visit == task.visit)
        if task.status is TaskStatus.OPEN:
            still = [one for one in beside if one.status is TaskStatus.OPEN]
            who[task.node] = parts.has_it(reading, still) if task.owners else ""
            clock = reading.task_clock(task)
            when[task.node] = reading.due(clock.due_at) if clock is not None else ""
        elif any(one.unfinished for one in beside):
            continue  # the other signers are named
        elif task.decided_by is not None and task.decided_at is not None:
            who[task.node] = reading.names(one.decided_by for one in beside if one.decided_by)
            when[task.node] = reading.at(task.decided_at)
    for event in reading.events:
        node_id = getattr(event.body, "node", "")
        if node_id and not isinstance(reading.definition.node(node_id), WorkNode):
            when[node_id] = reading.at(event.at)
        if isinstance(event.body, OtherCaseStarted):
            who[node_id] = event.body.case
    who |= {node.id: reading.words.t("diagram.until", day=day) for node, _, day in waits(reading)}
    path = [e.body.node for e in reading.events if isinstance(e.body, NodeEntered)]
    return diagram_view(
        reading.definition,
        case=reading.case,
        path=path,
        language=reading.language,
        who=who,
        when=when,
    )
