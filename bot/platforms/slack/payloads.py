"""What Slack sends, read strictly enough to rely on it and loosely enough to outlive changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Ack = Mapping[str, Any]  # what an acknowledgement carries; empty for most
Id = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,30}$")]
Text = Annotated[str, Field(max_length=100_000)]


def ref_of(channel: str, ts: str) -> str:
    """Our reference to a message."""
    return f"{channel}/{ts}"


class Payload(BaseModel):
    """Unknown keys are Slack's business."""

    model_config = ConfigDict(extra="ignore", frozen=True)


class User(Payload):
    """Who did it. `team_id` differs from ours for people of other workspaces."""

    id: Id
    team_id: str = ""


class Named(Payload):
    """Something of which only the id matters."""

    id: str


class SlashCommand(Payload):
    """Somebody typed a command."""

    command: Annotated[str, Field(pattern=r"^/\S{1,40}$")]
    text: Text = ""
    user_id: Id
    team_id: str = ""
    channel_id: str = ""
    trigger_id: str
    response_url: str = ""


class ChosenOption(Payload):
    """What was chosen in a menu."""

    value: str


class PressedAction(Payload):
    """One thing that was pressed."""

    type: str
    action_id: str
    block_id: str = ""
    value: str | None = None
    selected_option: ChosenOption | None = None
    action_ts: str = ""

    @property
    def token(self) -> str:
        """What the button or the chosen option carries."""
        if self.selected_option is not None:
            return self.selected_option.value
        return self.value or ""


class Container(Payload):
    """Where it was pressed."""

    type: str = ""
    message_ts: str = ""
    channel_id: str = ""
    thread_ts: str = ""
    is_ephemeral: bool = False
    view_id: str = ""


class State(Payload):
    """What the fields of a view hold."""

    values: Mapping[str, Mapping[str, Mapping[str, Any]]] = Field(default_factory=dict)


class View(Payload):
    """An open modal, or the Home tab."""

    id: str
    type: str = "modal"
    hash: str = ""
    callback_id: str = ""
    private_metadata: str = ""
    blocks: tuple[Mapping[str, Any], ...] = ()
    state: State = Field(default_factory=State)


class BlockActions(Payload):
    """Somebody pressed something."""

    user: User
    actions: Annotated[tuple[PressedAction, ...], Field(min_length=1)]
    container: Container = Field(default_factory=Container)
    view: View | None = None
    trigger_id: str = ""
    response_url: str = ""


class ViewSubmission(Payload):
    """Somebody sent a modal."""

    user: User
    view: View
    trigger_id: str = ""


class ViewClosed(Payload):
    """Somebody closed a modal without sending it."""

    user: User
    view: View


class Suggestion(Payload):
    """Somebody types into a field whose options we know."""

    user: User
    action_id: str
    block_id: str
    value: Text = ""
    view: View | None = None


class ShortcutMessage(Payload):
    """The message of a shortcut."""

    ts: str = ""
    text: Text = ""
    thread_ts: str = ""
    files: tuple[Mapping[str, Any], ...] = ()


class Shortcut(Payload):
    """A global shortcut, or one of a message."""

    type: str
    callback_id: str
    user: User
    trigger_id: str
    action_ts: str = ""
    response_url: str = ""
    channel: Named | None = None
    message: ShortcutMessage | None = None


class EventBody(Payload):
    """What happened in the workspace; further keys stand in `model_extra`."""

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
    """An event with the id that names its delivery."""

    event_id: str
    team_id: str = ""
    event: EventBody
