"""Writes docs/reference/command-line.md out of the commands themselves and their English help."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.cli.main import command, walk
from handlers.i18n import translator

PAGE = Path(__file__).resolve().parents[1] / "docs" / "reference" / "command-line.md"

# Options that many commands have; they are explained once.
COMMON = ("config", "language", "as_json")

# One for each command. A new command without an example makes no page.
EXAMPLES = {
    "init": "closeloop init mycompany",
    "check": "closeloop check --config mycompany/config.toml --json",
    "run": "closeloop run",
    "playground": "closeloop playground --port 8123 --no-browser",
    "rehearse": "closeloop rehearse complaint",
    "process list": "closeloop process list",
    "process show": "closeloop process show complaint --json",
    "process diagram": "closeloop process diagram complaint -o complaint.svg",
    "process publish": "closeloop process publish processes/complaint.toml",
    "process schema": "closeloop process schema > definition.schema.json",
    "case list": "closeloop case list --status running --process complaint",
    "case show": "closeloop case show C-2026-0042 --json",
    "case start": "closeloop case start complaint --as wang.fang --key order-20260301-17 "
    "--field customer=Huadong --field contact=13800000000 --field channel=phone "
    "--field product=A-1024 --field 'what_happened=37 of 200 cartons are damaged'",
    "people list": "closeloop people list --json",
    "people import": "closeloop people import people.toml",
    "people link": "closeloop people link wang.fang",
    "people away": "closeloop people away li.qiang --deputy chen.jing --until 2026-10-08",
    "people erase": "closeloop people erase wang.fang --yes",
    "people export": "closeloop people export wang.fang > wang.fang.json",
    "audit verify": "closeloop audit verify --checkpoint checkpoint.json",
    "audit checkpoint": "closeloop audit checkpoint -o checkpoint.json",
    "export cases": "closeloop export cases --process complaint -o complaints.xlsx",
    "export events": "closeloop export events -o events.xes",
    "backup": "closeloop backup closeloop-20260301.tar",
    "restore": "closeloop restore closeloop-20260301.tar",
    "fsck": "closeloop fsck --json",
    "dead list": "closeloop dead list",
    "dead replay": "closeloop dead replay dead_4f1c2ab9",
    "dead drop": "closeloop dead drop dead_4f1c2ab9",
    "slack manifest": "closeloop slack manifest -o manifest.json",
    "release": "closeloop release",
    "db upgrade": "closeloop db upgrade",
}

HEAD = """\
# Command line

<!-- Made by `make reference` out of the commands themselves; changes here are lost. -->

`closeloop` and `python -m bot` are the same program. Data goes to stdout, messages go to stderr. \
Help, messages and tables are in Chinese or English, by the locale of the terminal, else by the \
language of the company.

## Exit codes

| code | means |
|---|---|
| 0 | good |
| 1 | findings, refused, or not found |
| 2 | wrong usage or configuration; the database is locked or cannot be reached |
| 70 | a defect of ours; the message names a file with the details |

`check` ends with 1 for everything that it finds in the files, and with 2 only when a file is not \
there. Ctrl-C during a command is 130, as shells expect.
"""


def page() -> str:
    """The whole page."""
    found = [(path, one) for path, one in walk(command(translator("en"))) if path]
    common = {param.name: param for _, one in found for param in one.params if param.name in COMMON}
    parts = [HEAD, "## Options of many commands\n", _table([common[name] for name in COMMON])]
    for path, one in found:
        if hasattr(one, "commands"):
            continue  # a family's commands follow it
        parts.extend(_command(path, one))
    return "\n".join(parts)


def arguments(example: str) -> list[str]:
    """What an example gives to the program; what follows is the shell's."""
    return shlex.split(example.partition(" > ")[0])[1:]


def _command(path: tuple[str, ...], one: Any) -> Iterator[str]:
    name = " ".join(path)
    own = [param for param in one.params if param.name not in COMMON]
    yield f"## `closeloop {name}`\n"
    yield f"{one.help}\n"
    if own:
        yield _table(own)
    shared = [_record(param)[0] for param in one.params if param.name in COMMON]
    if shared:
        yield f"Also: {', '.join(shared)}.\n"
    yield f"```sh\n{EXAMPLES[name]}\n```\n"


def _table(params: list[Any]) -> str:
    rows = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in _record(p)) + " |" for p in params
    ]
    return "\n".join(["| | |", "|---|---|", *rows, ""])


def _record(param: Any) -> tuple[str, str]:
    """How an argument or an option is written, and what it does."""
    if param.param_type_name == "argument":
        return f"`{param.metavar}`", param.help
    context = command(translator("en")).make_context("closeloop", [], resilient_parsing=True)
    name, text = param.get_help_record(context)
    return f"`{name.replace('<int range>', 'N')}`", text.replace("  [", " [")


def main() -> None:
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
