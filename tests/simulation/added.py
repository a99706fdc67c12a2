"""A second statement of added signers: a group counts by its rule, the item by its own.

Signers who are added before somebody's task, or after it, are a group under this task, the item.
Whoever is added beside it has a seat in the ballot of the item, which `approvals.py` counts.
"""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(slots=True, kw_only=True)
class Group:
    """The signers of one addition under an item, and what their votes said."""

    sign: str
    votes: dict[str, str]  # by task; "" while not decided
    held: frozenset[str] = frozenset()  # who approved the item, which waits for those after it

    def left(self) -> frozenset[str]:
        """The signers who have not decided."""
        return frozenset(task for task, vote in self.votes.items() if not vote)

    def count(self) -> str:
        """What the votes say: one reject rejects, one approval is enough where any may sign."""
        cast = [vote for vote in self.votes.values() if vote]
        if "reject" in cast:
            return "reject"
        enough = bool(cast) if self.sign == "any" else cast and not self.left()
        return "approve" if enough else ""


@dataclass(slots=True)
class Groups:
    """The groups of a case that are not decided, and the tasks that were added under others."""

    of: dict[str, Group] = field(default_factory=dict)  # by item
    items: dict[str, str] = field(default_factory=dict)  # by the task that was added under it

    def begins(self, item: str, tasks: tuple[str, ...], *, sign: str) -> None:
        self.of[item] = Group(sign=sign, votes=dict.fromkeys(tasks, ""))
        self.items.update(dict.fromkeys(tasks, item))

    def with_signer(self, task: str) -> Group | None:
        """The group in which this task is to vote."""
        group = self.of.get(self.items.get(task, ""))
        return group if group is not None and task in group.votes else None

    def holds(self, item: str, outcome: str, people: frozenset[str]) -> bool:
        """Whether this decision of an item waits for the signers after it."""
        group = self.of.get(item)
        if group is None or outcome != "approve" or not group.left():
            return False
        group.held = people
        return True

    def drop(self, task: str) -> None:
        """An item, or a signer who has not decided, is there no more."""
        self.of.pop(task, None)
        group = self.with_signer(task)
        if group is not None and not group.votes[task]:
            del group.votes[task]

    def uncounted(self) -> list[dict[str, str]]:
        """The votes that give an outcome which was not drawn."""
        return [group.votes for group in self.of.values() if group.count()]
