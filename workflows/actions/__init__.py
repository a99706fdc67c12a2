"""The actions on a case, one module for each.

A module has the command with its rules, the events that only this action emits with their effects,
and the moves that a rehearsal tries. Actions do not import each other; `workflows.registry`
collects them. Rules that follow from the definition are in `workflows.flow`. The button, the form
and the texts of an action are in the module of the same name under `handlers.actions`.
"""
