"""The error that our own pydantic validators raise: a hint, and optionally the problem."""

from __future__ import annotations

from workflows.said import Saying, said


class Misfit(ValueError):
    """A value that is not allowed: `hint` says what to do, `problem` what is wrong if known."""

    def __init__(self, hint: Saying, *, problem: Saying | None = None) -> None:
        small = hint[:1].lower() + hint[1:]
        super().__init__(small if problem is None else f"{problem}: {small}")
        self.hint = hint
        self.problem = problem


RUNG_AT = said("rung_at", 'Write "50%", "due", "due + 2wh", "due - 1h" or "start + 2h"')
SHARE = said("share", "A share lies between 1% and 99%")
GIVE_ONE = said("give_one", "Give exactly one of remind, escalate, reassign, outcome and points")
RUNG_PURPOSE = said(
    "rung_purpose", "a rung reminds, escalates, hands the task over, decides it or charges points"
)
DAY_BOUND = said(
    "day_bound",
    'Write "today", a date field, or one of these and days: "today + 20wd", "contract_start + 30d"',
)
UNTIL = said(
    "until_bound",
    'Write a date field, or one and days: "launch_date - 5wd", "contract_start + 30d"',
)
DAYS = said("days", 'Write days or working days, such as "10d" or "5wd"')
NUMBER_BOUND = said(
    "number_bound",
    "Write a whole number of at most 12 digits, or the id of a field of type number or money",
)
TABLE_NUMBER = said("table_number", 'Write a whole number, or a decimal number in quotes: "7.20"')
SIGNERS = said("signers", 'Write "role:executive", or a list: ["owner", "head(finance)"]')
SIGNER = said("signer", 'Write people, such as "owner", or {{ who = "owner", weight = 2 }}')
SIGN = said(
    "sign", 'Write "all", "any", "any_approval", "in_turn", {{ need = "60%" }} or {{ need = 2 }}'
)
NEED = said("need", 'Write a share, such as "60%", or a number of votes')
NEED_SHARE = said("need_share", 'Write a share from "1%" to "100%"')
NEED_COUNT = said("need_count", "Write a number of votes, at least 1")
