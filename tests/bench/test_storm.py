"""What a storm begins with."""

from pathlib import Path

from sqlalchemy import text

from storage.connect import open_database
from tests.bench import desks


async def test_a_storm_begins_with_messages_that_wait(tmp_path: Path) -> None:
    made = await desks.filled(tmp_path, platform="slack", cases=20, waiting=5)

    database = await open_database(f"sqlite:///{made.template}")
    waiting: int = await database.with_connection(
        lambda to: to.execute(text("SELECT count(*) FROM outbox")).scalar_one()
    )
    await database.aclose()
    assert waiting >= 5 * 2  # both people of its desk are asked
    assert len(made.presses) == 20
