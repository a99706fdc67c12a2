"""No text that has a word is missed by the index of the search."""

from hypothesis import example, given
from hypothesis import strategies as st

from storage import word_index as index
from storage.searching import plain, words_of

SIGNS = "ab1-_%ßＡ１ 　\n箱子压坏\U00020000\x01\x00é"
TEXTS = st.text(SIGNS, max_size=30)


def found(texts, word):
    """The texts that the index gives for a word, by their places; None if it cannot say."""
    rows = {first: index.read_row(row) for first, row in index.rows_of(texts).items()}
    pairs = index.looked_up(word)
    return None if not pairs else set(index.places_of(index.having(rows, pairs)))


@given(st.lists(TEXTS, max_size=8), TEXTS, st.data())
@example(["a箱"], "箱", None)
@example(["箱a 子"], "箱a", None)
@example(["a\n箱"], "\n", None)
@example(["箱\x01"], "箱", None)
def test_each_text_with_a_word_is_found(texts, word, data):
    texts = [words_of({"values": {"a": text}}) or "" for text in texts]
    if data is not None and any(texts) and data.draw(st.booleans()):
        text = data.draw(st.sampled_from([one for one in texts if one]))
        at = data.draw(st.integers(0, len(text) - 1))
        word = text[at : at + data.draw(st.integers(1, 12))]
    word = plain(word)

    there = found(texts, word)

    having = {place for place, text in enumerate(texts) if word in text}
    assert there is None or having <= there


def test_a_text_without_a_pair_of_the_word_is_not_found() -> None:
    texts = ["箱子全部压坏", "压子箱坏", "全部", "laptop", "tap"]

    assert found(texts, "压坏") == {0}
    assert found(texts, "箱子全部压坏") == {0}
    assert found(texts, "坏") == {0, 1}
    assert found(texts, "a") == {3, 4}
    assert found(texts, "zzz") == set()


def test_what_many_texts_have_is_stored_as_bits() -> None:
    texts = [plain("常见" if n % 3 else "少") for n in range(index.SEGMENT)]

    rows = index.rows_of(texts)

    assert found(texts, "常见") == {n for n in range(index.SEGMENT) if n % 3}
    assert max(map(len, rows.values())) < 2000


def test_a_word_of_spaces_cannot_be_looked_up() -> None:
    assert index.looked_up(" ") == index.looked_up("") == index.looked_up("\x01") == ()
    assert index.looked_up(" 箱 子") == ("箱",)
    assert index.looked_up("箱") == ("箱",)
