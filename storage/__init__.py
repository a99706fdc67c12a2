"""Where everything is kept: one schema, one set of stores, two databases.

* `tables.py` is the schema; `codec.py` and `chain.py` say how an event becomes text and proof.
* One module for each table family keeps one store: `cases.py`, `worklist.py`, `timers.py`, …
  A store is plain synchronous code over one SQLAlchemy connection.
* `unit.py` gathers the stores into a transaction, `Tx`, and says what runs a unit of work.
* `database_sqlite.py` and `database_postgres.py` run units of work; `connect.py` opens the one
  that a URL names and brings its schema up to date.
* `filesystem.py` keeps the bytes of files.
"""
