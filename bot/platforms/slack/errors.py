"""The consequence of each of Slack's error codes, and the error that the outbox gets.

The codes are listed for each method under docs.slack.dev/reference/methods.
"""

from __future__ import annotations

from enum import StrEnum

from workflows.errors import DeliveryError, Permanent, Retryable, Unknown


class Trouble(StrEnum):
    """What follows from an error."""

    LIMITED = "limited"  # retried after the time that Slack gives
    TRANSIENT = "transient"  # retried later; the call had no effect
    AMBIGUOUS = "ambiguous"  # the call may have had its effect: checked before it is repeated
    TOKEN = "token"  # noqa: S105 - no call succeeds until an administrator replaces the token
    MESSAGE = "message"  # the message cannot be updated any more
    TARGET = "target"  # this person or channel cannot be reached on Slack
    DEFECT = "defect"  # the call was invalid, which is a defect of closeloop


_KINDS = {
    Trouble.LIMITED: "ratelimited rate_limited message_limit_exceeded",
    Trouble.TRANSIENT: """
        accesslimited external_channel_migrating org_level_email_display_disabled
        request_timeout service_unavailable team_added_to_org team_quota_exceeded
    """,
    Trouble.AMBIGUOUS: "fatal_error internal_error",
    Trouble.TOKEN: """
        access_denied account_inactive app_uninstalled ekm_access_denied enterprise_is_restricted
        invalid_auth no_permission not_allowed_token_type not_authed org_login_required
        token_expired token_revoked two_factor_setup_required
    """,
    Trouble.MESSAGE: """
        block_mismatch cant_update_message edit_window_closed is_inactive message_not_found
        thread_not_found
    """,
    Trouble.TARGET: """
        as_user_not_supported cannot_dm_bot cannot_reply_to_message channel_is_limited_access
        channel_not_found channel_type_not_supported is_archived messages_tab_disabled
        method_not_supported_for_channel_type missing_scope not_in_channel restricted_action
        restricted_action_non_threadable_channel restricted_action_read_only_channel
        restricted_action_thread_locked restricted_action_thread_only_channel
        team_access_not_granted team_not_found user_disabled user_not_found user_not_in_channel
        user_not_visible users_not_found
    """,
}
_BY_CODE = {code: kind for kind, codes in _KINDS.items() for code in codes.split()}
_SERVER = 500
_TOO_MANY = 429


class SlackProblem(Exception):
    """A call failed: the code that Slack gave, its kind, and after how many seconds to retry.

    `scope` is the key of `SlackPace` that has to wait so long; "" for this call alone.
    """

    def __init__(
        self,
        kind: Trouble,
        code: str,
        *,
        method: str,
        after: float | None = None,
        scope: str = "",
        told: str = "",
    ) -> None:
        super().__init__(f"{method}: {code}{f' ({told})' if told else ''}")
        self.kind = kind
        self.code = code
        self.method = method
        self.after = after
        self.scope = scope

    def delivery_error(self) -> DeliveryError:
        """Return the error for the outbox. A defect of closeloop is raised instead."""
        match self.kind:
            case Trouble.LIMITED | Trouble.TRANSIENT | Trouble.TOKEN:
                return Retryable(self.code, after=self.after, scope=self.scope, platform="slack")
            case Trouble.AMBIGUOUS:
                return Unknown(self.code, platform="slack")
            case Trouble.MESSAGE:
                return Permanent("message_gone", platform="slack", reason=self.code)
            case Trouble.TARGET:
                return Permanent(self.code, platform="slack")
            case Trouble.DEFECT:
                raise self


def kind_of(code: str, *, status: int = 200) -> Trouble:
    """Return the kind of an error code, or of a response that has no code, by its HTTP status."""
    if status == _TOO_MANY:
        return Trouble.LIMITED
    if code in _BY_CODE:
        return _BY_CODE[code]
    return Trouble.AMBIGUOUS if status >= _SERVER or not code else Trouble.DEFECT
