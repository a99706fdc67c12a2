"""What can be wrong with the place where everything is kept.

Codes: `disk_full`, `database_locked`, `database_in_use`, `database_unreachable`,
`database_read_only`, `database_damaged`, `database_failed`, `database_closed`, `url_unknown`,
`schema_old`, `schema_newer`, `schema_missing`, `event_unreadable`, `checkpoint_unreadable`,
`checkpoint_forged`, `key_unreadable`, `backup_exists`, `backup_unreadable`, `backup_damaged`,
`database_present`.
"""

from workflows.errors import CloseloopError


class StorageError(CloseloopError):
    """The storage cannot do its work now; nothing of the unit of work was kept.

    The one exception: with `database_unreachable` and `commit="unknown"` the connection broke while
    the commit was under way, so the unit may have been kept. An idempotency key makes it safe to
    repeat it.
    """
