"""Draws charts: a program for the bench's own environment, which has matplotlib.

It imports nothing of closeloop. Its input is a JSON object:

    {"file": "growth.svg",
     "panels": [{"title": …, "across": …, "up": …, "lines": {name: [[x, y], …]}}]}

Both axes are logarithmic. The same input gives the same file, byte for byte.
"""

from __future__ import annotations

import json
import sys
from typing import Any

import matplotlib as mpl
from matplotlib.figure import Figure

WIDTH, HEIGHT = 4.2, 3.4  # inches a panel
MARKS = "osD^"


def main() -> None:
    """Draw what the input asks for."""
    asked = json.load(sys.stdin)
    mpl.rcParams.update({"svg.hashsalt": "closeloop", "svg.fonttype": "none", "font.size": 9})
    panels = asked["panels"]
    figure = Figure(figsize=(WIDTH * len(panels), HEIGHT), layout="constrained")
    for number, panel in enumerate(panels, start=1):
        _panel(figure.add_subplot(1, len(panels), number), panel)
    figure.savefig(asked["file"], format="svg", metadata={"Date": None, "Creator": None})


def _panel(axes: Any, panel: dict[str, Any]) -> None:
    for (name, points), mark in zip(panel["lines"].items(), MARKS, strict=False):
        axes.plot(*zip(*points, strict=True), marker=mark, markersize=4, label=name)
    axes.set(title=panel["title"], xlabel=panel["across"], ylabel=panel["up"])
    axes.set(xscale="log", yscale="log")
    axes.grid(which="major", alpha=0.3)
    highest = max(y for points in panel["lines"].values() for _, y in points)
    lowest = min(y for points in panel["lines"].values() for _, y in points)
    axes.set_ylim(lowest / 2, highest * 4)  # so that a flat line is seen to be flat
    axes.legend(loc="upper left", fontsize=8)


if __name__ == "__main__":
    main()
