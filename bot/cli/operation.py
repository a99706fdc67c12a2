"""Operation: dead letters, and the release of a hold."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from bot.cli.deployment import Deployment, work
from bot.cli.options import ConfigOption, JsonOption, LanguageOption
from bot.cli.output import say, show_json
from workflows.moments import Moment, from_iso, iso

if TYPE_CHECKING:
    from storage.unit import Tx
    from workflows.records import DeadLetter

LetterArgument = Annotated[str, typer.Argument(metavar="ID")]
_COLUMNS = ("id", "what", "source", "at", "attempts", "error")


def register(app: typer.Typer) -> None:
    """Add these commands."""
    family = typer.Typer(no_args_is_help=True)
    family.command("list")(list_dead)
    family.command("replay")(replay)
    family.command("drop")(drop)
    app.add_typer(family, name="dead")
    app.command("release")(release)


def list_dead(
    *, as_json: JsonOption = False, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Print the dead letters."""

    async def task(it: Deployment) -> None:
        letters = await it.database.read(lambda tx: tx.dead.all())
        rows = [_facts(letter) for letter in letters]
        if as_json:
            show_json(rows)
            return
        for row in rows:  # of a traceback, the last line says it
            row["error"] = (row["error"].strip().splitlines() or [""])[-1]
        it.table(_COLUMNS, rows)

    work(task, config=config, language=language)


def replay(
    letter_id: LetterArgument, *, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Process a dead letter again."""

    async def task(it: Deployment) -> None:
        letter = await it.database.read(lambda tx: _find(tx, letter_id))
        if letter.what == "interaction":
            text = await _replay_interaction(it, letter)
        else:
            again = _AGAIN.get(letter.what, _fire_again)

            def unit(tx: Tx) -> None:
                again(it, tx, letter)
                tx.dead.remove(letter.id)

            await it.database.run(unit)
            text = it.words.t(f"cli.dead.{letter.what}")
        say(text)

    work(task, config=config, language=language)


def drop(
    letter_id: LetterArgument, *, config: ConfigOption = None, language: LanguageOption = None
) -> None:
    """Delete a dead letter."""

    async def task(it: Deployment) -> None:
        def unit(tx: Tx) -> None:
            tx.dead.remove(_find(tx, letter_id).id)

        await it.database.run(unit)
        say(it.words.t("cli.dead.dropped", id=letter_id))

    work(task, config=config, language=language)


def release(
    *,
    look: Annotated[bool, typer.Option("--look")] = False,
    config: ConfigOption = None,
    language: LanguageOption = None,
) -> None:
    """Print what is held and end the hold: timers fire and messages are sent again."""

    async def task(it: Deployment) -> None:
        from bot.runtime import hold

        def unit(tx: Tx) -> tuple[str, int, Moment | None]:
            owed = tx.outbox.count(), tx.outbox.oldest(now=it.office.clock.now())
            return hold.held(tx) if look else hold.release(tx), *owed

        why, count, oldest = await it.database.run(unit)
        if why:
            since = it.time(None if oldest is None else iso(oldest))
            told = "cli.release.owed_since" if since else "cli.release.owed"
            say(it.words.t(told, count=count, since=since))
        say(it.words.t(f"cli.release.{'look.' * (look and bool(why))}{why or 'nothing'}"))

    work(task, config=config, language=language)


# ------------------------------------------------------------------------------ parts


def _find(tx: Tx, letter_id: str) -> DeadLetter:
    from workflows.errors import Refusal

    for letter in tx.dead.all():
        if letter.id == letter_id:
            return letter
    raise Refusal("no_such_letter", id=letter_id)


def _facts(letter: DeadLetter) -> dict[str, Any]:
    return {
        "id": letter.id,
        "what": letter.what,
        "source": letter.source,
        "at": iso(letter.at),
        "attempts": letter.attempts,
        "error": letter.error,
        "payload": dict(letter.payload),
    }


async def _replay_interaction(it: Deployment, letter: DeadLetter) -> str:
    """Process an interaction as if it had just arrived; a new failure makes a new dead letter."""
    from handlers import router
    from handlers.intents import intent_from
    from workflows.errors import Refusal

    intent = intent_from(letter.payload)
    if intent is None:
        raise Refusal("letter_unreadable", id=letter.id)
    answer = await router.handle(it.database, it.office, intent)
    await it.database.run(lambda tx: tx.dead.remove(letter.id))
    return answer.text or it.words.t("cli.dead.interaction")


def _owe_again(it: Deployment, tx: Tx, letter: DeadLetter) -> None:
    from workflows.case.effects import Lane, Post

    facts = letter.payload
    message = Post(
        to=facts["to"],
        slot=facts["slot"],
        kind=facts["kind"],
        lane=Lane(facts["lane"]),
        task=facts["task"],
        args=facts["args"],
    )
    tx.outbox.add([message], case_id=facts["case_id"], now=it.office.clock.now(), not_before={})


def _send_again(it: Deployment, tx: Tx, letter: DeadLetter) -> None:
    from workflows.records import WebhookMessage

    tx.webhooks.add_again(WebhookMessage(**letter.payload), now=it.office.clock.now())


def _mail_again(it: Deployment, tx: Tx, letter: DeadLetter) -> None:
    from workflows.records import OwedMail

    tx.mails.add_again(OwedMail(**letter.payload), now=it.office.clock.now())


def _fire_again(it: Deployment, tx: Tx, letter: DeadLetter) -> None:
    """Make the timer of a dead letter due now, instead of tomorrow."""
    from workflows.records import DueTimer

    facts = letter.payload
    timer = DueTimer(
        case_id=facts["case_id"],
        clock=facts["clock"],
        due_at=from_iso(facts["due_at"]),
    )
    tx.timers.postpone(timer, until=it.office.clock.now(), error=letter.error[-200:])


_AGAIN: Mapping[str, Callable[[Deployment, Tx, DeadLetter], None]] = {
    "message": _owe_again,
    "webhook": _send_again,
    "mail": _mail_again,
}
