"""The pure core: process definitions, cases, and the rules by which a case changes.

The central terms:

* A **definition** (`definition.py`) describes how one kind of case runs. It is read from TOML.
* A **case** (`case/state.py`) is one run of a definition. Its state is a frozen record.
* A **command** (`case/command.py`, `actions/`) is a change of a case that a person or a timer
  requests.
* An **event** (`case/events.py`) records a change that was made. Events are only appended.
* An **effect** (`case/effects.py`) is a message to be sent because of an event.
* The **world** (`case/world.py`) is what a decision depends on besides the case: the time, the
  directory, the calendar, the definition, the form values.

A command is decided in three steps (`engine.py`, `case/events.py`)::

    decide(case, command, world) -> Decision    or a Refusal
    evolve(case, event)          -> Case
    event.body.effects(case, event) -> effects

Nothing in this package reads a clock, draws a random number, logs, or does I/O.
"""
