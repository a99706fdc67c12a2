"""Writes the tables of reference/definition.md in both languages from the model of definitions.

The text between the tables is written by hand in the pages. The texts of the keys are in the
catalogue `keys.po`, the examples in `definition_examples.toml` beside this file.
"""

import json
import re
import tomllib
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin, get_type_hints

from pydantic.fields import FieldInfo

from handlers.definition_keys import meaning
from handlers.i18n import translator
from workflows.model.alerts import Backlog, CaseAge, Count, OpenTasks, Rate
from workflows.model.approvals import Approvals
from workflows.model.bounds import DayBoundText, NumberBound, UntilText
from workflows.model.clocks import CaseClock, Ladder, Limit, Pause, Penalties, Rung, RungTime
from workflows.model.definition import Definition, Document, Revocation, Section, Survey, Target
from workflows.model.employee_survey import EmployeeSurvey, SurveyQuestion
from workflows.model.facts import FactRule, Grade, Scorecard, ScoreItem, Table
from workflows.model.fields import Form, FormField
from workflows.model.mails import Mail, MailText
from workflows.model.nodes import (
    Action,
    ApprovalNode,
    Branch,
    Copy,
    EndNode,
    ForkNode,
    GatewayNode,
    Outcome,
    ProcessNode,
    Route,
    ServiceNode,
    TaskNode,
    WaitNode,
)
from workflows.model.register import Register
from workflows.model.review import Review
from workflows.model.schedules import Schedule
from workflows.model.signers import Signer, SignersOf, SignRule
from workflows.model.starts import DaysText, Start
from workflows.model.training import Training
from workflows.model.web_form import WebForm
from workflows.model.words import Condition, Model, Option, People, SpanText, Text

ROOT = Path(__file__).resolve().parents[1]
EXAMPLES = Path(__file__).with_name("definition_examples.toml")
PAGES = {
    "en": ROOT / "docs" / "reference" / "definition.md",
    "zh": ROOT / "docs" / "zh" / "reference" / "definition.md",
}
# The parts of a definition, in the order in which the pages have a table for each.
PARTS: list[type[Model]] = [
    *(Definition, Form, FormField, Option, Table, FactRule, Scorecard, ScoreItem, Grade),
    *(TaskNode, ApprovalNode, Signer, Approvals, Outcome, GatewayNode, Route, ForkNode, Branch),
    *(WaitNode, Start, ProcessNode, ServiceNode, EndNode),
    *(Copy, CaseClock, Limit, Ladder, Rung, Action),
    *(Penalties, Pause, Revocation, Survey, EmployeeSurvey, SurveyQuestion),
    *(Review, Training, Document, Section),
    *(Register, Target, Schedule),
    Mail,
    *(CaseAge, Backlog, OpenTasks, Rate),
    WebForm,
]
HEADS = {
    "en": "| key | type | default | means | example |",
    "zh": "| 键 | 类型 | 默认 | 含义 | 示例 |",
}
TABLE = {
    language: re.compile(rf"^{re.escape(head)}\n\|---.*\n(?:\|.*\n?)+", re.MULTILINE)
    for language, head in HEADS.items()
}
REQUIRED = {"en": "required", "zh": "必填"}
NONE = {"en": "none", "zh": "无"}

# How a type is called; the pages explain these words above the first table.
NAMED: list[tuple[Any, str, str]] = [
    (Text, "text", "文字"),
    (MailText, "text", "文字"),
    (People, "people", "人员"),
    (Condition, "condition", "条件"),
    (SpanText, "span", "时长"),
    (DaysText, "days", "天数"),
    (DayBoundText, "day", "日期"),
    (UntilText, "day", "日期"),
    (NumberBound, "number or key", "数或键"),
    (SignersOf, "people or list", "人员或列表"),
    (SignRule, "rule", "规则"),
    (RungTime, "time", "时刻"),
    (Count, "number", "数"),
    (bool, "`true` or `false`", "`true` 或 `false`"),
    (int, "number", "数"),
]
# What the annotation alone does not say.
SPECIAL = {
    ("FactRule", "value"): {"en": "formula", "zh": "算式"},
    ("Schedule", "values"): {"en": "values by name", "zh": "按名称的值"},
    ("WebForm", "values"): {"en": "values by name", "zh": "按名称的值"},
}
KEY_PATTERN = re.compile(r"pattern='\^\(?\[a-z\]")  # other patterns bound a string
KEY = {"en": "key", "zh": "键"}
STRING = {"en": "string", "zh": "字符串"}
NUMBER = {"en": "number", "zh": "数"}
TABLE_TYPE = {"en": "table", "zh": "表"}
LIST = {"en": "list of {}", "zh": "{}的列表"}
PLURALS = {
    "key": "keys",
    "text": "texts",
    "table": "tables",
    "number": "numbers",
    "one word": "words",
}
TABLES = {"en": "tables by name", "zh": "按名称的表"}
BY_NAME = {"en": "{} by name", "zh": "按名称的{}"}
OR = {"en": " or ", "zh": " 或 "}
ONE_OF = {"en": "one word", "zh": "一个词"}
MOST_WORDS = 3  # of a type; more are named in what the key means


