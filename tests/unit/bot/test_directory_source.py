"""The users of another directory become the records of people.toml; what it does not know stays."""

from typing import Any

import pytest

from bot.directory_settings import PeopleRules
from bot.directory_source import Draft, FoundPerson, draft_of
from handlers.i18n import translator
from workflows.directory import Department, Directory, Person
from workflows.errors import ConfigError

WORDS = translator("en")
QUALITY = Department(id="quality", name_zh="质量部", name_en="Quality", head="p_1")


def user(number: int, name: str, values: dict[str, str] | None = None, **more: Any) -> FoundPerson:
    given = {"id": name, "name": name.title(), "email": f"{name}@example.com", **(values or {})}
    fields = {"department": "Quality", "where": f"uid={name}", **more}
    return FoundPerson(id=f"u{number}", values=given, **fields)


def here(*people: Person) -> Directory:
    return Directory(people={one.key: one for one in people}, departments={QUALITY.id: QUALITY})


def person(number: int, name: str, **more: Any) -> Person:
    fields = {"department": "quality", "email": f"{name}@example.com", **more}
    return Person(key=f"p_{number}", id=name, name=name.title(), **fields)


def draft(
    *found: FoundPerson,
    current: Directory | None = None,
    bound: dict[str, str] | None = None,
    keep: tuple[Person, ...] = (),
    **rules: Any,
) -> Draft:
    return draft_of(
        found,
        rules=PeopleRules.model_validate(rules),
        current=current or here(),
        bound=bound or {},
        source="ldap://here",
        words=WORDS,
        keep=keep,
    )


def record(done: Draft, name: str):
    return next(one for one in done.file.people if one.id == name)


def heads(done: Draft) -> dict[str, str]:
    return {one.id: one.head for one in done.file.departments or ()}


# ------------------------------------------------------------------ who it is


def test_a_bound_user_is_the_person_whatever_they_are_called() -> None:
    current = here(person(1, "ann"), person(2, "bob"))
    done = draft(user(1, "bob"), user(2, "ann"), current=current, bound={"u1": "p_1", "u2": "p_2"})

    assert done.known == {"bob": "p_1", "ann": "p_2"}
    assert done.users == {"bob": "u1", "ann": "u2"}


@pytest.mark.parametrize("name", ["ann", "ANN"])
def test_an_unbound_user_is_the_person_with_the_id(name: str) -> None:
    assert draft(user(1, name), current=here(person(1, "ann"))).known == {name: "p_1"}


def test_an_unbound_user_is_the_person_with_the_address() -> None:
    found = user(1, "a.lee", values={"email": "ANN@example.com"})

    assert draft(found, current=here(person(1, "ann"))).known == {"a.lee": "p_1"}


def test_nobody_is_two_people() -> None:
    """An unbound user is not whoever is bound to another user that is there."""
    found = (user(1, "bob"), user(2, "ann", values={"email": ""}))

    assert draft(*found, current=here(person(1, "ann")), bound={"u1": "p_1"}).known["ann"] == ""


def test_a_name_of_somebody_who_left_is_given_to_somebody_new() -> None:
    gone = here(person(1, "ann", active=False, email=""))

    assert draft(user(2, "ann"), current=gone, bound={"u1": "p_1"}).known == {"ann": ""}
    assert draft(user(2, "ann"), current=gone).known == {"ann": "p_1"}  # never bound: as in a file


# ------------------------------------------------------------------ what is kept


def test_fields_that_the_source_does_not_have_stay() -> None:
    before = person(1, "ann", title="经理", name_en="Ann L", language="en", timezone="Europe/Paris")
    done = draft(user(1, "ann", values={"title": ""}), current=here(before))
    (kept,) = done.file.people

    assert (kept.title, kept.name_en) == ("经理", "Ann L")
    assert (kept.language, kept.timezone) == ("en", "Europe/Paris")


def test_an_address_that_was_removed_is_removed() -> None:
    done = draft(user(1, "ann", values={"email": ""}), current=here(person(1, "ann")))

    assert record(done, "ann").email == ""


