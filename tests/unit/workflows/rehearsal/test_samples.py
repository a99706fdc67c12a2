"""Forms are filled so that every condition comes out every way it can."""

import pytest

from tests.unit.workflows.rehearsal.rehearsed import definition
from workflows.rehearsal.samples import COMBINATIONS, FILER, OTHER, Samples

GATE = """
[[nodes]]
id = "first"
kind = "gateway"
name = {{ zh = "分", en = "Sort" }}
routes = [{routes}]
"""


def samples(fields, *conditions, more=""):
    """Samples of a form with these fields, of which a gateway asks these conditions."""
    label = 'label = { zh = "问", en = "Asked" }'
    listed = ",\n".join(f"  {{ {field}, {label} }}" for field in fields)
    routes = ", ".join(f"{{ when = '{text}', to = \"done\" }}" for text in conditions)
    last = '{ to = "done" }'
    form = f'[forms.request]\nname = {{ zh = "申请", en = "Request" }}\nfields = [\n{listed}\n]\n'
    gate = GATE.format(routes=f"{routes}, {last}" if routes else last)
    return Samples(definition(form + more + gate))


FACT = """
[tables.rate]
of = "currency"
values = { cny = "1", usd = "7.20" }

[facts.amount]
name = { zh = "金额", en = "Amount" }
value = "budget * rate"

[facts.share]
name = { zh = "人均", en = "Share" }
value = "amount / people"
"""
BEHIND = (
    'id = "budget", type = "money", required = true, min = 0',
    """id = "currency", type = "choice", required = true, options = [
    { id = "cny", zh = "人", en = "C" }, { id = "usd", zh = "美", en = "U" }]""",
    'id = "people", type = "number", required = true, min = 1, max = 9000',
)


def test_a_fact_is_sampled_at_its_turning_points_and_not_the_fields_behind_it():
    found = samples(BEHIND, "amount <= 200000", "amount <= 1000000", more=FACT).of("request", {})
    amounts = [one["budget"] * (1 if one["currency"] == "cny" else 7.2) for one in found]
    assert len(found) == 3
    assert [(a <= 200_000, a <= 1_000_000) for a in sorted(amounts)] == [
        (True, True),
        (False, True),
        (False, False),
    ]


LATER = """
[forms.later]
name = { zh = "后", en = "Later" }

[[forms.later.fields]]
id = "remedy"
type = "text"
required = true
when = 'standing == "risky"'
label = { zh = "措施", en = "Remedy" }

[facts.standing]
name = { zh = "状态", en = "Standing" }
options = [{ id = "good", zh = "好", en = "Good" }, { id = "risky", zh = "险", en = "Risky" }]
first = "good"
"""


def test_a_field_of_a_later_form_is_filled_where_a_fact_asks_for_it():
    found = samples(('id = "what", type = "text"',), more=LATER)

    for standing, asked in (("good", False), ("risky", True), ("good", False)):
        (fills,) = found.of("later", {"standing": standing})
        assert ("remedy" in fills) is asked


def test_a_fact_that_falls_with_a_field_is_sampled_too():
    found = samples(BEHIND, "share < 3", more=FACT).of("request", {"budget": 1, "currency": "cny"})
    assert len(found) == 2


def test_what_no_number_of_a_field_reaches_is_not_tried():
    fields = (BEHIND[0] + ", max = 10", *BEHIND[1:])
    found = samples(fields, "amount > 5000", more=FACT).of("request", {})
    assert {one["budget"] for one in found} <= set(range(11))


def test_a_fact_of_a_sum_of_rows_is_sampled_at_its_turning_points():
    rows = (
        'id = "items", type = "rows", required = true, sum = "price", columns = ['
        '{ id = "price", type = "money", required = true, label = { zh = "价", en = "Price" } }]'
    )
    fact = """
[facts.twice]
name = { zh = "两倍", en = "Twice" }
value = "items_sum * 2"
"""
    found = samples([rows], "twice > 1000", more=fact)
    assert {found.known(one) for one in found.of("request", {})} == {(True,), (False,)}


