"""What can be done to a case: one module for each action.

A module has the command with its rules, the events that only this action adds with what they change
and whom they owe a message, and how a rehearsal tries it. Actions do not know each other;
`workflows.registry` lists them. What follows from an action by the definition is in
`workflows.flow`. Its button, form and sentences are in the module of the same name under
`handlers.actions`.
"""
