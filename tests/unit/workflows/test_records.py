"""Records as the shell uses them."""

from __future__ import annotations

from datetime import UTC, datetime

from workflows.case.task import ContentRef
from workflows.moments import moment_of
from workflows.records import Content


def test_a_piece_of_content_is_pointed_at_by_id_and_digest():
    content = Content(
        id="c1",
        case_id="C-2026-0001",
        kind="comment",
        author="p_1",
        at=moment_of(datetime(2026, 3, 2, tzinfo=UTC)),
        salt="00",
        body={"text": "Hello"},
        digest="ab",
    )

    assert content.ref == ContentRef(id="c1", digest="ab")
