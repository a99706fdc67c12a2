"""Rehearsal: a definition is played through on a virtual clock before people meet it.

The engine that plays is the one that runs (`decide`, `evolve`); nothing of it is repeated here.

* `stage.py` holds what is played with: definition, people, calendar; and gives one command.
* `moves.py` says what can happen next in a situation, `samples.py` what can stand in the forms.
* `explorer.py` tries all of it, as far as situations differ (`shapes.py`), and keeps the graph.
* `items.py` lists what there is to be seen, and what an event shows of it.
* `judge.py` reads findings out of the graph; `report.py` has the records of what is told.
* `rehearse.py` does all that for one definition; `publish_check.py` asks who
  would get the work for everybody who may start it.
* `scenario.py`, `expectations.py` and `replay.py` play a story that a person wrote down.
"""
