import pytest

from workflows.durations import Budget, Span, Unit, parse_span

TEXTS = ["30m", "2h", "24h", "7d", "90wm", "4wh", "1wd", "3650d", "3650wd", "29200wh"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_span_prints_as_it_was_written(text):
    assert str(parse_span(text)) == text


def test_a_span_is_a_number_and_a_unit():
    assert parse_span("4wh") == Span(amount=4, unit=Unit.WORKING_HOURS)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2",
        "h",
        "0h",
        "02h",
        "-1h",
        "1.5h",
        "2 h",
        " 2h",
        "2H",
        "2h ",
        "1w",
        "1h30m",
        "2小时",
        "٣h",
    ],
)
def test_anything_else_is_refused_with_what_is_allowed(text):
    with pytest.raises(ValueError, match=r'write a whole number and a unit: m, h or d .* "1wd"'):
        parse_span(text)


def test_a_long_text_is_not_repeated_in_full():
    with pytest.raises(ValueError, match="not a length of time") as refused:
        parse_span("9" * 10_000)
    assert len(str(refused.value)) < 250


@pytest.mark.parametrize(
    ("text", "most"),
    [("3651d", "3650d"), ("87601h", "87600h"), ("3651wd", "3650wd"), ("29201wh", "29200wh")],
)
def test_more_than_ten_years_is_a_slip_of_the_pen(text, most):
    with pytest.raises(ValueError, match=f"between 1\\w+ and {most} is allowed"):
        parse_span(text)


def test_a_span_cannot_be_built_around_the_bounds():
    with pytest.raises(ValueError, match="out of bounds"):
        Span(amount=0, unit=Unit.HOURS)


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("30m", 1800), ("2h", 7200), ("7d", 604_800), ("90wm", 5400), ("4wh", 14_400)],
)
def test_minutes_hours_and_days_have_a_length(text, seconds):
    assert parse_span(text).microseconds == seconds * 1_000_000


def test_working_days_have_no_length_of_their_own():
    with pytest.raises(ValueError, match="ask a calendar"):
        _ = parse_span("1wd").microseconds


def test_working_units_start_with_w():
    assert [unit for unit in Unit if unit.is_working] == [unit for unit in Unit if unit[0] == "w"]
    assert parse_span("1wd").is_working
    assert not parse_span("1d").is_working


def test_spans_and_budgets_are_values():
    assert Budget(kind="wall", microseconds=-5) == Budget(kind="wall", microseconds=-5)
    with pytest.raises(AttributeError, match="immutable"):
        Budget(kind="working", microseconds=1).microseconds = 2  # type: ignore[misc]
    assert len({parse_span("2h"), parse_span("2h"), parse_span("2wh")}) == 2


@pytest.mark.parametrize(
    ("one", "other", "longer"),
    [
        ("4wh", "1h", True),  # working hours last at least as long by the wall
        ("4h", "1wh", False),
        ("1h", "4wh", False),
        ("90m", "1h", True),
        ("1h", "1h", False),
        ("2wd", "1wd", True),
        ("1wd", "1h", False),
        ("9d", "1wd", False),
    ],
)
def test_what_lasts_longer_on_every_calendar_is_known(one, other, longer):
    assert parse_span(one).surely_exceeds(parse_span(other)) is longer
