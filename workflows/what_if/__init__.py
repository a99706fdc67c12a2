"""What-if: replays the cases of last quarter through a definition, before anybody has to follow it.

The engine is the one that runs in production; it decides the way of a case from the values of its
forms. How long people took and what they decided is drawn from what happened at each step.

* `past.py` reads what happened at the steps of past cases.
* `chances.py` draws from it, the same numbers for the same seed.
* `playing.py` replays one case on a virtual clock.
* `distances.py` measures how much two sets of cases differ.
* `comparing.py` replays a quarter unchanged and changed, and compares the two. It shows nothing
  unless the unchanged replay is as near to the real quarter as one half of it is to the other.
"""
