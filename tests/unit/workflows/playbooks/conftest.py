"""Playbooks that are played to their end: what nobody expected fails the test."""

from collections.abc import Callable, Iterator

import pytest

from tests.unit.workflows.playbook import Playbook


@pytest.fixture
def playbook() -> Iterator[Callable[..., Playbook]]:
    """Makes playbooks, and ends them after the test."""
    made: list[Playbook] = []

    def make(*args, **kwargs) -> Playbook:
        made.append(Playbook(*args, **kwargs))
        return made[-1]

    yield make
    for one in made:
        one.end()


@pytest.fixture
def play(playbook: Callable[..., Playbook]) -> Playbook:
    """One playbook of the complaint process, on Monday 2026-03-02 at nine."""
    return playbook()
