"""What people see of each action: its button, its form, its answer, its sentence in the history.

One module for each, named like that of `workflows.actions`, where its rules are. A module is known
by being here: `handlers.registry` finds its `VIEW`.
"""
