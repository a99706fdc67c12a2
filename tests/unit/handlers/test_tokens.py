import pytest

from handlers.tokens import Token, find_token, read_token, token_for
from workflows.errors import Refusal


def test_a_token_comes_back_as_it_was() -> None:
    token = Token(verb="act", case_id="C-2026-0001", task="t12", argument="first_answer-2")

    assert str(token) == "act|C-2026-0001|t12|first_answer-2"
    assert read_token(str(token)) == token


def test_a_token_fits_into_every_platform() -> None:
    with pytest.raises(AssertionError, match="too long"):
        str(Token(verb="act", argument="a" * 62))


@pytest.mark.parametrize(
    "text",
    ["", "claim", "claim|||x|y", "|C-2026-0001|t1|", "claim|c-1|t1|", "claim|C-1|T1|", "a|B|c|é"],
)
def test_what_no_card_carries_is_refused(text: str) -> None:
    with pytest.raises(Refusal, match="button_unknown"):
        read_token(text)
    assert find_token(text) is None


def test_what_somebody_named_makes_a_token_only_if_a_card_could_carry_it() -> None:
    assert token_for("details", case_id="C-2026-0001") == "details|C-2026-0001||"
    assert token_for("start", argument="complaint") == "start|||complaint"
    for named in ("退货", "a" * 60, "a|b", "COMPLAINT"):
        assert token_for("start", argument=named) == ""