def test_a_fact_of_two_forms_waits_for_the_second():
    forms = (
        FACT
        + """
[forms.more]
name = { zh = "补充", en = "More" }
fields = [{ id = "extra", type = "money", required = true, label = { zh = "加", en = "Extra" } }]

[facts.whole]
name = { zh = "总", en = "Whole" }
value = "budget + extra"
"""
    )
    found = samples(BEHIND, "whole > 1000", more=forms)
    first = found.of("request", {})
    assert len({one["budget"] for one in first}) == len(first) > 1
    assert {found.known({**one, **two}) for one in first for two in found.of("more", one)} == {
        (True,),
        (False,),
    }


CHOICE = 'options = [{ id = "a", zh = "甲", en = "A" }, { id = "b", zh = "乙", en = "B" }]'


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ('type = "text"', "…"),
        ('type = "long_text"', "…"),
        ('type = "email"', "somebody@example.com"),
        ('type = "number"', 1),
        ('type = "number", min = 7', 7),
        ('type = "money", max = 1', 1),
        ('type = "date"', "2026-03-02"),
        ('type = "time"', "09:00"),
        (f'type = "choice", {CHOICE}', "a"),
        (f'type = "choices", {CHOICE}', ("a",)),
        ('type = "choice"', "…"),
        ('type = "person"', OTHER),
        ('type = "department"', "…"),
        ('type = "files"', ("…",)),
        ('type = "rows"', ({},)),
    ],
)
def test_what_nothing_reads_gets_a_plain_value_where_it_must_be_filled(field, value):
    asked = samples([f'id = "x", {field}, required = true', f'id = "y", {field}'])

    assert asked.of("request", {}) == ({"x": value},)


@pytest.mark.parametrize(
    ("field", "condition", "values"),
    [
        ('type = "number"', "x > 10", [9, 11]),
        ('type = "number"', "x == 2.5", ["1.5", "2.5"]),
        ('type = "number", min = 10', "x > 10 and x < 12", [10, 11]),
        ('type = "money", max = 9', "x > 10", [9]),
        ('type = "date"', 'x >= d"2026-05-01"', ["2026-04-30", "2026-05-01"]),
        ('type = "text"', 'x == "gold" or x == "silver"', ["gold", "…"]),
        ('type = "text"', '"gold" in x', ["gold", "…"]),
        (f'type = "choice", {CHOICE}', 'x == "b"', ["a", "b"]),
        (f'type = "choices", {CHOICE}', '"a" in x and "b" in x', [("a",), ("a", "b")]),
        ('type = "department"', 'x == "sales"', ["sales", "…"]),
    ],
)
def test_values_lie_on_both_sides_of_where_a_condition_turns(field, condition, values):
    asked = samples([f'id = "x", {field}, required = true'], condition)

    assert [fills["x"] for fills in asked.of("request", {})] == values


def test_what_may_be_left_out_is_left_out_once():
    asked = samples(['id = "x", type = "number"'], "x > 3")

    assert asked.of("request", {}) == ({"x": 2}, {"x": 4}, {})


def test_two_numbers_are_compared_in_every_order():
    fields = [f'id = "{name}", type = "number", required = true' for name in "xy"]
    asked = samples(fields, "x > y", "x == y")

    assert {(f["x"] > f["y"], f["x"] == f["y"]) for f in asked.of("request", {})} == {
        (True, False),
        (False, True),
        (False, False),
    }


def test_two_dates_that_no_condition_names_are_compared_too():
    fields = [f'id = "{name}", type = "date", required = true' for name in "xy"]
    asked = samples(fields, "x > y")

    assert {f["x"] > f["y"] for f in asked.of("request", {})} == {True, False}


