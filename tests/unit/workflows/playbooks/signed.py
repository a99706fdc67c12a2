"""How far a signing is when a story begins, in the process of `signing.toml`."""

from __future__ import annotations

from pathlib import Path

from tests.unit.workflows.deeds import claim, complete, file
from tests.unit.workflows.playbook import roles, whatever
from workflows.loading import load_definition

HERE = Path(__file__).parent
ROLES = {
    "liu_yang": ("clerk",),
    "li_na": ("first",),
    "ma_chao": ("second",),
    "sun_qi": ("fixer",),
    "xu_ke": ("third",),
}


def signing(*, approvals="", **nodes):
    """The process with `[approvals]` and with further lines at nodes, by id."""
    text = (HERE / "signing.toml").read_text(encoding="utf-8")
    text = text.replace("[forms.request]", f"{approvals}\n\n[forms.request]", 1)
    for node, lines in nodes.items():
        head = f'id = "{node}"\n'
        assert text.count(head) == 1, node
        for line in lines.splitlines():
            name = line.partition(" =")[0]
            before, _, rest = text.partition(head)
            step, end, after = rest.partition("\n\n")
            kept = [one for one in step.splitlines() if not one.startswith((f"{name} ", "@"))]
            if name in ("assignee", "candidates", "signers"):
                kept = [one for one in kept if not one.startswith("candidates ")]
            text = before + head + "\n".join([*kept, line]) + end + after
    return load_definition(text, file="signing.toml")


def staffed(playbook, process, **more):
    """Each role of the process has one holder; `more` gives people other roles."""
    play = playbook(process)
    play >> roles(**{**ROLES, **more})
    return play


def entered(play, *, filer="wu.min", clerk="liu.yang", **values):
    """The request was filed and entered; the first approval is next."""
    play >> file(filer, **{"budget": "100", **values}) << whatever
    if play.task.assignee is None:
        play >> claim(clerk) << whatever
    play >> complete(clerk, budget="100") << whatever


def given(play, node):
    """Whom a node was last offered to, by which rule, and who was passed over."""
    rows = play.seen("TaskOpened", "assignee", "candidates", "fallback", "passed_over", node=node)
    assignee, candidates, fallback, out = rows[-1]
    return [assignee] if assignee else candidates, fallback, out


def decided(play):
    """What rules decided: node, outcome, rule and the task that was repeated."""
    return play.seen("DecidedByRule", "node", "outcome", "rule", "original")
