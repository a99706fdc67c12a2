"""Opens the page of the playground in a browser."""

from __future__ import annotations

import os
import sys
import threading


def show_page(address: str) -> None:
    """Open the page in a browser, if there is a screen, without waiting for it."""
    if sys.platform not in {"darwin", "win32"} and not (
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    ):
        return
    import webbrowser

    threading.Thread(target=webbrowser.open, args=(address,), daemon=True).start()
