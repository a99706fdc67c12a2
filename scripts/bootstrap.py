#!/usr/bin/env python3
"""Builds .venv from the lock file; does nothing when that is already done.

    python3 scripts/bootstrap.py          what closeloop needs to run
    python3 scripts/bootstrap.py --dev    also what its tests and checks need

Standard library only, and written so that an old Python can still read it, say that it is too old
and hand over to a newer one. pip does the installing because it honours the mirror, proxy and
certificate a person has configured.
"""

import hashlib
import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import TextIO

NEEDED = (3, 11)
NEWER = ["python3.%d" % minor for minor in range(15, NEEDED[1] - 1, -1)]
ROOT = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(ROOT, ".venv")
PYTHON = os.path.join(VENV, "bin", "python")
PIP = os.path.join(VENV, "bin", "pip")
STAMP = os.path.join(VENV, "closeloop-stamp")
LOG = os.path.join(VENV, "closeloop-install.log")
PACKAGES = ("workflows", "handlers", "storage", "bot")

# The form pip uses: sh starts it, so that a long path or a space in it does no harm.
LAUNCHER = """#!/bin/sh
'''exec' "{python}" "$0" "$@"
' '''
import sys
from bot.cli.main import main
sys.exit(main())
"""


def main(arguments: "list[str]") -> int:
    dev = "--dev" in arguments
    if sys.version_info < NEEDED:
        return hand_over(arguments)
    wanted = wanted_stamp()
    found = read_stamp()
    if is_ready(found, wanted, dev=dev):
        return 0
    if not (os.path.exists(PYTHON) and os.path.exists(PIP)) or outdated(found, wanted):
        problem = create_venv()
        if problem:
            return complain(problem)
    problem = install("requirements-dev.lock" if dev else "requirements.lock")
    if problem:
        return complain(problem)
    link_checkout()
    write_stamp(wanted, dev=dev)
    return 0


def hand_over(arguments: "list[str]") -> int:
    """Lets a newer Python on this machine do it; without one, says what is needed."""
    import shutil
    import subprocess

    for name in NEWER:
        path = shutil.which(name)
        if path and not subprocess.call(
            [path, "-c", "import ensurepip"], stderr=subprocess.DEVNULL
        ):
            os.execv(path, [path, "-I", os.path.abspath(__file__)] + arguments)
    return complain(
        "closeloop needs Python %d.%d or newer; %s is Python %d.%d.\n"
        "Install a newer one (Debian, Ubuntu: apt-get install python3.12 python3.12-venv;\n"
        "macOS: brew install python@3.12) and name it: make PYTHON=python3.12 demo"
        % (NEEDED[0], NEEDED[1], sys.executable, sys.version_info[0], sys.version_info[1])
    )


# ------------------------------------------------------------------ the stamp


def wanted_stamp() -> "dict[str, str]":
    """What must be equal for the environment to be up to date."""
    stamp = {"root": ROOT, "python": "%d.%d" % tuple(sys.version_info[:2])}
    for key, name in (("run", "requirements.lock"), ("dev", "requirements-dev.lock")):
        with open(os.path.join(ROOT, name), "rb") as lock:
            stamp[key] = hashlib.sha256(lock.read()).hexdigest()
    with open(os.path.abspath(__file__), "rb") as script:
        stamp["script"] = hashlib.sha256(script.read()).hexdigest()
    return stamp


def read_stamp() -> "dict[str, str]":
    try:
        with open(STAMP, encoding="utf-8") as file:
            return dict(line.rstrip("\n").split("=", 1) for line in file if "=" in line)
    except OSError:
        return {}


def write_stamp(wanted: "dict[str, str]", *, dev: bool) -> None:
    kept = wanted if dev else {key: wanted[key] for key in wanted if key != "dev"}
    with open(STAMP, "w", encoding="utf-8") as file:
        file.writelines("%s=%s\n" % pair for pair in sorted(kept.items()))


def is_ready(found: "dict[str, str]", wanted: "dict[str, str]", *, dev: bool) -> bool:
    keys = ["root", "python", "run", "script"] + (["dev"] if dev else [])
    return os.path.exists(PYTHON) and all(found.get(key) == wanted[key] for key in keys)


def outdated(found: "dict[str, str]", wanted: "dict[str, str]") -> bool:
    """True when .venv was made for another place, Python or lock: it is then built anew.

    So nothing of an earlier lock is left behind, and an environment holds what its lock names.
    """
    return any(key in found and found[key] != wanted[key] for key in wanted)


