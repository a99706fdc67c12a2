"""Files that this product wrote: the definition in them, and whether the flow is still its own."""

from __future__ import annotations

from pydantic import ValidationError

from handlers.bpmn.dialects import Dialect
from handlers.bpmn.reading import Drawing, read_drawing
from handlers.bpmn.toml_text import toml_of
from handlers.bpmn.writing import render_bpmn
from workflows.errors import DefinitionError
from workflows.lint_graph import edges
from workflows.loading import load_definition
from workflows.model.definition import Definition

_DIALECTS: tuple[Dialect, ...] = ("camunda", "spiff")


def own_definition(drawing: Drawing) -> Definition | None:
    """Return the definition that this product wrote into the file, if it is sound."""
    nodes = [one.own for one in drawing.things.values() if one.own is not None]
    if drawing.own is None or not nodes:
        return None
    tree = {**drawing.own, "nodes": nodes}
    try:
        found = Definition.model_validate(tree)
        load_definition(
            toml_of(found.model_dump(mode="json", by_alias=True, exclude_unset=True), notes={}),
            file="",
        )
    except (ValidationError, DefinitionError):
        return None
    ids = {node.id for node in found.nodes}
    ladders = {key for node in found.nodes for key in getattr(node, "ladders", ())}
    ends = {found.start, *(edge.target for edge in edges(found))}
    return found if ends <= ids and ladders <= found.ladders.keys() else None


def is_unchanged(drawing: Drawing, own: Definition) -> bool:
    """Return whether nobody changed the flow since the file was written."""
    return any(
        _compared(drawing)
        == _compared(read_drawing(render_bpmn(own, language=language, dialect=dialect)))
        for language in ("zh", "en")
        for dialect in _DIALECTS
    )


def _compared(drawing: Drawing) -> tuple[object, ...]:
    things = {(one.id, one.kind, one.name, one.event, one.time) for one in drawing.things.values()}
    flows = {(one.source, one.target, one.condition, one.name) for one in drawing.flows}
    return drawing.id, drawing.name, things, flows
