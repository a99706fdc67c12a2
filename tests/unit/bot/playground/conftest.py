"""The playground's application with a fake desk behind it."""

from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.fakes.playground_desk import FakeDesk
from tests.fakes.playground_page import BASE, page_of


@pytest.fixture
def desk() -> FakeDesk:
    return FakeDesk()


@pytest.fixture
def client(desk: FakeDesk) -> Iterator[TestClient]:
    with TestClient(page_of(desk), base_url=BASE, raise_server_exceptions=False) as client:
        yield client
