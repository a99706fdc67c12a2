"""An open modal in a person's hands."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tests.fakes.slack import api_views
from tests.fakes.slack.api import SlackError
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.controls import VALUE_KEY, Control, State, state_value
from tests.fakes.slack.filling import chosen, complaints
from tests.fakes.slack.surfaces import CannotDo, Surface, around_view
from tests.fakes.slack.world import View

if TYPE_CHECKING:
    from tests.fakes.slack.person import Person

_ANSWERS = {
    "errors": {"response_action", "errors"},
    "update": {"response_action", "view"},
    "push": {"response_action", "view"},
    "clear": {"response_action"},
}


@dataclass(slots=True, eq=False)
class Modal(Surface):
    """The topmost view; what is underneath cannot be touched."""

    person: "Person"
    view: View

    @property
    def blocks(self) -> list[Json]:
        return list(self.view.body["blocks"])

    @property
    def state(self) -> State:
        return self.view.state

    @property
    def title(self) -> str:
        return str(self.view.body["title"]["text"])

    @property
    def stack(self) -> list[View]:
        return self.person.fake.world.stacks.get(self.person.id, [])

    @property
    def is_open(self) -> bool:
        return bool(self.stack) and self.stack[-1] is self.view

    def around(self) -> Json:
        self._must_be_open()
        return around_view(self.view)

    def _must_be_open(self) -> None:
        if not self.is_open:
            raise CannotDo(f"the modal {self.title!r} is not on top")

    def value(self, name: str) -> Any:
        """What the field holds."""
        control = self.find(name)
        held = self.state[control.block_id][control.action_id]
        return held.get(VALUE_KEY[control.kind])

    # -------------------------------------------------------------- filling

    async def fill(self, fields: dict[str, Any] | None = None, /, **named: Any) -> None:
        """By label, block_id or action_id; None empties. Files are (name, bytes).

        An external select takes the words of an option, or (what is typed, words).
        """
        self._must_be_open()
        for name, value in {**(fields or {}), **named}.items():
            control = self._field(name)
            filled = await chosen(self, control, value)
            self.state[control.block_id][control.action_id] = state_value(control, filled)
            if control.block.get("dispatch_action"):
                await self.act(control, {VALUE_KEY[control.kind]: filled})

    def _field(self, name: str) -> Control:
        control = self.find(name)
        if control.kind in {"button", "overflow"}:
            raise CannotDo(f"{name!r} is pressed, not filled")
        return control

    async def search(self, name: str, query: str) -> list[str]:
        """What an external select offers for these letters."""
        offered = await self.suggestions(self._field(name), query)
        return [option["text"]["text"] for option in offered]

    # -------------------------------------------------------------- leaving

    async def submit(self, fields: dict[str, Any] | None = None, /, **named: Any) -> dict[str, str]:
        """The errors by label: the client's own, or the app's; none when it was taken."""
        await self.fill(fields, **named)
        if "submit" not in self.view.body:
            raise CannotDo(f"the modal {self.title!r} has no submit button")
        errors = complaints(self.controls(), self.state)
        if errors:
            return errors
        return await self.send_anyway()

    async def send_anyway(self) -> dict[str, str]:
        """Sends what `state` holds, past the checks of the client: for forged values."""
        self._must_be_open()
        told: dict[str, str] = {}
        payload = {
            **self.person.envelope("view_submission"),
            "view": self.view.as_json(),
            "response_urls": [],
        }
        reply = await self.person.send(
            payload,
            f"submit {self.title}",
            takes=True,
            effect=lambda body: told.update(self._answered(body)),
        )
        if not reply.ok:
            return {"": "We had some trouble connecting. Try again?"}
        return told

    def _answered(self, body: Any) -> dict[str, str]:
        if body is None or body == {}:
            self._leave([self.view])
            return {}
        kind = body.get("response_action") if isinstance(body, dict) else None
        if kind not in _ANSWERS or set(body) - _ANSWERS[kind]:
            self.person.fake.fail(f"not an answer to a submission: {body}")
            return {"": "We had some trouble connecting. Try again?"}
        if kind == "errors":
            return self._errors(body["errors"])
        try:
            self._changed(kind, body.get("view"))
        except SlackError as error:
            self.person.fake.fail(f"a view was refused: {error.as_json()}")
            return {"": "We had some trouble connecting. Try again?"}
        return {}

    def _errors(self, errors: Any) -> dict[str, str]:
        labels = {c.block_id: c.label for c in self.controls() if c.is_input}
        if not isinstance(errors, dict) or not errors or set(errors) - set(labels):
            self.person.fake.fail(f"errors for no input block: {errors}")
            return {"": "We had some trouble connecting. Try again?"}
        if not all(isinstance(text, str) and text for text in errors.values()):
            self.person.fake.fail(f"errors without words: {errors}")
        return {labels[block]: str(text) for block, text in errors.items()}

    def _changed(self, kind: str, body: Any) -> None:
        world, user = self.person.fake.world, self.person.id
        if kind == "clear":
            self._leave(list(self.stack))
            return
        view = api_views.checked_view(world, body, "modal")
        if kind == "push":
            api_views.push(world, user, view)
        else:
            api_views.only_once(world, view, but=self.view)
            api_views.replace(world, self.view, view)

    def _leave(self, views: list[View]) -> None:
        for view in views:
            if view in self.stack:
                self.stack.remove(view)
        self.person.fake.changes.happened()

    async def close(self, *, everything: bool = False) -> None:
        """Cancels this view, or with the cross the whole stack."""
        self._must_be_open()
        clears = everything or bool(self.view.body.get("clear_on_close"))
        gone = list(reversed(self.stack)) if clears else [self.view]
        self._leave(gone)
        for view in gone:
            if view.body.get("notify_on_close"):
                payload = {
                    **self.person.envelope("view_closed", trigger=False),
                    "view": view.as_json(),
                    "is_cleared": clears,
                }
                await self.person.send(payload, f"close {self.title}")
