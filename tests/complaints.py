"""A complaint filed from the command line."""

from tests.command import Done, inside

COMPLAINT = (
    *("--field", "customer=远方贸易"),
    *("--field", "contact=13800000000"),
    *("--field", "channel=phone"),
    *("--field", "product=SO-1"),
    *("--field", "what_happened==HYPERLINK(1)"),
)


def filed(*more: str, person: str = "wang.fang") -> Done:
    return inside("case", "start", "complaint", "--as", person, *COMPLAINT, *more)
