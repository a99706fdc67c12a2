"""What keeps running: workers that do what is due, and those who watch them.

* `sweep.py` handles due timers, `rounds.py` what the directory and the calendar ask for, `pump.py`
  sends the messages that are owed, `audit.py` measures whether all that really happens.
* A worker is a **step**: it does everything that is due now and says when it wants to go on. It
  never sleeps. `wakeups.py` wakes it; `service.py` runs it, and starts it again when it fails.
* `guard.py` holds everything when the clock cannot be right, or an operator asked for it.

The truth is in the tables: a worker keeps nothing that a restart would miss.
"""
