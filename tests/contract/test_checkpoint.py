"""Checkpoints: signed by this deployment, believed only when nothing in them was changed."""

import json
import stat
from dataclasses import replace

import pytest

from storage.checkpoint import (
    Checkpoint,
    read_checkpoint,
    sign_checkpoint,
    signing_key,
    take_checkpoint,
)
from storage.errors import StorageError
from tests.contract import values as v
from workflows.records import Head

KEY = b"0123456789abcdef0123456789abcdef"
HEADS = (
    Head(case_id="C-2026-0001", seq=3, hash="a" * 64),
    Head(case_id="C-2026-0002", seq=9, hash="b" * 64),
)
CHECKPOINT = Checkpoint(at=v.NOW, heads=HEADS)


async def test_a_checkpoint_holds_the_heads_of_now(database):
    await database.run(v.file_case)

    taken = await database.with_connection(lambda c: take_checkpoint(c, at=v.NOW))

    assert taken.heads == await database.read(lambda tx: tx.cases.heads())
    assert taken.events == 3


def test_a_signed_checkpoint_reads_back():
    assert read_checkpoint(sign_checkpoint(CHECKPOINT, key=KEY), key=KEY) == CHECKPOINT
    empty = Checkpoint(at=v.NOW, heads=())
    assert read_checkpoint(sign_checkpoint(empty, key=KEY), key=KEY) == empty


def test_another_deployments_checkpoint_is_not_believed():
    with pytest.raises(StorageError, match="checkpoint_forged"):
        read_checkpoint(sign_checkpoint(CHECKPOINT, key=KEY), key=KEY[::-1])


def changed(**values):
    return json.dumps(json.loads(sign_checkpoint(CHECKPOINT, key=KEY)) | values)


@pytest.mark.parametrize(
    "text",
    [
        changed(at=5),
        changed(events=11),
        changed(root="c" * 64),
        changed(heads=[]),
        changed(heads=[["C-2026-0001", 2, "a" * 64]]),
        changed(signature="hmac-sha256:" + "0" * 64),
        changed(signature=""),
        changed(signature="é"),
        changed(more=1),
    ],
)
def test_a_changed_checkpoint_is_not_believed(text):
    with pytest.raises(StorageError, match="checkpoint_forged"):
        read_checkpoint(text, key=KEY)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{}",
        "[]",
        "7",
        "nonsense",
        changed(v=2),
        changed(directory=[1, "a"]),
        changed(heads=[1]),
        changed(at="now"),
    ],
)
def test_what_is_no_checkpoint_is_said(text):
    with pytest.raises(StorageError, match="checkpoint_unreadable"):
        read_checkpoint(text, key=KEY)


def test_the_root_stands_for_all_heads():
    other = replace(CHECKPOINT, heads=(HEADS[0], replace(HEADS[1], seq=8)))

    assert CHECKPOINT.root != other.root
    assert CHECKPOINT.root == replace(CHECKPOINT, at=v.at(1)).root


def test_a_key_is_made_once_for_its_owner_only(tmp_path):
    path = tmp_path / "audit.key"
    keys = iter(["k" * 32, "l" * 32])

    first = signing_key(path, new=lambda: next(keys))

    assert first == b"k" * 32
    assert signing_key(path, new=lambda: next(keys)) == first
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [one.name for one in tmp_path.iterdir()] == ["audit.key"]


def test_a_key_that_another_process_has_just_made_is_kept(tmp_path):
    path = tmp_path / "audit.key"

    def somebody_is_faster():
        path.write_bytes(b"f" * 32)
        return "s" * 32

    assert signing_key(path, new=somebody_is_faster) == b"f" * 32


def test_what_is_too_short_is_no_key(tmp_path):
    (tmp_path / "audit.key").write_bytes(b"\n")

    with pytest.raises(StorageError, match="key_unreadable"):
        signing_key(tmp_path / "audit.key", new=lambda: "k" * 32)
