"""What a person has before their eyes, and what of it they may press."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.slack.block_kit import blocks_text, check_blocks
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.controls import (
    VALUE_KEY,
    Control,
    State,
    controls,
    fresh_state,
    state_value,
)
from tests.fakes.slack.delivery import Hook, Reply
from tests.fakes.slack.world import APP, TEAM, File, Message, View

if TYPE_CHECKING:
    from tests.fakes.slack.person import Person


class CannotDo(AssertionError):
    """No person could have done this: it is not on the screen, or Slack's client forbids it."""


class Surface:
    """Anything with blocks."""

    person: "Person"

    @property
    def blocks(self) -> list[Json]:
        raise NotImplementedError

    @property
    def state(self) -> State:
        raise NotImplementedError

    @property
    def text(self) -> str:
        return blocks_text(self.blocks)

    def around(self) -> Json:
        """What the payload says of the surface."""
        raise NotImplementedError

    # -------------------------------------------------------------- looking

    def controls(self) -> list[Control]:
        return list(controls(self.blocks))

    @property
    def labels(self) -> list[str]:
        """What could be pressed or filled, by its words."""
        return [control.label for control in self.controls()]

    @property
    def buttons(self) -> list[str]:
        return [control.label for control in self.controls() if control.kind == "button"]

    def find(self, name: str) -> Control:
        """The control of this label, action_id or block_id; there must be one."""
        found = [control for control in self.controls() if control.is_called(name)]
        exact = [control for control in found if control.action_id == name]
        found = exact or found
        if len(found) != 1:
            raise CannotDo(f"{len(found)} controls are called {name!r}; there are {self.labels}")
        return found[0]

    async def forge(self, action: Json, by: "Person | None" = None) -> Reply:
        """A block_actions payload that no client would send: any action, by anybody."""
        person = by or self.person
        told = {"type": "button", "block_id": "forged", "action_ts": person.fake.world.new_ts()}
        payload = {
            **person.envelope("block_actions"),
            **self.around(),
            "actions": [{**told, **action}],
        }
        return await person.send(payload, f"forged {action.get('action_id')}")

    # -------------------------------------------------------------- doing

    async def click(self, name: str, option: Any = None, *, confirm: bool = False) -> Reply:
        """Presses a button, or picks from a menu; a dialog that asks again must be confirmed."""
        control = self.find(name)
        if control.is_input:
            raise CannotDo(f"{name!r} is a field to fill, not to press")
        asks = bool(control.element.get("confirm"))
        if asks != confirm:
            raise CannotDo(f"{name!r} {'asks' if asks else 'does not ask'} for confirmation")
        if control.kind == "button":
            return await self.act(control, self._pressed(control))
        picked = await self.pick(control, option)
        if control.kind != "overflow":
            values = self.state.setdefault(control.block_id, {})
            values[control.action_id] = state_value(control, picked)
        return await self.act(control, {VALUE_KEY[control.kind]: picked})

    def _pressed(self, control: Control) -> Json:
        told: Json = {"text": control.element["text"]}
        if "value" in control.element:
            told["value"] = control.element["value"]
        return told

    async def act(self, control: Control, what: Json) -> Reply:
        """Sends block_actions for this control."""
        action = {
            "type": control.kind,
            "action_id": control.action_id,
            "block_id": control.block_id,
            **what,
            "action_ts": self.person.fake.world.new_ts(),
        }
        payload = {
            **self.person.envelope("block_actions"),
            **self.around(),
            "actions": [action],
        }
        return await self.person.send(payload, f"click {control.action_id}")

    async def pick(self, control: Control, option: Any) -> Any:
        """The value as Slack would send it, when this choice is offered."""
        from tests.fakes.slack.filling import chosen

        return await chosen(self, control, option)

    async def suggestions(self, control: Control, query: str) -> list[Json]:
        """What the app offers for these letters, asked while they are typed."""
        least = control.element.get("min_query_length", 3)
        if len(query) < least:
            raise CannotDo(f"{control.label!r} is asked after {least} characters")
        payload = {
            **self.person.envelope("block_suggestion", trigger=False),
            **self.around(),
            "action_id": control.action_id,
            "block_id": control.block_id,
            "value": query,
        }
        payload.pop("response_url", None)
        reply = await self.person.send(payload, f"options of {control.action_id}", takes=True)
        return self._offered(reply)

    def _offered(self, reply: Reply) -> list[Json]:
        body = reply.body if isinstance(reply.body, dict) else {}
        if not reply.ok:
            return []
        key = "option_groups" if "option_groups" in body else "options"
        listed = body.get(key)
        if listed == []:
            return []
        element = {"type": "static_select", "action_id": "a", key: listed}
        probe = [{"type": "actions", "elements": [element]}]
        problems = check_blocks(probe, "message")
        if problems:
            self.person.fake.fail(f"options were refused: {[p.line() for p in problems]}")
            return []
        return Control({}, element).options()


