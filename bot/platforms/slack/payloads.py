"""The payloads that Slack sends, with the keys that are used; other keys are ignored.

Source: docs.slack.dev/reference/interaction-payloads and docs.slack.dev/reference/events.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Ack = Mapping[str, Any]  # the content of an acknowledgement; mostly empty
Id = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,30}$")]
Text = Annotated[str, Field(max_length=100_000)]


def ref_of(channel: str, ts: str) -> str:
    """Return the reference of a message."""
    return f"{channel}/{ts}"


class Payload(BaseModel):
    """Base of all payloads: frozen; unknown keys are ignored."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Payload):
    """Who did something. `team_id` is another one for people of other workspaces."""

    id: Id
    team_id: str = ""


class Named(Payload):
    """An object of which only the id is used."""

    id: str


class SlashCommand(Payload):
    """A typed command."""

    command: Annotated[str, Field(pattern=r"^/\S{1,40}$")]
    text: Text = ""
    user_id: Id
    team_id: str = ""
    channel_id: str = ""
    trigger_id: str
    response_url: str = ""


class ChosenOption(Payload):
    """The option that was chosen in a menu."""

    value: str


class PressedAction(Payload):
    """An element that was used: a button or a menu."""

    type: str
    action_id: str
    block_id: str = ""
    value: str | None = None
    selected_option: ChosenOption | None = None
    action_ts: str = ""

    @property
    def token(self) -> str:
        """The token of the button or of the chosen option."""
        if self.selected_option is not None:
            return self.selected_option.value
        return self.value or ""


class Container(Payload):
    """The message or view that contains the element."""

    type: str = ""
    message_ts: str = ""
    channel_id: str = ""
    thread_ts: str = ""
    is_ephemeral: bool = False
    view_id: str = ""


class State(Payload):
    """The values of the fields of a view, by block and action."""

    values: Mapping[str, Mapping[str, Mapping[str, Any]]] = Field(default_factory=dict)


class View(Payload):
    """An open modal, or a Home tab."""

    id: str
    type: str = "modal"
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    state: State = Field(default_factory=State)


class BlockActions(Payload):
    """Somebody used a button or a menu."""

    user: User
    actions: Annotated[tuple[PressedAction, ...], Field(min_length=1)]
    container: Container = Field(default_factory=Container)
    view: View | None = None
    trigger_id: str = ""
    response_url: str = ""


class ViewSubmission(Payload):
    """Somebody submitted a modal."""

    user: User
    view: View
    trigger_id: str = ""


class ViewClosed(Payload):
    """Somebody closed a modal without submitting it."""

    user: User
    view: View


class Suggestion(Payload):
    """Somebody types into a field whose options the app looks up."""

    user: User
    action_id: str
    block_id: str
    value: Text = ""
    view: View | None = None


class ShortcutMessage(Payload):
    """The message that a shortcut was used on."""

    ts: str = ""
    text: Text = ""
    thread_ts: str = ""
    files: tuple[Mapping[str, Any], ...] = ()


class Shortcut(Payload):
    """Somebody used a shortcut, on a message or anywhere."""

    type: str
    callback_id: str
    user: User
    trigger_id: str
    action_ts: str = ""
    response_url: str = ""
    channel: Named | None = None
    message: ShortcutMessage | None = None


class EventBody(Payload):
    """What happened in the workspace; keys without a field are in `model_extra`."""

    model_config = ConfigDict(extra="allow", frozen=True)

    type: str
    user: Any = None
    channel: Any = None
    channel_type: str = ""
    text: Text = ""
    ts: str = ""
    thread_ts: str = ""
    subtype: str = ""
    bot_id: str | None = None
    hidden: bool = False


class SlackEvent(Payload):
    """An event. `event_id` is the same for every delivery of it."""

    event_id: str
    team_id: str = ""
    event: EventBody
