"""One case: its state, the events that make it up, and the decision that adds some.

`state.py` is what the events so far add up to, `events.py` what every event has, `draft.py` a
decision being made. What can be done to a case stands in `workflows.actions`, what follows from it
by the definition in `workflows.flow`; each event type is defined where it is emitted.
"""
