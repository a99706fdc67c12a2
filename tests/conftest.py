"""What every test may ask for, and the profiles of the property tests."""

import os

import pytest
from hypothesis import HealthCheck, settings

from tests.browser import find_chromium

pytest_plugins = ["tests.postgres"]

# HYPOTHESIS_PROFILE=deep looks a hundred times harder; for a night, not for a coffee.
settings.register_profile(
    "fast",
    max_examples=50,
    deadline=None,  # a busy machine is not a defect
    print_blob=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile("deep", settings.get_profile("fast"), max_examples=5000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fast"))


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips browser tests where there is no browser."""
    if find_chromium() is not None:
        return
    skip = pytest.mark.skip(reason="no Chromium found; install one, or set CHROMIUM")
    for item in items:
        if item.get_closest_marker("browser"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of the browser to drive; only tests marked `browser` may ask for it."""
    found = find_chromium()
    assert found is not None, "mark this test with pytest.mark.browser"
    return found
