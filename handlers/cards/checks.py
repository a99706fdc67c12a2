"""Makes the list on the card of an approval that decides about each certificate.

A card has at most `PAGE` lines. It shows the page with the first certificate that has no verdict;
a button shows the next page.
"""

from __future__ import annotations

from collections.abc import Mapping

from handlers.buttons import button
from handlers.pages import Button, FileLink, Item
from handlers.reading import verdicts
from handlers.reading.case import Reading
from workflows.case.task import Task, TaskStatus, Verdict

PAGE = 12


def items(reading: Reading, task: Task, *, page: int) -> tuple[Item, ...]:
    """Return the lines of a page; whoever has the task gets a button in each."""
    mine = task.status is TaskStatus.OPEN and task.assignee is not None and reading.may_act(task)
    numbered = [*enumerate(task.verdicts)][page * PAGE : (page + 1) * PAGE]
    return tuple(
        Item(
            text=f"{number + 1}. {verdicts.subject(reading, one)}",
            detail=_detail(reading, one),
            quote=reading.written(one.content),
            button=_judge(reading, task, number, one) if mine else None,
        )
        for number, one in numbered
    )


def title(reading: Reading, task: Task) -> str:
    """Return the heading of the list: how many have a verdict."""
    given = sum(bool(one.outcome) for one in task.verdicts)
    return reading.words.t("card.checks", given=given, all=len(task.verdicts))


def page_of(task: Task, args: Mapping[str, str]) -> int:
    """Return the page that `args` names, else that of the first certificate without a verdict."""
    if "page" in args:
        return min(int(args["page"]), pages_of(task) - 1)
    left = (number for number, one in enumerate(task.verdicts) if not one.outcome)
    return next(left, 0) // PAGE


def pages_of(task: Task) -> int:
    """Return the number of pages, at least one."""
    return max(1, -(-len(task.verdicts) // PAGE))


def paging(reading: Reading, task: Task, *, page: int) -> tuple[Button, ...]:
    """Return the button that shows the next page, if there are several."""
    pages = pages_of(task)
    if pages == 1:
        return ()
    following = (page + 1) % pages
    label = reading.words.t("button.checks.page", page=following + 1, all=pages)
    return (button(reading, "checks", task=task.id, argument=str(following), label=label),)


def files_first(reading: Reading, task: Task, files: tuple[FileLink, ...]) -> tuple[FileLink, ...]:
    """Return the files of a card with those of certificates without a verdict first.

    A platform shows the first files of a card, so these can be opened before they are checked.
    """
    left = {
        link.id for one in task.verdicts if not one.outcome for link in verdicts.files(reading, one)
    }
    return tuple(sorted(files, key=lambda link: link.id not in left))


def _detail(reading: Reading, one: Verdict) -> str:
    names = (link.name for link in verdicts.files(reading, one))
    parts = (verdicts.mark(reading, one), verdicts.expiry(reading, one), *names)
    return reading.words.t("verdict.separator").join(filter(None, parts))


def _judge(reading: Reading, task: Task, number: int, one: Verdict) -> Button:
    label = reading.words.t("button.judge.again" if one.outcome else "button.judge")
    return button(reading, "judge", task=task.id, argument=str(number), label=label)
