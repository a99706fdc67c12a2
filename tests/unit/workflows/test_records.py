"""Records and ports as the shell uses them."""

from __future__ import annotations

from datetime import UTC, datetime

from workflows import ports
from workflows.events import ContentRef
from workflows.records import Content


def test_a_piece_of_content_is_pointed_at_by_id_and_digest():
    content = Content(
        id="c1",
        case_id="C-2026-0001",
        kind="comment",
        author="p_1",
        at=datetime(2026, 3, 2, tzinfo=UTC),
        salt="00",
        body={"text": "Hello"},
        digest="ab",
    )

    assert content.ref == ContentRef(id="c1", digest="ab")


def test_every_store_of_a_transaction_is_a_port():
    stores = {name for name, value in vars(ports.Tx).items() if isinstance(value, property)}

    assert {"cases", "timers", "outbox", "inbox", "contents"} <= stores
