"""What a person sees: nothing that Slack would not show to them."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from tests.fakes.slack.modal import Modal
from tests.fakes.slack.surfaces import CannotDo, Home, Seen
from tests.fakes.slack.world import Channel, User

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack
    from tests.fakes.slack.person import Person


@dataclass(eq=False)
class Eyes:
    fake: "FakeSlack"
    user: User

    @property
    def _me(self) -> "Person":
        return cast("Person", self)

    @property
    def id(self) -> str:
        return self.user.id

    @property
    def dm(self) -> Channel:
        """The conversation with the app."""
        return self.fake.world.im_of(self.id)

    def messages(
        self, channel: "Channel | str | None" = None, *, threads: bool = False
    ) -> list[Seen]:
        """What they see, the oldest first: in this channel, or in every one they are in."""
        wanted = channel.id if isinstance(channel, Channel) else channel
        seen = [
            message
            for place in self.fake.world.channels.values()
            if self.id in place.members and wanted in (None, place.id)
            for message in place.messages
            if not message.deleted
            and message.only_for in (None, self.id)
            and (threads or wanted is None or message.thread_ts in (None, message.ts))
        ]
        return [Seen.of(self._me, message) for message in sorted(seen, key=lambda m: m.ts)]

    def sees(self, text: str) -> bool:
        """Somewhere: in a message, the modal, or the Home tab."""
        modal, home = self.modal_or_none, self.home()
        places = [one.text for one in self.messages()]
        places += [f"{modal.title}\n{modal.text}"] if modal else []
        places += [home.text] if home else []
        return any(text in place for place in places)

    def last_message(self, containing: str = "") -> Seen:
        found = [one for one in self.messages() if containing in one.text]
        if not found:
            raise CannotDo(f"{self.user.real_name} sees no message with {containing!r}")
        return found[-1]

    def last_card(self, containing: str = "") -> Seen:
        """The newest message with something to press."""
        found = [one for one in self.messages() if one.controls() and containing in one.text]
        if not found:
            raise CannotDo(f"{self.user.real_name} sees no card with {containing!r}")
        return found[-1]

    @property
    def modal_or_none(self) -> Modal | None:
        stack = self.fake.world.stacks.get(self.id)
        return Modal(self._me, stack[-1]) if stack else None

    @property
    def modal(self) -> Modal:
        modal = self.modal_or_none
        if modal is None:
            raise CannotDo(f"{self.user.real_name} has no modal open")
        return modal

    def home(self) -> Home | None:
        view = self.fake.world.homes.get(self.id)
        return Home(self._me, view) if view else None

    async def waits_for(
        self,
        what: str | Callable[[], Any],
        timeout: float | None = None,  # noqa: ASYNC109 - the deadline is part of the question
    ) -> Any:
        """Until they see this text, or until this is true; returns the message, or the truth."""
        question = what if callable(what) else lambda: self._seen(what)
        return await self.fake.changes.until(question, timeout, lambda: self.describe(what))

    def _seen(self, text: str) -> Any:
        found = [one for one in self.messages() if text in one.text]
        return found[-1] if found else self.sees(text)

    async def waits_for_modal(self, title: str = "") -> Modal:
        """Until a modal is open whose title or words contain this."""

        def shown() -> Modal | None:
            modal = self.modal_or_none
            return modal if modal and title in f"{modal.title}\n{modal.text}" else None

        modal: Modal = await self.waits_for(shown)
        return modal

    def describe(self, what: Any = "") -> str:
        """For a failed test: everything before their eyes."""
        modal, home = self.modal_or_none, self.home()
        lines = [f"{self.user.real_name} waits for {what!r} and sees:"]
        lines += [f"- {one.text!r} {one.labels}" for one in self.messages()]
        lines += [f"modal {modal.title!r}: {modal.text!r}"] if modal else []
        lines += [f"home: {home.text!r}"] if home else []
        lines += [f"trouble: {one}" for one in self.fake.troubles]
        lines += [f"failure: {one}" for one in self.fake.failures]
        refused = [one for one in self.fake.records if not one.ok]
        return "\n".join([*lines, *(f"refused: {one.method} {one.answer}" for one in refused)])
