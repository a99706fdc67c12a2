"""One suite for SQLite and PostgreSQL: what a store promises, it promises on both."""
