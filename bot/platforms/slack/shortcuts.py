"""Shortcuts: a message becomes a case, or a form is opened from anywhere.

The id of a shortcut is `cl:file:<command>`, with the command of the process that it starts.
"""

from __future__ import annotations

from dataclasses import replace

from bot.platforms.slack.interact import Interact
from bot.platforms.slack.modals import carried_by
from bot.platforms.slack.payloads import Ack, Shortcut, ShortcutMessage
from bot.platforms.slack.text import cut, mentioned, plain
from handlers.i18n import translator
from handlers.pages import FormSheet

CALLBACK = "cl:file:"
MAIN = 3000  # characters of a message in the main field
PROBE = 30  # characters by which the main field is found


class Shortcuts:
    """Opens the form of a process, with the text and the files of the message."""

    def __init__(self, it: Interact) -> None:
        self._it = it

    async def used(self, shortcut: Shortcut) -> Ack:
        """Handle a shortcut."""
        key = f"shortcut:{shortcut.trigger_id}"
        known, spot = await self._it.spot(
            shortcut.user, trigger=shortcut.trigger_id, response_url=shortcut.response_url, key=key
        )
        if known is None:
            answer = self._it.stranger(spot)
        else:
            text = ""
            if shortcut.message is not None:
                text = await self._words(shortcut, shortcut.message, spot.language)
            probe = cut(" ".join(text.split()), PROBE, ending="")
            command = shortcut.callback_id.removeprefix(CALLBACK)
            text_of = f"/{command} {probe}".strip()
            said = self._it.conversation.said(known.person, text_of, key=key)
            answer, spot = await self._it.ask(spot, said)
            if answer.form is not None and text:
                answer = replace(answer, form=with_words(answer.form, text, probe=probe))
            if answer.form is not None and shortcut.message is not None:
                spot = replace(spot, carried=carried_by(answer.form, list(shortcut.message.files)))
        self._it.give(spot, answer)
        return {}

    async def _words(self, shortcut: Shortcut, message: ShortcutMessage, language: str) -> str:
        names = await self._it.people.names(mentioned(message.text))
        text = plain(message.text, names).strip()
        link = self.permalink(shortcut.channel.id if shortcut.channel else "", message.ts)
        source = translator(language).t("slack.from_message", link=link) if link else ""
        room = MAIN - len(source) - 2
        return "\n\n".join(part for part in (cut(text, room), source) if part)

    def permalink(self, channel: str, ts: str) -> str:
        """Return the URL of a message, "" if the workspace is not known yet."""
        workspace = self._it.people.app.url
        if not workspace or not channel or not ts:
            return ""
        return f"{workspace.rstrip('/')}/archives/{channel}/p{ts.replace('.', '')}"


def with_words(sheet: FormSheet, text: str, *, probe: str) -> FormSheet:
    """Return the form with `text` in its main field: the one whose value is `probe`."""
    main = next((q for q in sheet.questions if q.value == probe), None)
    if main is None:
        return sheet
    filled = replace(main, value=cut(text, min(main.max or MAIN, MAIN)))
    return replace(sheet, questions=tuple(filled if q is main else q for q in sheet.questions))
