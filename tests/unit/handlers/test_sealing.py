"""A sealed text is read with its key only, and says nothing by its length."""

from __future__ import annotations

import pytest

from handlers.sealing import STEP, SealBroken, key_of, seal, unseal

KEY = key_of(b"secret", "survey")


@pytest.mark.parametrize("length", [0, 1, 31, 32, 33, STEP - 4, STEP, STEP * 2 + 1])
def test_it_is_read_again_with_its_key(length: int) -> None:
    text = bytes(range(256)) * (length // 256 + 1)

    assert unseal(seal(text[:length], key=KEY, nonce="n"), key=KEY) == text[:length]


def test_nobody_without_the_key_reads_it_or_changes_it() -> None:
    sealed = seal(b'{"satisfaction": [0, 0, 0, 0, 1]}', key=KEY, nonce="n")

    for other in (key_of(b"other", "survey"), key_of(b"secret", "another survey")):
        with pytest.raises(SealBroken):
            unseal(sealed, key=other)
    for changed in (sealed.replace("n.", "m."), sealed[:-8] + "AAAAAAAA", "", "n."):
        with pytest.raises(SealBroken):
            unseal(changed, key=KEY)


def test_texts_of_other_lengths_look_alike() -> None:
    few, many = (seal(b"x" * length, key=KEY, nonce="n") for length in (10, 60_000))

    assert len(few) == len(many)
    assert b"xxx" not in few.encode()


def test_the_same_text_is_never_sealed_alike() -> None:
    assert seal(b"x", key=KEY, nonce="a")[2:] != seal(b"x", key=KEY, nonce="b")[2:]
