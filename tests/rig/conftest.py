"""What the tests of the rig ask for, and the summary that `make rig` ends with."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from tests.rig.ground import EVERY, Ground, PostgresGround, Score, SqliteGround, Zygote
from tests.rig.ground import running_zygote as running
from tests.rig.stories import STORIES

KEY = "rig"
LAUNCHED = {
    "PointsCharged": 1,
    "SignersAdded": 1,
    "AddedSignersDecided": 1,
    "BallotOpened": 2,
    "BallotDecided": 2,
    "DecisionVoided": 1,
    "CaseReopened": 1,
    "CaseClosed": 2,
}
# By part of the years of a supplier: how often something has happened by its end.
SUPPLIED: dict[str, dict[str, int]] = {
    "admission": {"SubjectsJudged": 1, "RestBegan": 1, "BranchStarted": 0},
    "quarter": {"BranchStarted": 1, "BranchesOpened": 1, "BranchEnded": 1},
    "expiry": {"BranchStarted": 2, "BranchEnded": 2, "FactVoided": 0},
    "button": {"BranchStarted": 3, "BranchEnded": 3},
    "joined": {"BranchStarted": 5, "BranchEnded": 4, "BallotOpened": 2},
    "elimination": {"BallotDecided": 2, "CaseClosed": 1, "BranchStarted": 5},
}
SUMS = ("points", "passed", "unmarked", "twice", "seconds")


@pytest.fixture(scope="session")
def zygote() -> Iterator[Zygote]:
    with running() as found:
        yield found


@pytest.fixture(scope="session")
def sqlite_ground(zygote: Zygote, tmp_path_factory: pytest.TempPathFactory) -> SqliteGround:
    return SqliteGround(zygote, tmp_path_factory.mktemp("sqlite"))


@pytest.fixture(scope="session")
def postgres_ground(
    zygote: Zygote, tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest
) -> PostgresGround:
    server = request.getfixturevalue("postgres_server")
    return PostgresGround(zygote, tmp_path_factory.mktemp("postgres"), server)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def ground(request: pytest.FixtureRequest) -> Ground:
    found: Ground = request.getfixturevalue(f"{request.param}_ground")
    return found


@pytest.fixture(scope="session")
def calm() -> dict[str, Any]:
    """By kind of database and story: what is there after a run that nobody killed."""
    return {}


@pytest.fixture
def unharmed(ground: Ground, calm: dict[str, Any]) -> Any:
    """What is there after a complaint that nobody killed."""
    seen = calmly(ground, calm, "complaint")
    events = seen["cases"][STORIES["complaint"].case]
    assert events.count("TaskCompleted") == 2
    assert events.count("Escalated") >= 1
    return seen


@pytest.fixture
def launched(ground: Ground, calm: dict[str, Any]) -> Any:
    """What is there after a launch that nobody killed."""
    seen = calmly(ground, calm, "launch")
    events = seen["cases"][STORIES["launch"].case]
    for name, times in LAUNCHED.items():
        assert events.count(name) == times, (name, events)
    return seen


@pytest.fixture
def supplied(ground: Ground, calm: dict[str, Any]) -> Callable[[str], Any]:
    """What is there after a part of the years of a supplier in which nobody killed."""

    def seen(story: str) -> Any:
        found = calmly(ground, calm, story)
        events = found["cases"][STORIES[story].case]
        for name, times in SUPPLIED[story].items():
            assert events.count(name) == times, (name, events)
        return found

    return seen


def calmly(ground: Ground, calm: dict[str, Any], story: str) -> Any:
    """What is there after a story that nobody killed."""
    key = f"{ground.name} {story}"
    if key not in calm:
        with ground.place(f"unharmed {story}", story=story) as place:
            assert ground.zygote.run(place.order("alone", story=story)) == 0
            calm[key] = place.read("seen")
            assert place.copies() == {}
    assert calm[key]["owed"] == 0
    assert calm[key]["dead"] == []
    return calm[key]


@pytest.fixture
def scored(record_property: Callable[[str, object], None]) -> Iterator[Callable[[str], Score]]:
    """Makes the score of a test, which is told at the end."""
    scores: list[Score] = []

    def score(what: str) -> Score:
        scores.append(Score(what))
        return scores[-1]

    yield score
    for one in scores:
        record_property(KEY, one.record())


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if not EVERY:
        return
    sums: dict[str, dict[str, Any]] = {}
    for report in _reports(terminalreporter):
        for key, value in report.user_properties:
            if key == KEY:
                assert isinstance(value, dict)
                into = sums.setdefault(value["what"], dict.fromkeys(SUMS, 0))
                for name in SUMS:
                    into[name] += value[name]
    terminalreporter.section("the rig")
    for what, found in sorted(sums.items()):
        terminalreporter.write_line(
            f"{what}: {found['points']} points, {found['passed']} passed; "
            f"{found['twice']} messages sent twice, of {found['unmarked']} sent and not marked; "
            f"{found['seconds']:.0f} s"
        )


def _reports(terminalreporter: pytest.TerminalReporter) -> Iterator[pytest.TestReport]:
    """The last of each test: its properties are all there then."""
    for kind in terminalreporter.stats.values():
        for report in kind:
            if isinstance(report, pytest.TestReport) and report.when == "teardown":
                yield report
