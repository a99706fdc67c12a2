"""Equal values give equal text, and the digest proves both salt and text."""

from __future__ import annotations

from hashlib import sha256

import pytest

from workflows.canonical import SEALED, canonical_json, content_digest, sealed_digest, text_digest


def test_equal_values_give_equal_text():
    assert canonical_json({"b": [1, True, None], "a": "投诉"}) == '{"a":"投诉","b":[1,true,null]}'
    assert canonical_json({"a": 1, "b": 2}) == canonical_json({"b": 2, "a": 1})


@pytest.mark.parametrize("value", [float("nan"), float("inf"), "\ud800"])
def test_what_json_cannot_say_is_refused(value):
    with pytest.raises(ValueError, match=r"."):
        canonical_json({"value": value})


def test_a_digest_covers_salt_and_text():
    digest = content_digest(salt="00", body={"text": "hello"})

    assert digest == sha256(b'00\n{"text":"hello"}').hexdigest()
    assert digest == text_digest(salt="00", text='{"text":"hello"}')
    assert digest != content_digest(salt="01", body={"text": "hello"})
    assert digest != content_digest(salt="00", body={"text": "hello!"})


def test_a_sealed_digest_covers_the_facts_too_and_says_its_version():
    facts = {"author": "p_1", "at": 1}
    digest = sealed_digest(salt="00", facts=facts, text='{"text":"hello"}')

    assert digest == SEALED + sha256(b'00\n{"at":1,"author":"p_1"}\n{"text":"hello"}').hexdigest()
    for changed in ({**facts, "author": "p_2"}, {**facts, "at": 2}):
        assert sealed_digest(salt="00", facts=changed, text='{"text":"hello"}') != digest
