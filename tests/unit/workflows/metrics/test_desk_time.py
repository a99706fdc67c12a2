"""Fair time: gross, working, waiting and own desk time apart, for each person and step."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.workflows.deeds import (
    answer,
    ask,
    claim,
    complete,
    file,
    take_over,
    transfer,
)
from tests.unit.workflows.office import key, moment
from tests.unit.workflows.playbook import Playbook, absent, until, whatever
from workflows.metrics.desk_time import Held, case_time, held_times
from workflows.moments import HOUR, Moment


def held(play: Playbook, down: tuple[tuple[Moment, Moment], ...] = ()) -> list[Held]:
    return [
        *held_times(
            play.history,
            calendar=play.calendar,
            directory=play.directory,
            now=play.now,
            down=down,
        )
    ]


def hours(play: Playbook, task: str) -> list[tuple[str, float, float, float, float]]:
    """(who, gross, working, waiting, own) of each time in which somebody had a task, in hours."""
    found = []
    for one in held(play):
        gross, working = one.gross / HOUR, one.working / HOUR
        if one.task == task:
            person = str(play.plain(one.person))
            found.append((person, gross, working, one.waiting / HOUR, one.own / HOUR))
    return found


def filed(*, to: str = "liu.yang") -> Playbook:
    """t1 was claimed on Monday at eleven, two hours after it was filed."""
    play = Playbook()
    play >> file("wu.min") << whatever
    play >> until("2026-03-02 11:00") << whatever
    play >> claim(to) << whatever
    return play


def test_nobody_answers_for_a_task_that_is_not_claimed_and_nights_are_no_working_time() -> None:
    play = filed()
    play >> until("2026-03-03 11:00") << whatever
    play >> complete("liu.yang", grade="normal", category="product") << whatever

    assert hours(play, "t1") == [("", 2, 2, 0, 0), ("liu.yang", 24, 9, 0, 9)]


def test_a_question_to_the_filer_is_waiting_and_not_own_time() -> None:
    play = filed()
    play >> ask("liu.yang") << whatever
    play >> until("2026-03-02 15:00") << whatever
    play >> answer("wu.min") << whatever
    play >> until("2026-03-02 17:00") << whatever

    assert hours(play, "t1")[1] == ("liu.yang", 6, 6, 4, 2)


def test_a_downtime_is_not_own_time() -> None:
    """Also where it began before the task was theirs, and at night it changes nothing."""
    play = filed()
    play >> until("2026-03-03 11:00") << whatever
    play >> complete("liu.yang", grade="normal", category="product") << whatever
    down = (
        (moment("2026-03-02 10:00"), moment("2026-03-02 12:00")),
        (moment("2026-03-02 20:00"), moment("2026-03-03 07:00")),
    )

    (_, mine, *_) = [one for one in held(play, down) if one.task == "t1"]
    assert (mine.working / HOUR, mine.own / HOUR, mine.others / HOUR) == (9, 8, 1)


def test_the_time_of_a_case_counts_what_is_paused_at_once_only_once() -> None:
    play = filed()
    play >> ask("liu.yang") << whatever
    play >> until("2026-03-02 15:00") << whatever
    play >> answer("wu.min") << whatever
    play >> until("2026-03-02 17:00") << whatever

    twice = [*held(play), *held(play)]
    took = case_time(play.case, twice, calendar=play.calendar, now=play.now)
    hours_of = (took.gross / HOUR, took.working / HOUR, took.waiting / HOUR, took.own / HOUR)
    assert hours_of == (8, 8, 4, 4)


def test_an_absence_is_not_own_time_also_where_a_pause_lies_in_it() -> None:
    play = filed()
    play >> absent("liu.yang", "sun.qi", "2026-03-02 13:00", "2026-03-02 16:00")
    for step in (
        until("2026-03-02 14:00"),
        ask("liu.yang"),
        until("2026-03-02 15:00"),
        answer("wu.min"),
        until("2026-03-02 18:00"),
    ):
        step(play)
    play.news.clear()

    assert hours(play, "t1")[1] == ("liu.yang", 7, 7, 1, 4)


def test_what_a_deputy_decided_never_counts_as_the_persons_time() -> None:
    play = filed()
    play >> until("2026-03-02 13:00") << whatever
    play >> absent("liu.yang", "sun.qi", "2026-03-02 14:00", "2026-03-04 18:00")
    play.news.clear()
    play >> until("2026-03-02 15:00") << whatever
    play >> complete("sun.qi", grade="normal", category="product") << whatever

    assert hours(play, "t1")[1] == ("liu.yang", 4, 4, 0, 0)
    assert held(play)[1].others == 4 * HOUR


def test_a_transfer_splits_the_time_between_both() -> None:
    play = filed()
    play >> until("2026-03-02 14:00") << whatever
    play >> transfer("liu.yang", "sun.qi") << whatever
    play >> until("2026-03-02 15:00") << whatever

    assert hours(play, "t1")[1:] == [("liu.yang", 3, 3, 0, 3), ("sun.qi", 1, 1, 0, 1)]


def test_a_case_without_events_has_no_times() -> None:
    play = filed()
    assert held_times((), calendar=play.calendar, directory=play.directory, now=play.now) == ()


STEPS = st.lists(
    st.sampled_from(["ask", "answer", "transfer", "away", "wait", "night", "over", "complete"]),
    max_size=8,
)


@settings(deadline=None, max_examples=60)
@given(STEPS)
def test_waiting_own_and_others_are_the_working_time_which_is_within_the_gross_time(
    steps: list[str],
) -> None:
    play = filed()
    for number, step in enumerate(steps, start=1):
        _do(play, step, number)
        play.news.clear()
    for one in held(play):
        assert 0 <= one.own <= one.working <= one.gross
        assert one.waiting >= 0
        assert one.others >= 0
        assert one.waiting + one.own + one.others == one.working
        assert one.person or not one.own
    for task in play.case.tasks:
        mine = [one for one in held(play) if one.task == task.id]
        assert all(a.until == b.since for a, b in pairwise(mine))


def _do(play: Playbook, step: str, number: int) -> None:
    """Try something; a refusal is fine."""
    day = f"2026-03-{3 + number:02}"
    owner = str(play.plain(play.task.assignee or key("liu.yang")))
    match step:
        case "ask":
            ask(owner)(play)
        case "answer":
            answer("wu.min")(play)
        case "transfer":
            transfer(owner, "sun.qi" if owner != "sun.qi" else "ma.chao")(play)
        case "away":
            absent(owner, "sun.qi", f"{day} 08:00", f"{day} 20:00")(play)
        case "over":
            take_over("wang.fang")(play)
        case "complete":
            complete(owner, grade="normal", category="product")(play)
        case "wait":
            until(f"{day} 10:30")(play)
        case _:
            until(f"{day} 22:00")(play)