def page(language: str) -> str:
    """Return a page as it should be, with its tables made again."""
    text = PAGES[language].read_text(encoding="utf-8")
    tables = iter(PARTS)
    return TABLE[language].sub(lambda _: table(next(tables), language), text)


def table(part: type[Model], language: str) -> str:
    """Return the table of the keys of a part."""
    words = translator(language)
    hints = get_type_hints(part, include_extras=True)
    rows = [HEADS[language], "|---|---|---|---|---|"]
    for name, field in part.model_fields.items():
        key = field.alias or name
        cells = (
            f"`{key}`",
            _type(part, name, hints[name], language),
            default(field, language),
            meaning(words, part, key),
            _code(example(part, name)),
        )
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return "\n".join(rows) + "\n"


def default(field: FieldInfo, language: str) -> str:
    """Return the default of a key as the page writes it."""
    if field.is_required():
        return REQUIRED[language]
    if field.default is None or field.default in ((), {}, ""):
        return NONE[language]
    return f"`{json.dumps(field.default, default=str)}`"


def example(part: type[Model], name: str) -> str:
    """Return the example of a key: of this part, or of the part that declares it."""
    field = part.model_fields[name]
    return next(found for found in _examples(part, field.alias or name))


def _examples(part: type[Model], key: str) -> Iterator[str]:
    written = tomllib.loads(EXAMPLES.read_text(encoding="utf-8"))
    for one in part.__mro__:
        for text in written.get(one.__name__, ()):
            if [*tomllib.loads(text)] == [key]:
                yield text.strip()


def _type(part: type[Model], name: str, annotation: Any, language: str) -> str:
    special = SPECIAL.get((part.__name__, name))
    return special[language] if special else type_name(annotation, language)


def type_name(annotation: Any, language: str) -> str:
    """Return how the page calls a type."""
    for known, english, chinese in NAMED:
        if annotation == known or (known is RungTime and _origin(annotation) is RungTime):
            return english if language == "en" else chinese
    return _made_of(annotation, language)


def _origin(annotation: Any) -> Any:
    return get_args(annotation)[0] if get_origin(annotation) is Annotated else annotation


def _made_of(annotation: Any, language: str) -> str:
    """Return how the page calls a type that is made of others."""
    bare = _origin(annotation)
    parts = [one for one in get_args(bare) if one is not NoneType]
    if get_origin(bare) in (Union, UnionType):
        tables = all(isinstance(_origin(one), type) for one in parts) and len(parts) > 1
        return TABLE_TYPE[language] if tables else type_name(parts[0], language)
    if get_origin(bare) is Literal:
        named = [f"`{one}`" for one in parts]
        return OR[language].join(named) if len(named) <= MOST_WORDS else ONE_OF[language]
    if get_origin(bare) is tuple:
        inner = type_name(parts[0], language)
        return LIST[language].format(PLURALS.get(inner, inner))
    if get_origin(bare) is dict:
        inner = PLURALS.get(found := type_name(parts[1], language), found)
        tables = found == TABLE_TYPE[language]
        return TABLES[language] if tables else BY_NAME[language].format(inner)
    if isinstance(bare, type) and issubclass(bare, Model):
        return TABLE_TYPE[language]
    if bare is Decimal:
        return NUMBER[language]
    if bare is str:
        return KEY[language] if KEY_PATTERN.search(repr(annotation)) else STRING[language]
    return ONE_OF[language]


def _code(text: str) -> str:
    return f"`{text}`"


def main() -> None:
    for language, path in PAGES.items():
        path.write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
