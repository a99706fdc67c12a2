"""An environment is built from nothing, with a package index that also serves newer releases.

The index is a folder: for everything that a lock names, a wheel with the real requirements and no
content, in the locked version and in one that is newer. So no network is needed, and what pip has
to decide is what it has to decide on a new machine.
"""

import base64
import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^(?P<name>[\w.-]+)==(?P<version>[^ ;\\]+)(?: ; [^\\]*)?", re.MULTILINE)
NEWER = "9999.1"
LOCKS = {"requirements.lock": [], "requirements-dev.lock": ["--dev"]}


def needs(name: str) -> list[str]:
    """The metadata lines that say what a package requires, from the one that is installed."""
    try:
        installed = metadata.metadata(name)
    except metadata.PackageNotFoundError:  # of another platform
        return []
    keys = ("Requires-Dist", "Provides-Extra")
    return [f"{key}: {value}" for key in keys for value in installed.get_all(key) or ()]


def wheel(folder: Path, name: str, version: str) -> str:
    """Writes a wheel without content; the SHA-256 of the file."""
    stem = f"{re.sub(r'[-_.]+', '_', name)}-{version}"
    lines = ["Metadata-Version: 2.1", f"Name: {name}", f"Version: {version}", *needs(name), ""]
    content = {
        f"{stem}.dist-info/METADATA": "\n".join(lines),
        f"{stem}.dist-info/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = [f"{path},{digest(text.encode())},{len(text)}" for path, text in content.items()]
    content[f"{stem}.dist-info/RECORD"] = "\n".join([*record, f"{stem}.dist-info/RECORD,,", ""])
    path = folder / f"{stem}-py3-none-any.whl"
    with zipfile.ZipFile(path, "w") as archive:
        for inside, text in content.items():
            archive.writestr(zipfile.ZipInfo(inside), text)  # the same bytes at any time
    return hashlib.sha256(path.read_bytes()).hexdigest()


def digest(data: bytes) -> str:
    sha = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=")
    return f"sha256={sha.decode()}"


class Machine:
    """A checkout without an environment, a home of its own, and a folder as package index."""

    def __init__(self, place: Path) -> None:
        self.checkout = place / "checkout"
        self.index = place / "index"
        self.home = place / "home"
        for folder in (self.checkout / "scripts", self.index, self.home):
            folder.mkdir(parents=True)
        shutil.copy(ROOT / "scripts" / "bootstrap.py", self.checkout / "scripts")
        for lock in LOCKS:
            (self.checkout / lock).write_text(self.served(lock), encoding="utf-8")

    def served(self, lock: str) -> str:
        """The lock with the hashes of the wheels in the folder, which are written."""
        lines = []
        for pin in PIN.finditer((ROOT / lock).read_text(encoding="utf-8")):
            sha = wheel(self.index, pin["name"], pin["version"])
            wheel(self.index, pin["name"], NEWER)
            lines.append(f"{pin[0].rstrip()} \\\n    --hash=sha256:{sha}\n")
        return "".join(lines)

    def leave_only(self, lock: str, name: str) -> None:
        """A lock that names one package, and none that it requires."""
        path = self.checkout / lock
        found = re.search(rf"^{re.escape(name)}==.*\n.*\n", path.read_text("utf-8"), re.MULTILINE)
        assert found is not None
        path.write_text(found[0], encoding="utf-8")

    def build(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """What `make venv` and `make venv-dev` run, by the Python that a person has."""
        found = shutil.which(f"python3.{sys.version_info[1]}", path=f"{sys.base_prefix}/bin")
        return subprocess.run(
            [found or sys.executable, "-I", "scripts/bootstrap.py", *arguments],
            cwd=self.checkout,
            env={
                "PATH": os.environ["PATH"],
                "HOME": str(self.home),
                "PIP_CONFIG_FILE": os.devnull,
                "PIP_NO_INDEX": "1",
                "PIP_FIND_LINKS": str(self.index),
            },
            capture_output=True,
            text=True,
            check=False,
        )

    def installed(self) -> dict[str, str]:
        site = next(self.checkout.glob(".venv/lib/python*/site-packages"))
        found = metadata.distributions(path=[str(site)])
        return {one.name: one.version for one in found if one.name not in ("pip", "setuptools")}


@pytest.fixture
def machine(tmp_path: Path) -> Machine:
    return Machine(tmp_path)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_installs_although_newer_releases_exist(machine: Machine, lock: str) -> None:
    built = machine.build(*LOCKS[lock])

    assert built.returncode == 0, built.stderr
    assert NEWER not in machine.installed().values()
    assert len(machine.installed()) > 50


def test_a_lock_that_lacks_a_package_is_refused_with_its_name(machine: Machine) -> None:
    machine.leave_only("requirements.lock", "sse-starlette")
    built = machine.build()

    assert built.returncode == 2
    assert "requirements.lock is not complete" in built.stderr
    assert "starlette, which is not installed" in built.stderr
    assert "make lock" in built.stderr
