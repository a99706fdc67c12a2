"""What an administrator, or fate, does to the workspace."""

from typing import TYPE_CHECKING, Any, cast

from tests.fakes.slack.clock import Changes, Now
from tests.fakes.slack.world import BOT_USER, TEAM, Channel, User, World

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack
    from tests.fakes.slack.hooks import Hooks
    from tests.fakes.slack.outgoing import Outgoing
    from tests.fakes.slack.person import Person
    from tests.fakes.slack.sockets import Sockets


class Office:
    """Mixed into the fake: people and channels come, change and go."""

    now: Now
    world: World
    outgoing: "Outgoing"
    sockets: "Sockets"
    hooks: "Hooks"
    changes: Changes
    scopes: frozenset[str]
    bot_tokens: set[str]
    bad_tokens: dict[str, str]
    installed: bool

    def person(self, name: str, **more: Any) -> "Person":
        """Someone who works here: `tz`, `tz_offset`, `locale`, `email`, `is_restricted` (a guest),
        `is_stranger` with another `team_id` (Slack Connect), `is_bot`."""
        from tests.fakes.slack.person import Person

        handle = name.lower().replace(" ", ".")
        given = {"email": f"{handle}@example.com", "id": self.world.new_id("U0"), **more}
        user = User(name=handle, real_name=name, updated=int(self.now()), **given)
        self.world.users[user.id] = user
        if self.started:
            self.outgoing.emit({"type": "team_join", "user": self._told(user)})
        return Person(cast("FakeSlack", self), user)

    @property
    def started(self) -> bool:
        return bool(self.sockets.links or self.hooks.url)

    def _told(self, user: User) -> dict[str, Any]:
        return user.as_json(email="users:read.email" in self.scopes, locale=True)

    def change_person(self, person: "Person", **changes: Any) -> None:
        """A new name, zone, language, role; `deleted=True` deactivates."""
        for name, value in changes.items():
            assert hasattr(person.user, name)
            setattr(person.user, name, value)
        person.user.updated = int(self.now())
        told = self._told(person.user)
        self.outgoing.emit({"type": "user_change", "user": told, "cache_ts": int(self.now())})
        self.changes.happened()

    def deactivate(self, person: "Person") -> None:
        self.change_person(person, deleted=True)

    def channel(
        self,
        name: str,
        members: "list[Person] | None" = None,
        *,
        private: bool = False,
        bot: bool = True,
    ) -> Channel:
        """The channel of this name, made when there is none."""
        for channel in self.world.channels.values():
            if channel.name == name:
                return channel
        people = {person.id for person in members or []} | ({BOT_USER} if bot else set())
        return self.world.new_channel(name, "private" if private else "public", people)

    def invite(self, channel: Channel, person: "Person | None" = None) -> None:
        """This person, or the bot."""
        user = person.id if person else BOT_USER
        channel.members.add(user)
        self._membership("member_joined_channel", channel, user)

    def remove_member(self, channel: Channel, person: "Person | None" = None) -> None:
        """This person, or the bot."""
        user = person.id if person else BOT_USER
        self._membership("member_left_channel", channel, user)
        channel.members.discard(user)

    def _membership(self, kind: str, channel: Channel, user: str) -> None:
        letter = "C" if channel.kind == "public" else "G"
        event = {"type": kind, "user": user, "channel": channel.id, "channel_type": letter}
        self.outgoing.emit({**event, "team": TEAM})
        self.changes.happened()

    def archive(self, channel: Channel) -> None:
        channel.archived = True
        name = "channel_archive" if channel.kind == "public" else "group_archive"
        self.outgoing.emit({"type": name, "channel": channel.id, "user": "U0ADMIN"})
        self.changes.happened()

    def revoke(self) -> None:
        """The bot's token ends, and the app is told."""
        for token in self.bot_tokens:
            self.bad_tokens[token] = "token_revoked"
        self.outgoing.emit({"type": "tokens_revoked", "tokens": {"bot": [BOT_USER]}})

    def uninstall(self) -> None:
        for token in self.bot_tokens:
            self.bad_tokens[token] = "account_inactive"
        self.outgoing.emit({"type": "app_uninstalled"})
        self.installed = False

    def reinstall(self) -> None:
        """The same tokens are good again."""
        self.bad_tokens.clear()
        self.installed = True
