"""db upgrade, reindex and move: what they say; a bot starts on the database that was moved."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.runtime import hold
from storage import schema
from storage.process_lock import ProcessLock
from tests.cli.test_operation import in_database
from tests.command import Done, inside
from tests.complaints import filed
from tests.contract.test_postgres import OTHERS
from tests.postgres import Server
from tests.rig.programs import closeloop

pytestmark = pytest.mark.postgres
SOURCE = "sqlite:///closeloop.db"


def moved(target: str, *more: str, source: str = SOURCE) -> Done:
    return inside("db", "move", source, target, *more)


def test_db_upgrade_names_the_schema(deployment: Path) -> None:
    done = inside("db", "upgrade")

    assert done.code == 0
    assert schema.NEWEST in done.out


def test_db_reindex_makes_the_index_of_the_search_again(deployment: Path) -> None:
    assert filed().code == 0

    done = inside("db", "reindex")
    chinese = inside("db", "reindex", "--language", "zh")

    assert done.code == chinese.code == 0, done.err
    assert "made again" in done.out
    assert "已重建" in chinese.out
    assert inside("fsck").code == 0


def test_a_move_says_what_was_copied_and_what_comes_next(
    deployment: Path, postgres_url: str
) -> None:
    assert filed().code == 0
    done = moved(postgres_url)

    assert done.code == 0, done.err
    assert "events: " in done.err
    assert "cases 1," in done.err
    assert "stay in files" in done.err
    assert "set url in [storage] of config.toml" in done.err
    assert "Do not start the bot on it again" in done.err
    assert len(inside("case", "list", "--json").json) == 1, "the old one works as before"


def test_a_move_speaks_chinese(deployment: Path, postgres_url: str) -> None:
    done = moved(postgres_url, "--language", "zh")
    refused = moved(postgres_url, "--language", "zh")

    assert done.code == 0, done.err
    assert "每一行都已比对" in done.err
    assert "请不要再在它上面启动机器人" in done.err
    assert refused.code == 1
    assert refused.err.startswith("新数据库：它不是空的")


def test_the_bot_starts_on_the_database_that_it_was_moved_to(
    deployment: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    number = filed().out.strip()
    assert moved(postgres_url).code == 0
    monkeypatch.setenv("CLOSELOOP_STORAGE__URL", postgres_url)

    with closeloop("run", folder=deployment, CLOSELOOP_STORAGE__URL=postgres_url) as program:
        program.says("started")
        assert program.stop() == 0

    for check in (("fsck",), ("audit", "verify")):
        assert inside(*check).code == 0
    assert inside("case", "show", number, "--json").json["id"] == number
    assert filed().out.strip() > number, "the numbers of cases go on"


def test_a_hold_is_moved_and_said(deployment: Path, postgres_url: str) -> None:
    in_database(deployment, lambda tx: hold.hold(tx, why=hold.RESTORED))

    assert "closeloop release" in moved(postgres_url).err


@pytest.mark.parametrize("source", [SOURCE, "sqlite:///missing.db", "sqlite:///./closeloop.db"])
def test_a_move_without_a_source_or_to_itself_is_refused(deployment: Path, source: str) -> None:
    done = moved(SOURCE, source=source)

    assert done.code == (2 if "missing" in source else 1)
    assert ("no database of closeloop" if "missing" in source else "same database") in done.err
    assert not (deployment / "missing.db").exists()


def test_a_target_that_is_in_use_is_refused_with_its_rows(
    deployment: Path, postgres_url: str
) -> None:
    assert filed().code == 0
    assert moved(postgres_url).code == 0
    done = moved(postgres_url)

    assert done.code == 1
    assert done.err.startswith("The new database: It is not empty")
    assert "cases 1, " in done.err


def test_nothing_is_moved_from_under_a_running_bot(deployment: Path, postgres_url: str) -> None:
    lock = ProcessLock(deployment / "closeloop.db")
    lock.take()
    done = moved(postgres_url)
    lock.release()

    assert done.code == 2
    assert done.err.startswith("The old database: Another closeloop is running")
    assert str(os.getpid()) in done.err


def test_an_older_schema_is_to_be_upgraded_first(deployment: Path, postgres_url: str) -> None:
    with closing(sqlite3.connect(deployment / "closeloop.db")) as old, old:
        old.execute("UPDATE alembic_version SET version_num = '0008'")
    done = moved(postgres_url)

    assert done.code == 2
    assert "closeloop db upgrade" in done.err


def test_a_server_that_is_not_there_is_named_without_its_password(deployment: Path) -> None:
    done = moved("postgresql://me:hidden@127.0.0.1:9/none")

    assert done.code == 2
    assert done.err.startswith("The new database: The database cannot be reached")
    assert "hidden" not in done.err


@pytest.mark.parametrize("target", ["mysql://me:hidden@h/d", "hidden.db", "env:CLOSELOOP_NO"])
def test_what_is_no_url_is_wrong_usage_and_not_repeated(deployment: Path, target: str) -> None:
    done = moved(target)

    assert done.code == 2
    assert "TARGET" in done.err
    assert "hidden" not in done.err


def test_a_url_may_be_in_the_environment_as_in_the_configuration(
    deployment: Path, postgres_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """So that no password is on the command line."""
    monkeypatch.setenv("DATABASE", postgres_url)

    assert moved("env:DATABASE").code == 0


def test_a_database_that_cannot_be_written_is_refused(
    deployment: Path, postgres_url: str, postgres_server: Server
) -> None:
    name = urlsplit(postgres_url).path.strip("/")
    postgres_server.execute(f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    done = moved(postgres_url)

    assert done.code == 2
    assert "read-only" in done.err


def test_a_connection_that_is_lost_at_the_commit_leaves_it_open_what_is_there(
    deployment: Path,
    postgres_url: str,
    postgres_server: Server,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def cut(name: str) -> None:
        if name == "db.before_commit":
            postgres_server.execute(OTHERS, url=postgres_url)

    monkeypatch.setattr("bot.system.crash_point", cut)
    done = moved(postgres_url)
    monkeypatch.undo()
    monkeypatch.chdir(deployment)

    assert done.code == 2
    assert "run the command again" in done.err
    assert "cannot be reached" in done.err
    assert moved(postgres_url).code == 0, "it was not committed"


def test_a_playground_is_not_moved(deployment: Path, postgres_url: str) -> None:
    in_database(deployment, lambda tx: tx.settings.put("kind", "playground"))
    done = moved(postgres_url)

    assert done.code == 2
    assert "playground" in done.err
