"""The error that every failure of the database or of stored files is reported as.

Codes: `disk_full`, `database_locked`, `database_in_use`, `database_unreachable`,
`database_read_only`, `database_forbidden`, `database_encoding`, `database_damaged`,
`database_failed`, `database_closed`, `url_unknown`,
`schema_old`, `schema_newer`, `schema_missing`, `event_unreadable`, `checkpoint_unreadable`,
`checkpoint_forged`, `key_unreadable`, `backup_exists`, `backup_unreadable`, `backup_damaged`,
`database_present`, `source_missing`, `replicas_connected`, `move_to_itself`, `target_filled`,
`row_refused`, `move_differs`, `move_damaged`, `playground_running`. Of a move,
the fact `end` names the database.
"""

from workflows.errors import CloseloopError


class StorageError(CloseloopError):
    """The storage failed; the transaction was rolled back.

    One exception: with the code `database_unreachable` and the fact `commit="unknown"` the
    connection broke during the commit, so the transaction may have been committed. A unit with an
    idempotency key can be repeated safely.
    """
