"""The view of each action: its buttons, its form, its answer and its sentence in the history.

There is one module for each action, with the name of the module in `workflows.actions` that has its
rules. `handlers.registry` finds the `VIEW` of every module in this package.
"""
