"""The registry of the actions' views, with their verbs and sentences.

Every module of `handlers.actions` is registered with its `VIEW`, without being listed here.
"""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator, Mapping
from importlib import import_module
from types import MappingProxyType

from handlers import actions
from handlers.action_view import ActionView, Sentence, Verb
from workflows.case.events import Body


def _found() -> Iterator[ActionView]:
    for module in pkgutil.iter_modules(actions.__path__, "handlers.actions."):
        view: ActionView = import_module(module.name).VIEW
        yield view


VIEWS: Mapping[str, ActionView] = MappingProxyType(
    {view.name: view for view in sorted(_found(), key=lambda view: (view.rank, view.name))}
)

VERBS: Mapping[str, Verb] = MappingProxyType(
    {name: verb for view in VIEWS.values() for name, verb in view.verbs.items()}
)

SENTENCES: Mapping[type[Body], Sentence | None] = MappingProxyType(
    {kind: told for view in VIEWS.values() for kind, told in view.sentences.items()}
)
"""The sentences of events that a single action adds; `history.py` has those of the flow."""
