"""Use cases: one module for each thing a person, or the clock, can do, and the cards for it.

Handlers turn an intent into a command, run it through the engine inside one unit of work, and leave
messages in the outbox. They know no platform and no database.
"""
