"""Writes reference/command-line.md in both languages out of the commands and their help."""

import shlex
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bot.cli.main import command, walk
from handlers.i18n import translator

DOCS = Path(__file__).resolve().parents[1] / "docs"
PAGES = {
    "en": DOCS / "reference" / "command-line.md",
    "zh": DOCS / "zh" / "reference" / "command-line.md",
}

# Options that many commands have; they are explained once.
COMMON = ("config", "language", "as_json")

# One for each command. A new command without an example makes no page.
EXAMPLES = {
    "init": "closeloop init mycompany",
    "check": "closeloop check --config mycompany/config.toml --json",
    "run": "closeloop run",
    "playground": "closeloop playground --port 8123 --no-browser --sample year",
    "rehearse": "closeloop rehearse complaint",
    "process new": "closeloop process new --template leave --id leave --owner role:hr",
    "process list": "closeloop process list",
    "process show": "closeloop process show complaint --json",
    "process spec": "closeloop process spec complaint -o complaint.docx --language en",
    "process diagram": "closeloop process diagram complaint -o complaint.svg",
    "process diff": "closeloop process diff complaint processes/complaint.toml -o change.pdf",
    "process what-if": "closeloop process what-if complaint processes/complaint.toml -o w.pdf",
    "process bpmn": "closeloop process bpmn launch -o launch.bpmn --dialect spiff",
    "process import": "closeloop process import order.bpmn --id order -o order.toml",
    "process pull": "closeloop process pull complaint -o newer.toml",
    "process publish": "closeloop process publish processes/complaint.toml",
    "process migrate": "closeloop process migrate complaint --map resolve=solve --dry-run",
    "process schema": "closeloop process schema > definition.schema.json",
    "process table show": "closeloop process table show launch",
    "process table set": "closeloop process table set launch rate usd 7.15 --as liu.min "
    "--from 2026-04-01",
    "case list": "closeloop case list --status running --process complaint",
    "case show": "closeloop case show C-2026-0042 --json",
    "case start": "closeloop case start complaint --as wang.fang --key order-20260301-17 "
    "--field customer=Huadong --field contact=13800000000 --field channel=phone "
    "--field product=A-1024 --field 'what_happened=37 of 200 cartons are damaged'",
    "case reassign": "closeloop case reassign C-2026-0042 --to li.na --as chen.jing "
    "--reason 'on a business trip'",
    "case skip": "closeloop case skip C-2026-0042 --step confirm --outcome approve "
    "--as chen.jing --reason 'agreed by telephone'",
    "case jump": "closeloop case jump C-2026-0042 --to triage --as chen.jing "
    "--reason 'graded wrongly'",
    "case cancel": "closeloop case cancel P-2026-0007 --step legal --as chen.jing "
    "--reason 'no contract is needed'",
    "case add": "closeloop case add P-2026-0007 --step finance --to li.na --as chen.jing "
    "--reason 'a second opinion'",
    "case terminate": "closeloop case terminate C-2026-0042 --as chen.jing "
    "--reason 'filed by mistake'",
    "case reopen": "closeloop case reopen C-2026-0042 --to resolve --as chen.jing "
    "--reason 'it broke again'",
    "case merge": "closeloop case merge C-2026-0043 --into C-2026-0042 --copy-filer "
    "--as chen.jing --reason 'the same delivery'",
    "people list": "closeloop people list --json",
    "people import": "closeloop people import people.toml",
    "people sync": "closeloop people sync --dry-run",
    "people link": "closeloop people link wang.fang",
    "people away": "closeloop people away li.qiang --deputy chen.jing --until 2026-10-08",
    "people erase": "closeloop people erase wang.fang --yes",
    "people export": "closeloop people export wang.fang > wang.fang.json",
    "audit verify": "closeloop audit verify --checkpoint checkpoint.json",
    "audit checkpoint": "closeloop audit checkpoint -o checkpoint.json",
    "export cases": "closeloop export cases --process complaint -o complaints.xlsx",
    "export events": "closeloop export events -o events.xes",
    "export suppliers": "closeloop export suppliers -o suppliers.xlsx",
    "import-cases": "closeloop import-cases past.csv --process complaint --dry-run",
    "report": "closeloop report complaint --since 2026-01-01 -o complaints.pdf",
    "backup": "closeloop backup closeloop-20260301.tar",
    "restore": "closeloop restore closeloop-20260301.tar",
    "fsck": "closeloop fsck --json",
    "dead list": "closeloop dead list",
    "dead replay": "closeloop dead replay dead_4f1c2ab9",
    "dead drop": "closeloop dead drop dead_4f1c2ab9",
    "form link": "closeloop form link complaint --name shop --expires 90d",
    "slack manifest": "closeloop slack manifest -o manifest.json",
    "release": "closeloop release",
    "db upgrade": "closeloop db upgrade",
    "db reindex": "closeloop db reindex",
    "db move": "closeloop db move sqlite:///closeloop.db postgresql://closeloop@db.example/closeloop",
}