# ------------------------------------------------------------------ the environment


def create_venv() -> "str | None":
    """Makes .venv; returns what is wrong, or None."""
    import subprocess

    for module in ("venv", "ensurepip"):
        try:
            __import__(module)
        except ImportError:
            return (
                "This Python (%s) comes without its module '%s'.\n"
                "Debian, Ubuntu: apt-get install python3-venv   Then run the same command again."
                % (sys.executable, module)
            )
    say("Creating .venv with Python %d.%d" % tuple(sys.version_info[:2]))
    made = subprocess.run(
        [sys.executable, "-m", "venv", "--clear", VENV],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        check=False,
    )
    return made.stdout.strip() if made.returncode else None


def install(lock: str) -> "str | None":
    """Installs a lock file with every hash checked; returns what is wrong, or None.

    The lock names every package, so pip resolves nothing: in hash mode pip 23.2, which Python 3.11
    brings, refuses a lock as soon as an extra such as coverage[toml] has a newer release. What a
    lock does not name is found by `pip check`. Bytecode is compiled afterwards, on all cores.
    """
    import subprocess

    path = os.path.join(ROOT, lock)
    with open(path, encoding="utf-8") as file:
        total = sum(1 for line in file if "==" in line)
    command = [PYTHON, "-m", "pip", "install", "--no-user", "--disable-pip-version-check"]
    command += ["--no-input", "--progress-bar", "off", "--no-compile"]
    command += ["--require-hashes", "--no-deps", "--only-binary", ":all:", "-r", path]
    say("Installing %d packages (only the first time, and when %s changes)" % (total, lock))
    with open(LOG, "w", encoding="utf-8") as log:
        pip = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, universal_newlines=True
        )
        assert pip.stdout is not None
        show_progress(pip.stdout, log, total)
    if pip.wait() == 0:
        return check(lock)
    with open(LOG, encoding="utf-8") as log:
        last = "".join(log.readlines()[-12:])
    return (
        "%s\npip could not install closeloop's packages (everything it said: %s).\n"
        "Without a way to the package index, set a mirror: pip config set global.index-url …\n"
        "or a proxy: export HTTPS_PROXY=…   Then run the same command again.\n"
        "A package without a wheel for this machine and Python %d.%d is not built from source."
        % (last, LOG, sys.version_info[0], sys.version_info[1])
    )


def check(lock: str) -> "str | None":
    """What the installed packages need and the lock does not name, or None."""
    import subprocess

    checked = subprocess.run(
        [PYTHON, "-m", "pip", "check", "--disable-pip-version-check"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        universal_newlines=True,
        check=False,
    )
    if checked.returncode == 0:
        return None
    return "%s is not complete:\n%s\nMake it anew (make lock) and run the same command again." % (
        lock,
        checked.stdout.strip(),
    )


def show_progress(lines: "Iterable[str]", log: "TextIO", total: int) -> None:
    done = 0
    for line in lines:
        log.write(line)
        if line.startswith(("Collecting ", "Requirement already")):
            done += 1
            progress("  %d/%d %s" % (done, total, line.split()[1].split("=")[0]))
        elif line.startswith("Installing collected"):
            progress("  unpacking")
    progress("")


def link_checkout() -> None:
    """Makes this checkout importable in .venv, gives it a `closeloop` command, compiles it."""
    import subprocess

    query = "import sysconfig; print(sysconfig.get_path('purelib'))"
    site = subprocess.check_output([PYTHON, "-c", query], universal_newlines=True).strip()
    with open(os.path.join(site, "closeloop.pth"), "w", encoding="utf-8") as file:
        file.write(ROOT + "\n")
    command = os.path.join(VENV, "bin", "closeloop")
    with open(command, "w", encoding="utf-8") as file:
        file.write(LAUNCHER.format(python=PYTHON))
    os.chmod(command, 0o755)
    progress("  compiling")
    ours = [os.path.join(ROOT, name) for name in PACKAGES]
    subprocess.call([PYTHON, "-m", "compileall", "-qq", "-j", "0", site] + ours)
    progress("")


# ------------------------------------------------------------------ speaking


def say(text: str) -> None:
    sys.stderr.write(text + "\n")


def progress(text: str) -> None:
    """One line that is written over, for a person at a terminal only."""
    if sys.stderr.isatty():
        sys.stderr.write("\r\033[K" + text)
        sys.stderr.flush()


def complain(text: str) -> int:
    say("\n" + text)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
