"""The lock files name versions and hashes, fit pyproject.toml, and name no machine."""

import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.house import source

RUN, DEV = "requirements.lock", "requirements-dev.lock"
PEER = "tests/bench/environment.lock"  # of an environment of its own
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;]+)(?: ; [^\\]*)? \\$", re.MULTILINE)


def read(lock: str) -> str:
    return (source.ROOT / lock).read_text(encoding="utf-8")


def pins(lock: str) -> dict[str, str]:
    return {canonicalize_name(m["name"]): m["version"] for m in PIN.finditer(read(lock))}


def wanted() -> tuple[list[str], list[str]]:
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    run: list[str] = project["project"]["dependencies"]
    return run, run + project["dependency-groups"]["dev"]


@pytest.mark.parametrize("lock", [RUN, DEV, PEER])
@pytest.mark.parametrize("trace", ["://", "--index", "--extra-index", "--find-links", "--trusted"])
def test_a_lock_names_no_host_and_no_place(lock: str, trace: str) -> None:
    assert trace not in read(lock)


@pytest.mark.parametrize("lock", [RUN, DEV, PEER])
def test_every_line_of_a_lock_is_a_pin_or_a_hash(lock: str) -> None:
    lines = {line.rstrip(" \\") for line in read(lock).splitlines()}
    other = {
        line for line in lines if not re.match(r"^\S+==|^ {4}--hash=sha256:[0-9a-f]{64}$", line)
    }

    assert other == set()
    assert len(pins(lock)) == sum("==" in line for line in read(lock).splitlines())


@pytest.mark.parametrize(("lock", "which"), [(RUN, 0), (DEV, 1)])
def test_a_lock_fulfils_pyproject(lock: str, which: int) -> None:
    """After a change in pyproject.toml: make lock."""
    locked = pins(lock)
    requirements = [Requirement(line) for line in wanted()[which]]
    missing = {
        str(requirement)
        for requirement in requirements
        if not requirement.specifier.contains(
            locked.get(canonicalize_name(requirement.name), "0"), prereleases=True
        )
    }

    assert missing == set()


def test_tests_run_with_the_versions_that_users_run() -> None:
    run, dev = pins(RUN), pins(DEV)

    assert {name: (run[name], dev.get(name)) for name in run if run[name] != dev.get(name)} == {}


def test_the_peer_is_measured_with_the_driver_that_users_run() -> None:
    assert pins(PEER)["asyncpg"] == pins(RUN)["asyncpg"]
