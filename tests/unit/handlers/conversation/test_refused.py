from handlers.conversation.refused import refusal_text
from handlers.i18n import translator
from workflows.errors import Refusal


def test_a_refusal_without_words_of_its_own_says_that_it_cannot_be_done_now() -> None:
    words = translator("en")
    assert refusal_text(Refusal("file_too_big", most=10), words) == "A file can be 10 MB at most."
    assert refusal_text(Refusal("never_heard_of"), words) == words.t("refusal.unavailable")
