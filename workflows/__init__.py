"""The pure core: what a process is, and what happens next.

Six words carry everything in this package.

* A **definition** (`definition.py`) says how one kind of case runs. It is data, read from TOML.
* A **case** (`state.py`) is one run of a definition. Its state is a frozen record.
* A **command** (`commands.py`) is what a person, or the clock, wants to happen to a case.
* An **event** (`events.py`) is what did happen. Events are facts: never changed, only added.
* An **effect** (`effects.py`) is what the outside owes people because of an event: a message.
* The **world** (`world.py`) is everything the engine may look at: now, people, calendar, values.

The engine is three plain functions (`engine/`)::

    decide(state, command, world) -> events     or a Refusal
    evolve(state, event)          -> state
    react(state, event, definition) -> effects

Nothing in here reads a clock, draws a random number, logs, or touches a disk or a network.
"""
