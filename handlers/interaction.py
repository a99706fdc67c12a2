"""One press or one sent sheet being handled: who, in which language, about which case, in which unit."""

from __future__ import annotations

from dataclasses import dataclass

from handlers import casework
from handlers.cards.model import Answer, Tone
from handlers.contents import keep
from handlers.i18n import translator
from handlers.office import Office
from handlers.reading import name_of
from handlers.tokens import Token
from workflows import commands as cmd
from workflows.definition import Definition
from workflows.directory import Directory
from workflows.events import ContentRef
from workflows.ports import Tx
from workflows.state import Case
from workflows.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Interaction:
    """What every verb needs. Lives inside one unit of work."""

    tx: Tx
    office: Office
    directory: Directory
    person: str  # key
    via: str
    language: str
    token: Token

    def case(self) -> Case:
        """The case of the token; Refusal when there is none."""
        return casework.find(self.tx, self.token.case_id)

    def definition(self, case: Case) -> Definition:
        """The definition that a case is pinned to."""
        return self.office.shelf.get(self.tx, case.definition).definition

    def world(self, case: Case) -> World:
        """What the engine would look at."""
        loaded = self.office.shelf.get(self.tx, case.definition)
        return casework.world_of(self.tx, self.office, case, loaded)

    def change(self, command: cmd.Command) -> Case:
        """Carry out a command on the token's case."""
        return casework.change(self.tx, self.office, command, case_id=self.token.case_id)

    def keep_text(self, kind: str, text: str, **more: object) -> ContentRef:
        """Keep free words of the person as content of the token's case."""
        content = keep(
            self.tx,
            self.office,
            case_id=self.token.case_id,
            kind=kind,
            author=self.person,
            body={"text": text, **more},
        )
        return content.ref

    def done(self, msgid: str, **facts: object) -> Answer:
        """A short answer that it worked."""
        return Answer(text=translator(self.language).t(msgid, **facts), tone=Tone.GOOD)

    def name(self, key: str) -> str:
        """A person's name in the reader's language."""
        return name_of(self.directory.get(key), self.language)

    def node_name(self, case: Case) -> str:
        """Where a case stands now, in the reader's language."""
        return self.definition(case).node(case.node).name.of(self.language)