def test_groups_decide_about_their_roles_and_no_others() -> None:
    before = person(1, "ann", roles=("own", "governed"))
    rules: dict[str, Any] = {"roles": {"Leads": "lead", "Others": ["governed"]}}
    done = draft(user(1, "ann", groups=frozenset({"Leads"})), current=here(before), **rules)

    assert record(done, "ann").roles == ("own", "lead")


def test_people_to_keep_stay_with_the_new_names_of_their_managers() -> None:
    ann, bob = person(1, "ann"), person(2, "bob", manager="p_1", roles=("own",))
    done = draft(user(1, "ann.lee"), current=here(ann, bob), bound={"u1": "p_1"}, keep=(bob,))

    assert record(done, "bob").manager == "ann.lee"
    assert record(done, "bob").roles == ("own",)
    assert done.known["bob"] == "p_2"


# ------------------------------------------------------------------ departments


def test_departments_are_known_by_name_mapped_or_made() -> None:
    found = (
        user(1, "a", department="质量部"),
        user(2, "b", department="QUALITY"),
        user(3, "c", department="Old name"),
        user(4, "d", department="Sales & Service"),
        user(5, "e", department="sales service"),
        user(6, "f", department="物流"),
        user(7, "g", department=""),
    )
    done = draft(*found, departments={"old NAME": "lab"}, default_department="quality")
    ids = [one.department for one in done.file.people]

    assert ids[:4] == ["quality", "quality", "lab", "sales-service"]
    assert ids[4].startswith("d-")  # not the one whose name it nearly has
    assert ids[5].startswith("d-")
    assert ids[6] == "quality"
    names = {one.id: one.name_zh for one in done.file.departments or ()}
    assert names["lab"] == "Old name"
    assert names[ids[5]] == "物流"


def test_a_group_may_name_the_department() -> None:
    found = user(1, "a", department="", groups=frozenset({"All of quality"}))
    done = draft(found, departments={"All of quality": "quality"})

    assert record(done, "a").department == "quality"


def test_where_the_source_has_no_departments_they_stay() -> None:
    done = draft(user(1, "ann", department=""), current=here(person(1, "ann")))

    assert record(done, "ann").department == "quality"


def test_heads_are_configured_or_as_before_or_follow_the_reporting_lines() -> None:
    ann, bob = user(1, "ann"), user(2, "bob", manager="u1")
    current = here(person(1, "ann"), person(2, "bob"))
    outside = here(person(1, "zoe", department="lab"), person(2, "bob"))

    assert heads(draft(ann, bob))["quality"] == "ann"
    assert heads(draft(ann, bob, current=current))["quality"] == "ann"
    assert heads(draft(ann, bob, heads={"quality": "bob"}))["quality"] == "bob"
    under = (user(1, "ann", manager="u2"), user(2, "bob"))
    assert heads(draft(*under, current=current))["quality"] == "bob"  # ann reports to bob now
    elsewhere = (
        user(1, "zoe", department="Lab"),
        ann2 := user(3, "ann"),
        user(4, "b", manager="u3"),
    )
    assert heads(draft(*elsewhere, current=outside))["quality"] == "zoe"
    assert heads(draft(ann2))["quality"] == ""


# ------------------------------------------------------------------ what is wrong


def test_a_manager_who_is_not_there_is_told() -> None:
    done = draft(user(1, "ann", manager="cn=elsewhere"))

    assert done.no_manager == ("ann",)
    assert record(done, "ann").manager == ""


def test_findings_name_the_user_and_the_attribute() -> None:
    found = (
        user(1, "ann", values={"email": "no address"}, labels={"email": "mail"}),
        user(2, "bob", values={"name": ""}),
    )
    with pytest.raises(ConfigError) as raised:
        draft(*found, keep=(person(3, "ann"),), heads={"quality": "nobody"})
    text = str(raised.value)

    assert "ldap://here: uid=ann [mail]: 'no address'" in text
    assert "uid=bob [name]: it has no name" in text
    assert 'ann: "ann" is also that of uid=ann' in text
    assert "departments[quality].head" in text


def test_nobody_at_all_is_a_mistake() -> None:
    with pytest.raises(ConfigError, match="nobody was found"):
        draft()
