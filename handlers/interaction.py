"""One interaction being handled: who, in which language, and about which case.

`Looking` is all that a use case gets that only shows something; `Interaction` can also act.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from handlers import casework
from handlers.contents import keep
from handlers.i18n import Typed, translator
from handlers.office import Office
from handlers.pages import Answer, Tone
from handlers.reading import policy
from handlers.reading.formatter import name_of
from handlers.tokens import Token
from storage.unit import Tx
from workflows.case.command import Command
from workflows.case.draft import Draft
from workflows.case.state import Case, ContentRef, Task
from workflows.case.world import World
from workflows.definition import Definition, WorkNode
from workflows.directory import Directory, Person
from workflows.engine import decide
from workflows.flow import authority

Some = TypeVar("Some", bound="Looking")
UNWRITTEN = ContentRef(id="unwritten", digest="")  # stands for words that nobody typed yet


@dataclass(frozen=True, kw_only=True)
class Caller:
    """Who wants something, in which language, in which transaction."""

    tx: Tx
    office: Office
    directory: Directory
    person: Person
    via: str
    language: str
    typed: Typed | None = None  # how commands are typed where the answer is read

    def looking(self, token: Token) -> Looking:
        """What a verb needs that only shows, once it is known that they may read the case."""
        return self._opened(Looking, token)

    def acting(self, token: Token) -> Interaction:
        """What a verb needs that acts, once it is known that they may read the case."""
        return self._opened(Interaction, token)

    def _opened(self, kind: type[Some], token: Token) -> Some:
        it = kind(
            tx=self.tx,
            office=self.office,
            directory=self.directory,
            person=self.person.key,
            via=self.via,
            language=self.language,
            token=token,
        )
        it.require_reader()
        return it


@dataclass(frozen=True, kw_only=True)
class Looking:
    """What every verb needs. Lives inside one unit of work, which may be one that only reads."""

    tx: Tx
    office: Office
    directory: Directory
    person: str  # key
    via: str
    language: str
    token: Token

    @cached_property
    def case(self) -> Case:
        """The case of the token, as it stood at the beginning; Refusal when there is none."""
        return casework.find(self.tx, self.token.case_id)

    @cached_property
    def world(self) -> World:
        """What the engine would look at."""
        loaded = self.office.shelf.get(self.tx, self.case.definition)
        return casework.world_of(self.tx, self.office, self.case, loaded)

    @property
    def definition(self) -> Definition:
        """The definition that the case is pinned to."""
        return self.world.definition

    def require_reader(self) -> None:
        """Refuse whoever may not even read the case, before anything of it is told."""
        policy.require_reader(self.tx, self.case, person=self.person, world=self.world)

    def own_task(self) -> tuple[Task, WorkNode]:
        """The task of the token and its node; Refusal for whoever may not decide it.

        The engine's own check, made early: nobody fills a form only to learn that it is not theirs.
        """
        draft = Draft(self.case, actor=self.person, via=self.via, values={}, world=self.world)
        task, _ = authority.require_owner(draft, self.token.task)
        return task, self.definition.work_node(task.node)

    def would(self, command: Command) -> None:
        """Refuse now what the engine would refuse once a sheet was filled."""
        decide(self.case, command, self.world)

    def name(self, key: str) -> str:
        """A person's name in the reader's language."""
        return name_of(self.directory.get(key), self.language)

    def names(self, keys: Iterable[str]) -> str:
        """Several names, in one line."""
        return translator(self.language).t("name.separator").join(map(self.name, keys))

    def node_name(self, case: Case) -> str:
        """Where a case stands now, in the reader's language."""
        return self.definition.node(case.node).name.of(self.language)


@dataclass(frozen=True, kw_only=True)
class Interaction(Looking):
    """A verb that acts: it carries out one command."""

    def change(self, command: Command) -> Case:
        """Carry out a command on the token's case; the new state."""
        return casework.carry_out(self.tx, self.office, self.case, command, self.world)

    def keep_text(self, kind: str, text: str, **more: object) -> ContentRef:
        """Keep free words of the person as content of the token's case."""
        return self.keep(kind, {"text": text, **more})

    def keep(self, kind: str, body: dict[str, object]) -> ContentRef:
        """Keep something that the person filled in as content of the token's case."""
        content = keep(
            self.tx,
            self.office,
            case_id=self.case.id,
            kind=kind,
            author=self.person,
            body=body,
        )
        return content.ref

    def done(self, msgid: str, **facts: object) -> Answer:
        """A short answer that it worked."""
        text = translator(self.language).t(msgid, **facts)
        return Answer(text=text, tone=Tone.GOOD, case_id=self.token.case_id)
