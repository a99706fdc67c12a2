"""Reads the stages of a roll-out: its pilot and batches, with the cases around them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from handlers import releases
from handlers.office import Office
from handlers.services.drafts import require_owner, target_of
from handlers.services.past import past_cases
from handlers.services.piloting.source import Told, told_in, watched_by
from handlers.services.work import Job, Language
from storage.unit import Tx
from workflows.metrics.history import History
from workflows.metrics.piloting import FIGURES, Limit
from workflows.metrics.pilots import Watch, watched
from workflows.metrics.stages import Compared, RollOut, apart, compared, stages_of
from workflows.model.measures import Metric


@dataclass(frozen=True, kw_only=True)
class Rolled:
    """A version that a case gives to more and more departments.

    Cases are watched for the limit of the version that was in force before. `left_out` is how many
    cases of the version are not counted, since their department did not start it.
    """

    case_id: str
    told: Mapping[Language, Told]
    version: int
    rollout: RollOut
    limit: Limit
    watch: Watch
    histories: tuple[History, ...]
    left_out: int
    metric: Metric

    def compared(self) -> tuple[Compared, ...]:
        """Return each stage beside the departments that did not have the version; takes long."""
        cases = [watched(one, self.watch) for one in self.histories]
        return compared(cases, self.rollout, self.metric)


def metric_of(job: Job) -> Metric:
    """Return the figure that decides."""
    return FIGURES.get(job.text("main_figure"), Metric.GROSS)


def rolled_out(tx: Tx, office: Office, job: Job) -> Rolled | None:
    """Return what a case has released to departments; None if that is nothing."""
    key, now = job.text("process"), office.clock.now()
    several = tx.releases.history(key)
    own = [one for one in several if one.department and releases.act_of(one.opening) == job.case_id]
    if not own:
        return None
    rollout = RollOut(stages=stages_of(own), releases=tuple(several), cut_off=now)
    version = own[-1].version
    stored = tx.definitions.version(key, rollout.version_before or version)
    assert stored is not None, "a released version is stored"
    before = office.shelf.load(stored)
    require_owner(tx, office, job, target_of(tx, office, job) or before)
    past = past_cases(tx, office, key, cut_off=now, since=rollout.earliest)
    kept, left_out = apart(past, rollout, version=version)
    limit, watch = watched_by(office, before.definition, kept)
    return Rolled(
        case_id=job.case_id,
        told=told_in(office, office.directory(tx), before.definition),
        version=version,
        rollout=rollout,
        limit=limit,
        watch=watch,
        histories=tuple(kept),
        left_out=left_out,
        metric=metric_of(job),
    )
