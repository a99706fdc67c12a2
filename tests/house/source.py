"""What the house tests look at: the files that are, or are about to be, in the repository."""

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("workflows", "handlers", "storage", "bot")
NOT_OURS = {".git", ".venv", "__pycache__", "build", "dist", "node_modules"}


@cache
def files() -> tuple[Path, ...]:
    """Every file that git knows or would take; in an unpacked archive, every file."""
    git = subprocess.run(
        ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if git.returncode == 0:
        listed = (ROOT / name for name in git.stdout.split("\0") if name)
    else:
        listed = (path for path in ROOT.rglob("*") if not NOT_OURS & set(path.parts))
    return tuple(sorted(path for path in set(listed) if path.is_file()))


def python_files(*folders: str) -> list[Path]:
    """The Python files, of these folders or of all."""
    places = [ROOT / folder for folder in folders] or [ROOT]
    return [
        path
        for path in files()
        if path.suffix == ".py" and any(path.is_relative_to(place) for place in places)
    ]


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def text(path: Path) -> str | None:
    """The content of a text file; None for a binary one."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def imports(path: Path) -> Iterator[tuple[int, str]]:
    """Every absolute module name that a file imports, with its line."""
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                yield node.lineno, alias.name
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module
            for alias in node.names:
                yield node.lineno, f"{node.module}.{alias.name}"


def uses(path: Path) -> Iterator[tuple[int, str]]:
    """Every dotted name that a file uses, resolved through its imports, with its line."""
    known = _bindings(path)
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Name | ast.Attribute):
            dotted = _dotted(node)
            if dotted and dotted.split(".")[0] in known:
                head, _, rest = dotted.partition(".")
                yield node.lineno, known[head] + (f".{rest}" if rest else "")


def _bindings(path: Path) -> dict[str, str]:
    """What each imported local name stands for."""
    known: dict[str, str] = {}
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.split(".")[0]
                known[alias.asname or first] = alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            for alias in node.names:
                known[alias.asname or alias.name] = f"{node.module}.{alias.name}"
    return known


def _dotted(node: ast.expr) -> str | None:
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        inner = _dotted(node.value)
        return f"{inner}.{node.attr}" if inner else None
    return None
