"""Past cases of complaints beside a pilot of the process: made data, the same on every machine."""

from __future__ import annotations

from collections.abc import Mapping
from math import exp
from random import Random

from storage.unit import Tx
from tests.office import MONDAY, Workplace
from tests.stories import process_change
from tests.stories.process_change import FASTER, complied, drafted, filed, planned, signed
from workflows.metrics.history import Ending
from workflows.metrics.imported import PastCase
from workflows.moments import DAY, HOUR, Moment

PILOTED = "sales"
DEPARTMENTS = (PILOTED, "customer-service", "rnd")
MONTH = 30 * DAY


def cases(
    seed: int,
    *,
    since: Moment,
    days: int,
    factor: float = 1.0,
    each: int = 42,
    mark: str = "A",
    changed: Mapping[str, tuple[Moment, float]] | None = None,
) -> list[PastCase]:
    """Cases of each department; those of the pilot's take `factor` as long.

    With `changed`, departments have each a moment from which on their cases take a factor as long.
    """
    draw, found = Random(seed), []
    began = changed or {PILOTED: (since, factor)}
    for place, department in enumerate(DEPARTMENTS):
        for number in range(each * days // 30):
            filed_at = since + round(draw.random() * days * DAY)
            begin, by = began.get(department, (since, 1.0))
            lasted = 3 * exp(draw.gauss(0, 0.8)) * (by if filed_at >= begin else 1)
            found.append(
                PastCase(
                    number=f"{mark}{place}-{number:04}",
                    filed=filed_at,
                    ending=Ending.ENDED,
                    ended=filed_at + max(round(lasted * DAY), HOUR),
                    department=department,
                    grade=draw.choice(("urgent", "normal")),
                )
            )
    return found


async def imported(work: Workplace, several: list[PastCase]) -> None:
    """Import cases of complaints."""

    def unit(tx: Tx) -> None:
        new = tx.imports.begin(
            process="complaint",
            file="past.csv",
            sha256="0" * 64,
            mapping={},
            by=None,
            at=work.clock.now(),
            rows=len(several),
        )
        tx.imports.add(new, "complaint", several)
        tx.imports.finish(new, cases=len(several))

    await work.database.run(unit)


async def countersigned(work: Workplace) -> None:
    """Business, support and management agree; there is a baseline."""
    for signer in ("li.qiang", "fang.hao", "lin.wei"):
        await work.person(signer).presses("同意", kind="task")
        await work.person(signer).fills(opinion="同意")
        await work.settle()


async def until_planned(work: Workplace, *, past: bool = True, baseline: bool = False) -> None:
    """Everything until the pilot is planned, with sixteen months of past cases."""
    if past:
        await imported(work, cases(1, since=MONDAY - 16 * MONTH, days=480))
    await filed(work)
    await (countersigned if past or baseline else process_change.countersigned)(work)
    await drafted(work, FASTER)
    await complied(work)
    await signed(work)
    await planned(work)
