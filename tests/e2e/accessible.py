"""What anybody needs of a page, whatever they see, hear or press: looked for in the browser."""

from pathlib import Path
from typing import Any

from playwright.sync_api import Page

_LOOK = Path(__file__).with_suffix(".js").read_text(encoding="utf-8")
_FOCUSED = """() => {
  const style = getComputedStyle(document.activeElement);
  return [document.activeElement.tagName, style.outlineStyle, parseFloat(style.outlineWidth)];
}"""


def is_accessible(page: Page) -> None:
    """Nothing is wrong, nothing is cut off at the side, and a finger finds what is pressed."""
    assert page.evaluate(_LOOK) == []
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    heights = page.locator("button:visible, select:visible").evaluate_all(
        "(found) => found.map((one) => one.getBoundingClientRect().height)"
    )
    assert all(height >= 44 for height in heights)


def shows_where_the_keyboard_is(page: Page, *, presses: int) -> list[str]:
    """Everything that the tab key reaches has an outline; what it reached, in its order."""
    reached = []
    for _ in range(presses):
        page.keyboard.press("Tab")
        name, style, width = _focused(page)
        assert style != "none", name
        assert width >= 2, name
        reached.append(name)
    return reached


def _focused(page: Page) -> tuple[Any, ...]:
    return tuple(page.evaluate(_FOCUSED))
