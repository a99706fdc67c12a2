"""The use cases: what people and the clock can do, and the cards for it.

Handlers turn an intent into a command, execute it with the engine in one unit of work, and add the
messages that follow to the outbox. They do not depend on a platform or on SQL.
"""
