"""What leaves for the page is JSON, and only what we know how to write."""

import pytest

from bot.platforms.playground.as_json import as_json
from handlers.pages import Answer, Tone


def test_records_become_objects_all_the_way_down():
    answer = Answer(text="a", tone=Tone.GOOD, problems={"x": "y"})

    assert as_json(
        {
            "answer": answer,
            "n": (1, 2.5, None, True),
        }
    ) == {
        "answer": {
            "text": "a",
            "tone": "good",
            "form": None,
            "problems": {"x": "y"},
            "cards": [],
            "owed": False,
            "case_id": "",
            "link": "",
            "stays": False,
            "again": "",
        },
        "n": [1, 2.5, None, True],
    }


@pytest.mark.parametrize("value", [b"bytes", object(), {1, 2}, Answer])
def test_anything_else_is_a_mistake(value):
    with pytest.raises(TypeError):
        as_json(value)
