"""A rehearsal can be looked on at while it is played; in the end it says what it always says."""

from tests.unit.workflows import office
from tests.unit.workflows.rehearsal.rehearsed import START, loaded, rehearsed
from workflows.moments import Moment
from workflows.rehearsal.judge import script, tallies
from workflows.rehearsal.rehearse import Rehearsal, beginning


def rehearsal(name: str | None = None, *, gone: tuple[str, ...] = ()) -> Rehearsal:
    return Rehearsal(
        loaded(name) if name else office.complaint(),
        directory=office.directory(gone=gone),
        calendar=office.calendar(),
        start=START,
    )


def test_each_way_is_handed_out_when_it_stands_in_the_graph():
    played = rehearsal()
    seen = []
    for number, way in enumerate(played.ways(), start=1):
        assert played.graph.ways[-1] is way
        assert len(played.graph.ways) == number
        seen.append(len(played.graph.seen))

    assert seen == sorted(seen)
    assert seen[0] < seen[-1]


def test_who_looks_on_gets_the_same_report():
    played = rehearsal()
    for _ in played.ways():
        pass

    assert played.report() == rehearsed(office.complaint())


def test_coverage_can_be_asked_for_half_way():
    played = rehearsal()
    for way in played.ways():
        if way.turn.play.case is not None:
            break
    [nodes] = [t for t in tallies(played.stage.definition, played.graph) if t.kind == "node"]

    assert nodes.covered == 1
    assert [step.does for step in script(played.stage, played.graph, way)] == ["file"]


def test_what_one_way_shows_is_told_at_once_and_once():
    played = rehearsal("unescalated")
    told = [[one.code for one in played.seen_wrong] for _ in played.ways()]

    assert told[0] == []
    assert told[-1] == ["unescalated"]
    assert all(one in played.report().findings for one in played.seen_wrong)


def test_what_only_the_whole_shows_is_told_at_the_end():
    played = rehearsal("loop")
    for _ in played.ways():
        pass

    assert played.seen_wrong == ()
    assert "loop" in {one.code for one in played.report().findings}


def test_where_nobody_may_start_nothing_is_played():
    played = rehearsal("nobody_may_start", gone=("chen.jing",))

    assert list(played.ways()) == []
    assert [one.code for one in played.report().findings] == ["nobody_may_start"]


def test_a_rehearsal_that_nobody_dates_begins_on_a_monday_at_opening():
    begins = beginning(office.calendar())

    assert begins == office.moment("2026-03-02 09:00")
    assert isinstance(begins, Moment)
