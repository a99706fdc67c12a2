"""Terminate: a case that the one which started it needs no more; its end has a sentence already."""

from __future__ import annotations

from handlers.action_view import ActionView

VIEW = ActionView(name="terminate")