ENGLISH = """\
# Command line

[中文](../zh/reference/command-line.md)

<!-- Made by `make reference` out of the commands themselves; changes here are lost. -->

`closeloop` and `python -m bot` are the same program. Data goes to stdout, messages go to stderr. \
Help, messages and tables are in Chinese or English: what `--language` says, else what the locale \
of the terminal names (the first of `LC_ALL`, `LC_MESSAGES` and `LANG` that is set; `C` and \
`POSIX` name nothing), else the company's language in the configuration, else English. The \
playground has no configuration. `init` makes the language in which it speaks that of the company.

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

CHINESE = """\
# 命令行

[English](../../reference/command-line.md)

<!-- 由 `make reference` 根据命令本身生成，手工修改会丢失。 -->

`closeloop` 与 `python -m bot` 是同一个程序。数据写到标准输出，消息写到标准错误。帮助、消息和表格\
显示中文或英文：先看 `--language`，再看终端的语言环境\
（`LC_ALL`、`LC_MESSAGES`、`LANG` 中第一个有值的；`C` 和 `POSIX` 不指明语言），\
再看配置文件中公司的语言，都没有则为英文。试用间没有配置文件。\
`init` 以它自己使用的语言作为公司的语言。

## 退出码

| 退出码 | 含义 |
|---|---|
| 0 | 正常 |
| 1 | 发现问题、被拒绝，或没有找到 |
| 2 | 用法或配置错误；数据库被锁定或无法连接 |
| 70 | 程序自身的缺陷；消息会指出记有详情的文件 |

`check` 在文件中发现任何问题都以 1 结束，只有文件不存在时才以 2 结束。\
命令执行中按 Ctrl-C，退出码为 130，与 shell 的惯例一致。
"""

HEADS = {"en": ENGLISH, "zh": CHINESE}
SHARED = {"en": "Options of many commands", "zh": "多个命令共有的选项"}
ALSO = {"en": "Also: {options}.", "zh": "另有：{options}。"}


def page(language: str) -> str:
    """The whole page in "zh" or "en"."""
    program = command(translator(language))
    found = [(path, one) for path, one in walk(program) if path]
    common = {param.name: param for _, one in found for param in one.params if param.name in COMMON}
    shared = _table([common[name] for name in COMMON], program)
    parts = [HEADS[language], f"## {SHARED[language]}\n", shared]
    for path, one in found:
        if hasattr(one, "commands"):
            continue  # a family's commands follow it
        parts.extend(_command(path, one, program, language))
    return "\n".join(parts)


def arguments(example: str) -> list[str]:
    """What an example gives to the program; what follows is the shell's."""
    return shlex.split(example.partition(" > ")[0])[1:]


def _command(path: tuple[str, ...], one: Any, program: Any, language: str) -> Iterator[str]:
    name = " ".join(path)
    own = [param for param in one.params if param.name not in COMMON]
    yield f"## `closeloop {name}`\n"
    yield f"{one.help}\n"
    if own:
        yield _table(own, program)
    shared = [_record(param, program)[0] for param in one.params if param.name in COMMON]
    if shared:
        options = ("、" if language == "zh" else ", ").join(shared)
        yield f"{ALSO[language].format(options=options)}\n"
    yield f"```sh\n{EXAMPLES[name]}\n```\n"


def _table(params: list[Any], program: Any) -> str:
    rows = [
        "| " + " | ".join(cell.replace("|", "\\|") for cell in _record(p, program)) + " |"
        for p in params
    ]
    return "\n".join(["| | |", "|---|---|", *rows, ""])


def _record(param: Any, program: Any) -> tuple[str, str]:
    """How an argument or an option is written, and what it does."""
    if param.param_type_name == "argument":
        return f"`{param.metavar}`", param.help
    context = program.make_context("closeloop", [], resilient_parsing=True)
    name, text = param.get_help_record(context)
    return f"`{name.replace('<int range>', 'N')}`", text.replace("  [", " [")


def main() -> None:
    for language, path in PAGES.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(page(language), encoding="utf-8")


if __name__ == "__main__":
    main()
