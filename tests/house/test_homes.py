"""Every outside library has a home; what import-linter cannot say is said here."""

import re
import sys

from tests.house import source

# The core may use these and the standard library.
CORE_LIBRARIES = {"workflows", "msgspec", "pydantic", "pydantic_core", "rule_engine", "holidays"}

HOMES = {
    "alembic": ("storage",),
    "apscheduler": ("bot/runtime",),
    "asyncpg": ("storage",),
    "slack_bolt": ("bot/platforms/slack",),
    "slack_sdk": ("bot/platforms/slack",),
    "sqlalchemy": ("storage",),
    "telegram": ("bot/platforms/telegram",),
    "typer": ("bot/cli",),
    "docx": ("handlers/rendering",),
    "typst": ("handlers/rendering",),
}


def test_the_core_uses_only_its_few_libraries() -> None:
    found = {
        f"{source.name(path)}:{line} {module}"
        for path in source.python_files("workflows")
        for line, module in source.imports(path)
        if module.split(".")[0] not in CORE_LIBRARIES | sys.stdlib_module_names
    }

    assert found == set()


def test_every_library_stays_at_home() -> None:
    found = {
        f"{source.name(path)}:{line} {module}"
        for path in source.python_files(*source.FOLDERS)
        for line, module in source.imports(path)
        if (homes := HOMES.get(module.split(".")[0]))
        and not any(source.name(path).startswith(f"{home}/") for home in homes)
    }

    assert found == set()


def test_nothing_due_is_kept_in_a_pickled_job_store() -> None:
    """Timers are rows of ours; the scheduler only wakes the process."""
    jobstore = re.compile(r"SQLAlchemyJobStore|add_jobstore\(\s*[\"']sqlalchemy")
    found = {
        source.name(path)
        for path in source.python_files(*source.FOLDERS)
        if jobstore.search(source.text(path) or "")
    }

    assert found == set()
