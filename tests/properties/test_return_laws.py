"""A return to any steps, in any order and number, leads to each of them and skips what is valid."""

from __future__ import annotations

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workflows.deeds import approve, complete, dissatisfied, file
from tests.unit.workflows.playbook import Playbook, whatever
from workflows.loading import load_definition

TEXT = (Path(__file__).parents[1] / "unit/workflows/playbooks/returning.toml").read_text("utf-8")
WAY = ("revise", "first", "second")
REVIEWERS = {"first": "li.na", "second": "ma.chao"}
CHOICES = st.lists(st.sampled_from(WAY), min_size=1, max_size=3, unique=True)


@given(
    returns=st.lists(CHOICES, min_size=1, max_size=2),
    listed=st.permutations(WAY),
    resume=st.sampled_from(["replay", "jump_back"]),
)
def test_the_way_back_takes_exactly_the_chosen_steps_again(returns, listed, resume) -> None:
    order = ", ".join(f'"{node}"' for node in listed)
    text = TEXT.replace('"revise", "first", "second"', order)
    play = Playbook(
        load_definition(text.replace('"jump_back"', f'"{resume}"'), file="returning.toml")
    )
    play >> file("wu.min", budget="500", note="a") << whatever
    taken = _until_third(play)
    assert taken == ["first", "second"]
    for chosen in returns:
        play >> dissatisfied("gao.yu", to=" ".join(chosen)) << whatever
        earliest = min(WAY.index(node) for node in chosen)
        again = [node for node in WAY if node in chosen]
        assert _until_third(play) == (again if resume == "jump_back" else [*WAY[earliest:]])
    play >> approve("gao.yu") << whatever
    assert play.case.status == "completed"


def _until_third(play: Playbook) -> list[str]:
    """Do the work of every step up to the last approval, and return the steps that had any."""
    taken = []
    while play.task.node != "third":
        node = play.task.node
        taken.append(node)
        if node == "revise":
            play >> complete("wu.min", budget="500", note="a") << whatever
        else:
            play >> approve(REVIEWERS[node]) << whatever
    return taken