@dataclass(slots=True, eq=False)
class Seen(Surface):
    """A message as it was when the person looked."""

    person: "Person"
    message: Message
    revision: int
    shown: list[Json]
    words: str
    kept: State

    @classmethod
    def of(cls, person: "Person", message: Message) -> "Seen":
        words = person.fake.text_of(message)
        return cls(person, message, message.revision, list(message.blocks), words, message.state)

    @property
    def blocks(self) -> list[Json]:
        return self.shown

    @property
    def state(self) -> State:
        return self.kept

    @property
    def text(self) -> str:
        return self.words

    @property
    def ts(self) -> str:
        return self.message.ts

    @property
    def notification(self) -> str:
        """What a phone shows, and a screen reader says."""
        return self.message.text

    @property
    def channel(self) -> str:
        return self.message.channel

    @property
    def files(self) -> list[File]:
        return self.message.files

    @property
    def is_ephemeral(self) -> bool:
        return self.message.only_for is not None

    @property
    def replaced(self) -> bool:
        return self.message.deleted or self.message.revision != self.revision

    def now(self) -> "Seen":
        """As it stands at this moment."""
        return Seen.of(self.person, self.message)

    def thread(self) -> "list[Seen]":
        """The answers below it."""
        everything = self.person.messages(self.message.channel, threads=True)
        return [one for one in everything if one.message.thread_ts == self.ts and one.ts != self.ts]

    def around(self) -> Json:
        channel = self.person.fake.world.channels[self.message.channel]
        container: Json = {
            "type": "message",
            "message_ts": self.ts,
            "channel_id": self.message.channel,
            "is_ephemeral": self.is_ephemeral,
        }
        if self.message.thread_ts:
            container["thread_ts"] = self.message.thread_ts
        hook = Hook(
            self.person.id, channel.id, self.person.fake.now(), self.ts, self.message.thread_ts
        )
        told: Json = {
            "container": container,
            "channel": {"id": channel.id, "name": channel.name or "directmessage"},
            "state": {"values": self.kept},
            "response_url": self.person.fake.new_hook(hook),
        }
        if not self.is_ephemeral:
            shown = self.message.as_json(self.person.fake.origin, metadata=True)
            told["message"] = {**shown, "blocks": self.shown}
        return told


@dataclass(slots=True, eq=False)
class Home(Surface):
    """The Home tab."""

    person: "Person"
    view: View

    @property
    def blocks(self) -> list[Json]:
        return list(self.view.body["blocks"])

    @property
    def state(self) -> State:
        return self.view.state

    def around(self) -> Json:
        return around_view(self.view)


def around_view(view: View) -> Json:
    return {
        "container": {"type": "view", "view_id": view.id},
        "view": view.as_json(),
        "state": {"values": view.state},
        "api_app_id": APP,
        "team": {"id": TEAM, "domain": "closeloop"},
    }


def renewed(view: View) -> None:
    """What was typed is gone."""
    view.state = fresh_state(view.body["blocks"])
