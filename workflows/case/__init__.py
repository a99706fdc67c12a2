"""One case: its state, its events, and a decision in progress.

`state.py` has the state that results from the events, `events.py` what all events have in common,
`draft.py` a decision in progress. Actions on a case are defined in `workflows.actions`, the rules
that follow from the definition in `workflows.flow`; each type of event is defined in the module
that emits it.
"""
