"""Lint of scorecards: weights sum to 100, grades cover 0 to 100, fields are in this range."""

from __future__ import annotations

from collections.abc import Iterator

from workflows.lint_graph import nearest
from workflows.mentions import Flaw
from workflows.model.definition import Definition
from workflows.model.facts import Scorecard
from workflows.model.fields import FieldType
from workflows.model.nodes import GatewayNode
from workflows.said import said
from workflows.toml_lines import Path

WHOLE = 100  # the sum of the weights, and the highest score
_NUMBERS = (FieldType.NUMBER, FieldType.MONEY)


def flaws(definition: Definition) -> Iterator[Flaw]:
    """Yield the flaws in scorecards, and in the gateways that work them out."""
    scored: set[str] = set()
    for index, node in enumerate(definition.nodes):
        if isinstance(node, GatewayNode) and node.score is not None:
            scored.add(node.score)
            if node.score not in definition.scorecards:
                otherwise = said(
                    "add_table", "Add [{table}.{key}]", table="scorecards", key=node.score
                )
                problem = said("no_scorecard", 'there is no scorecard "{card}"', card=node.score)
                hint = nearest(node.score, definition.scorecards, otherwise=otherwise)
                yield Flaw(path=("nodes", index, "score"), problem=problem, hint=hint)
    for key, card in definition.scorecards.items():
        path: Path = ("scorecards", key)
        yield from _items(definition, card, (*path, "items"))
        yield from _grades(card, (*path, "grades"))
        if key not in scored:
            yield Flaw(
                path=path,
                problem=said("never_scored", 'no gateway works "{card}" out', card=key),
                hint=said("add_score", 'Give a gateway score = "{card}"', card=key),
            )


def _items(definition: Definition, card: Scorecard, path: Path) -> Iterator[Flaw]:
    total = sum(item.weight for item in card.items)
    if total != WHOLE:
        yield Flaw(
            path=path,
            problem=said("weights_sum", "the weights sum to {sum}, not to 100", sum=total),
            hint=said("change_weights", "Change weights so that they sum to 100"),
        )
    seen: set[str] = set()
    for index, item in enumerate(card.items):
        place = (*path, index, "field")
        if item.field in seen:
            problem = said("scored_twice", '"{field}" is counted already', field=item.field)
            hint = said("one_weight", "Give it one weight, in one entry")
            yield Flaw(path=place, problem=problem, hint=hint)
        seen.add(item.field)
        yield from _field(definition, item.field, place)


def _field(definition: Definition, name: str, path: Path) -> Iterator[Flaw]:
    fields = [field for _, field in definition.all_fields() if field.id == name]
    if not fields:
        known = [one.id for one in definition.every_field() if one.type in _NUMBERS]
        problem = said("no_field", 'no form has a field "{field}"', field=name)
        yield Flaw(path=path, problem=problem, hint=nearest(name, known, otherwise=_SCORES))
    elif any(field.type not in _NUMBERS for field in fields):
        yield Flaw(
            path=path,
            problem=said("no_number_field", '"{field}" is not a number', field=name),
            hint=_SCORES,
        )
    elif any((field.min, field.max) != (0, WHOLE) for field in fields):
        yield Flaw(
            path=path,
            problem=said(
                "no_score_range", '"{field}" may be less than 0 or more than 100', field=name
            ),
            hint=said("score_range", "Give the field min = 0 and max = 100"),
        )


_SCORES = said("name_score_field", "Name a field of type number with min = 0 and max = 100")


def _grades(card: Scorecard, path: Path) -> Iterator[Flaw]:
    least = min(grade.from_ for grade in card.grades)
    if least > 0:
        yield Flaw(
            path=path,
            problem=said("no_grade", "a score below {least} has no grade", least=least),
            hint=said("grade_from_zero", "Let the lowest grade begin with from = 0"),
        )
    ids: set[str] = set()
    starts: dict[int, str] = {}
    for index, grade in enumerate(card.grades):
        if grade.id in ids:
            problem = said("two_grades", 'there are two grades "{grade}"', grade=grade.id)
            hint = said("rename_one", "Rename one of them")
            yield Flaw(path=(*path, index, "id"), problem=problem, hint=hint)
        elif grade.from_ in starts:
            problem = said(
                "same_grade",
                '"{grade}" and "{other}" both begin at {least}',
                grade=grade.id,
                other=starts[grade.from_],
                least=grade.from_,
            )
            hint = said("another_start", "Let one of them begin elsewhere")
            yield Flaw(path=(*path, index, "from"), problem=problem, hint=hint)
        ids.add(grade.id)
        starts.setdefault(grade.from_, grade.id)
