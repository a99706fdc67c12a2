"""Persistence: one schema and one set of stores, on SQLite and on PostgreSQL.

* `tables.py` is the schema; `codec.py` and `chain.py` define how events become text and hashes.
* Each other module with a store has the queries of one family of tables: `cases.py`, `worklist.py`,
  `timers.py`, … A store is synchronous code over one SQLAlchemy connection.
* `unit.py` combines the stores into a transaction, `Tx`, and defines the units of work.
* `database_sqlite.py` and `database_postgres.py` run units of work; `connect.py` opens the one
  that a URL names and upgrades its schema.
* `filesystem.py` stores the bytes of uploads.
"""
