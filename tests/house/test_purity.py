"""Clock, chance, waiting and threads enter through ports, so that simulated time is possible."""

from tests.house import source

PORTED = ("workflows", "handlers", "storage", "bot/runtime")

IMPURE = (
    "asyncio.sleep",
    "asyncio.to_thread",
    "concurrent.futures",
    "datetime.date.today",
    "datetime.datetime.now",
    "datetime.datetime.today",
    "datetime.datetime.utcnow",
    "multiprocessing",
    "os.urandom",
    "random",
    "secrets",
    "threading",
    "time.monotonic",
    "time.monotonic_ns",
    "time.perf_counter",
    "time.perf_counter_ns",
    "time.sleep",
    "time.time",
    "time.time_ns",
    "uuid.uuid1",
    "uuid.uuid4",
)

# A file that is itself the port, and what it may touch. The reason stands in its docstring.
PORTS: dict[str, set[str]] = {
    "storage/threads.py": {"asyncio.to_thread", "concurrent.futures", "threading"},
}

# The core does not even log or read files of its own accord.
OUTSIDE_THE_CORE = {
    "asyncio",
    "http",
    "logging",
    "os",
    "random",
    "secrets",
    "socket",
    "sqlite3",
    "subprocess",
    "threading",
    "time",
    "urllib",
}


def _matches(used: str, banned: str) -> bool:
    return used == banned or used.startswith(f"{banned}.")


def test_only_ports_touch_clock_chance_waiting_and_threads() -> None:
    found = {
        f"{source.name(path)}:{line} {used}"
        for path in source.python_files(*PORTED)
        for line, used in [*source.uses(path), *source.imports(path)]
        for banned in IMPURE
        if _matches(used, banned) and banned not in PORTS.get(source.name(path), set())
    }

    assert found == set()


def test_every_listed_port_exists_and_needs_its_exception() -> None:
    for port, allowed in PORTS.items():
        path = source.ROOT / port
        touched = {used for _, used in [*source.uses(path), *source.imports(path)]}

        assert {ban for ban in allowed if not any(_matches(u, ban) for u in touched)} == set(), port


def test_the_core_imports_nothing_that_reaches_outside() -> None:
    found = {
        f"{source.name(path)}:{line} {module}"
        for path in source.python_files("workflows")
        for line, module in source.imports(path)
        if module.split(".")[0] in OUTSIDE_THE_CORE
    }

    assert found == set()