def test_what_a_later_form_decides_is_kept_open():
    """While y is unknown, every x may matter."""
    later = """
[forms.later]
name = { zh = "后", en = "Later" }
fields = [{ id = "y", type = "number", required = true, label = { zh = "问", en = "Asked" } }]
"""
    asked = samples(['id = "x", type = "number", required = true'], "x + y > 3", more=later)

    assert [f["x"] for f in asked.of("request", {})] == [2, 3, 4]
    assert [f["x"] for f in asked.of("request", {"y": 0})] == [2, 4]


def test_a_person_is_somebody_else_and_the_filer():
    fields = ['id = "boss", type = "person", required = true']
    work = """
[[nodes]]
id = "work"
kind = "task"
name = { zh = "做", en = "Work" }
assignee = "field:boss"
due = "1d"
ladder = "step"
next = "done"
"""
    asked = samples(fields, more=work)

    assert asked.of("request", {}) == ({"boss": OTHER}, {"boss": FILER})


def test_a_form_that_is_not_there_is_filled_with_nothing():
    asked = samples(['id = "x", type = "number"'])

    assert asked.of(None, {}) == ({},)
    assert asked.of("nowhere", {}) == ({},)
    assert asked.of("request", {}) is asked.of("request", {})


def test_of_too_many_combinations_two_fields_at_a_time_are_varied():
    names = [f"f{number}" for number in range(9)]
    fields = [f'id = "{name}", type = "number", required = true' for name in names]
    asked = samples(fields, *(f"{name} > 5" for name in names))
    tried = asked.of("request", {})

    assert not asked.complete
    assert COMBINATIONS < 3**9
    raised = [sum(value > 5 for value in fills.values()) for fills in tried]
    assert max(raised) == 2
    assert raised.count(2) == 9 * 8 / 2


def test_a_field_that_is_not_asked_gets_no_value():
    asked = samples(
        [
            f'id = "x", type = "choice", {CHOICE}, required = true',
            """id = "y", type = "text", required = true, when = 'x == "a"'""",
        ]
    )

    assert asked.of("request", {}) == ({"x": "a", "y": "…"}, {"x": "b"})


def test_the_sum_of_rows_takes_the_values_next_to_a_limit():
    columns = """columns = [{ id = "n", type = "money", label = { zh = "数", en = "N" } }]"""
    asked = samples([f'id = "x", type = "rows", sum = "n", {columns}'], "x_sum > 5")

    assert [found.get("x_sum") for found in asked.of("request", {})] == [4, 6, None]


def test_a_number_with_only_a_lower_limit_by_field_gets_a_plain_value():
    asked = samples(
        ['id = "x", type = "number"', 'id = "y", type = "number", min = "x", required = true']
    )

    assert asked.of("request", {}) == ({"y": 1},)


def test_the_expiry_of_a_certificate_lies_on_both_sides_of_where_a_condition_turns():
    asked = samples(['id = "x", type = "certificate"'], 'x_expires >= d"2027-01-01"')

    assert asked.of("request", {}) == (
        {"x": ("…",), "x_expires": "2026-12-31"},
        {"x": ("…",), "x_expires": "2027-01-01"},
        {"x": ("…",)},
    )


def test_a_certificate_that_must_be_given_is_valid_for_a_while():
    asked = samples(['id = "x", type = "certificate", required = true, expires = true'])

    assert asked.of("request", {}) == ({"x": ("…",), "x_expires": "2026-06-01"},)


def test_whether_a_field_must_be_filled_leads_to_no_other_samples():
    asked = samples(
        [
            f'id = "x", type = "choice", {CHOICE}, required = true',
            """id = "y", type = "text", required_when = 'x == "a"'""",
        ]
    )

    assert asked.of("request", {}) == ({"x": "a"},)


def test_a_required_certificate_is_sampled_as_valid_and_as_expired():
    asked = samples(
        ['id = "x", type = "certificate", required = true', 'id = "y", type = "certificate"'],
        "expired_required == 0",
    )

    assert asked.of("request", {}) == (
        {"x": ("…",), "x_expires": "2026-06-01"},
        {"x": ("…",), "x_expires": "2020-01-01"},
    )
