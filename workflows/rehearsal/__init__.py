"""Rehearsal: plays every path through a definition on a virtual clock before it is published.

The engine is the one that runs in production (`decide`, `evolve`); no rule is repeated here.

* `stage.py` has what a rehearsal plays with (definition, people, calendar) and runs one command.
* `moves.py` lists the moves that are possible in a situation, `samples.py` the values of forms.
* `explorer.py` tries all of them in each situation that differs (`shapes.py`) and builds the graph.
* `items.py` lists what a definition contains, and which of it an event covers.
* `judge.py` derives findings from the graph; `report.py` has the records of the result.
* `rehearse.py` runs all of this for one definition; `publish_check.py` determines who would get the
  work of everybody who may start it.
* `scenario.py`, `scenario_reading.py` and `replay.py` replay the scenarios that people write.
"""
