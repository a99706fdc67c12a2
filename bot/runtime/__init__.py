"""The workers of a running bot, and what monitors them.

* `sweep.py` fires due timers, `pump.py` sends the messages of the outbox, `rounds.py` applies
  changes of the directory and the calendar, `audit.py` measures whether all this happens in time.
* A worker is a **step**: it does everything that is due now and returns when it is to be called
  again. It never sleeps. `wakeups.py` wakes it; `service.py` runs it and restarts it after a
  failure.
* `guard.py` holds timers and messages when the clock is wrong or an operator asked for it.

All state is in the database: a worker keeps nothing in memory that a restart would lose.
"""
