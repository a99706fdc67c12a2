"""Importing a draft keeps keys, gives new ones, and tells who came, changed and left."""

from dataclasses import replace

from bot.people_file import DepartmentRecord, PeopleFile, PersonRecord
from bot.people_import import Import, plan_import
from workflows.directory import Directory, Person

SALES = DepartmentRecord(id="sales", name_zh="销售部", name_en="Sales", head="ma.chao")
MA = PersonRecord(id="ma.chao", name="马超", department="sales")
SUN = PersonRecord(id="sun.yue", name="孙悦", department="sales", manager="ma.chao")


class Counter:
    """Ids that can be told beforehand."""

    def __init__(self) -> None:
        self.given = 0

    def new(self, kind: str) -> str:
        self.given += 1
        return f"{kind}_{self.given}"

    def salt(self) -> str:
        raise AssertionError("an import needs no salt")


def plan(file: PeopleFile, current: Directory | None = None) -> Import:
    return plan_import(current or Directory(), file, Counter())


def in_force(done: Import) -> Directory:
    return Directory(
        people={person.key: person for person in done.people},
        departments={one.id: one for one in done.departments},
    )


FIRST = PeopleFile(people=(SUN, MA), departments=(SALES,))


def test_new_people_get_opaque_keys_and_refer_to_each_other_by_them() -> None:
    done = plan(FIRST)
    sun, ma = done.people

    assert (sun.key, ma.key) == ("p_1", "p_2")
    assert sun.manager == ma.key
    assert done.departments[0].head == ma.key
    assert done.summary.added == ("ma.chao", "sun.yue")
    assert done.departments_changed


def test_the_same_file_again_changes_nothing() -> None:
    current = in_force(plan(FIRST))
    done = plan(FIRST, current)

    assert done.summary.nothing
    assert not done.departments_changed
    assert in_force(done) == current


def test_people_keep_their_keys() -> None:
    current = in_force(plan(FIRST))
    file = PeopleFile(people=(replace(SUN, title="主管"), MA), departments=(SALES,))
    done = plan(file, current)

    assert {person.key for person in done.people} == set(current.people)
    assert done.summary.changed == ("sun.yue",)
    assert done.summary.added == done.summary.left == ()


def test_who_is_missing_left_and_who_comes_back_gets_the_old_key() -> None:
    current = in_force(plan(FIRST))
    gone = plan(PeopleFile(people=(MA,), departments=(SALES,)), current)
    sun = next(person for person in current.people.values() if person.id == "sun.yue")
    without = Directory(
        people={**current.people, sun.key: replace(sun, active=False)},
        departments=current.departments,
    )
    back = plan(FIRST, without)

    assert gone.summary.left == ("sun.yue",)
    assert [person.id for person in gone.people] == ["ma.chao"]
    assert back.summary.changed == ("sun.yue",)
    assert back.people[0].key == sun.key


def test_who_left_long_ago_does_not_leave_again() -> None:
    gone = Person(key="p_9", id="old", name="旧人", active=False)

    assert plan(FIRST, Directory(people={"p_9": gone})).summary.left == ()


def test_a_table_leaves_the_departments_in_force() -> None:
    current = in_force(plan(FIRST))
    done = plan(PeopleFile(people=(SUN, MA), departments=None), current)

    assert done.departments == tuple(current.departments.values())
    assert not done.departments_changed


def test_a_linked_account_is_no_change_and_a_new_one_is() -> None:
    current = in_force(plan(FIRST))
    linked = Directory(
        people={
            key: replace(person, accounts={"telegram": f"10{index}"})
            for index, (key, person) in enumerate(current.people.items())
        },
        departments=current.departments,
    )
    given = replace(SUN, accounts={"slack": "U0SUN"})

    assert plan(FIRST, linked).summary.nothing
    assert plan(PeopleFile(people=(given, MA), departments=(SALES,)), linked).summary.changed == (
        "sun.yue",
    )


def test_many_leave_when_more_than_a_tenth_and_more_than_two_are_missing() -> None:
    def left(*, of: int, missing: int) -> bool:
        several = tuple(
            PersonRecord(id=f"one.{number}", name="甲", department="sales") for number in range(of)
        )
        whole = PeopleFile(people=several, departments=None)
        part = PeopleFile(people=several[missing:], departments=None)
        return plan(part, in_force(plan(whole))).many_leave

    assert not left(of=5, missing=2)
    assert left(of=5, missing=3)
    assert not left(of=100, missing=10)
    assert left(of=100, missing=11)
