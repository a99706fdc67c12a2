"""A real LDAP server for tests: OpenLDAP's slapd, started on loopback with a directory of its own.

    def test_something(slapd): ...      an empty tree of one's own, below dc=example,dc=com

`make test` installs it in CI as it installs Chromium (`scripts/slapd.py`). Elsewhere tests marked
`ldap` are skipped aloud on a machine that has none: `apt-get install slapd`, or set SLAPD.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

SUFFIX = "dc=example,dc=com"
PEOPLE = f"ou=people,{SUFFIX}"
GROUPS = f"ou=groups,{SUFFIX}"
ROOT, ROOT_PASSWORD = f"cn=admin,{SUFFIX}", "admin-password"
READER, READER_PASSWORD = f"cn=closeloop,{SUFFIX}", "reader-password"
START_LIMIT_S = 30
SCHEMAS = ("core", "cosine", "nis", "inetorgperson", "msuser")
PLACES = ("/usr/sbin/slapd", "/usr/local/libexec/slapd", "/usr/lib/openldap/slapd")

CONFIGURATION = """
{schemas}
pidfile {folder}/slapd.pid
modulepath /usr/lib/ldap
moduleload back_mdb
{tls}
database mdb
suffix "{suffix}"
rootdn "{root}"
rootpw {password}
directory {folder}/data
maxsize 67108864
dbnosync
{limits}
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by * none
"""


def client() -> Any:
    """The library of the product, with which tests write."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)  # as in bot/ldap_reading.py
        import ldap3
    return ldap3


def find_slapd() -> str | None:
    """The server to use: $SLAPD, then what is on the PATH, then the usual places."""
    named = os.environ.get("SLAPD")
    if named:
        return shutil.which(named)
    found = shutil.which("slapd")
    return found or next((place for place in PLACES if Path(place).exists()), None)


def with_parent() -> None:
    """The child ends with this process, also where nobody ends it."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)


@dataclass(kw_only=True)
class Slapd:
    """A server in a test's hand. Passwords are as above; `port` stays through a restart."""

    folder: Path
    program: str
    limits: str = ""
    port: int = 0
    sealed_port: int = 0
    _process: subprocess.Popen[bytes] | None = None
    _connection: Any = field(default=None, repr=False)

    @property
    def url(self) -> str:
        return f"ldap://127.0.0.1:{self.port}"

    @property
    def sealed_url(self) -> str:
        return f"ldaps://127.0.0.1:{self.sealed_port}"

    @property
    def certificate(self) -> Path:
        return self.folder / "certificate.pem"

    def start(self) -> None:
        """Starts it and waits until it answers."""
        self.port = self.port or free_port()
        self.sealed_port = self.sealed_port or free_port()
        (self.folder / "data").mkdir(exist_ok=True)
        if not self.certificate.exists():
            certify(self.folder)
        (self.folder / "slapd.conf").write_text(
            CONFIGURATION.format(
                schemas="\n".join(f"include /etc/ldap/schema/{name}.schema" for name in SCHEMAS),
                tls=f"TLSCertificateFile {self.certificate}\n"
                f"TLSCertificateKeyFile {self.folder}/key.pem",
                folder=self.folder,
                suffix=SUFFIX,
                root=ROOT,
                password=ROOT_PASSWORD,
                reader=READER,
                limits=self.limits,
            )
        )
        listening = f"{self.url}/ {self.sealed_url}/"
        with (self.folder / "slapd.log").open("ab") as log:
            self._process = subprocess.Popen(
                [self.program, "-h", listening, "-f", "slapd.conf", "-d", "none"],
                cwd=self.folder,
                stdout=log,
                stderr=log,
                preexec_fn=with_parent,  # noqa: PLW1509 - nothing here has threads that matter
            )
        until = time.monotonic() + START_LIMIT_S
        while not self._answers():
            said = (self.folder / "slapd.log").read_text("utf-8", "replace")
            assert self._process.poll() is None, said
            assert time.monotonic() < until, said
            time.sleep(0.02)

    def _answers(self) -> bool:
        for port in (self.port, self.sealed_port):
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", port)) != 0:
                    return False
        return True

    def stop(self) -> None:
        """Ends it; what was written stays for the next start."""
        if self._connection is not None:
            self._connection.unbind()
            self._connection = None
        if self._process is not None:
            self._process.terminate()
            self._process.wait(START_LIMIT_S)
            self._process = None

    def restart(self, *, limits: str = "") -> None:
        """Starts it anew, with other limits."""
        self.stop()
        self.limits = limits
        self.start()

    # ------------------------------------------------------------------ what is in it

    @property
    def root(self) -> Any:
        """A connection that may write."""
        if self._connection is None:
            ldap3 = client()
            self._connection = ldap3.Connection(
                ldap3.Server(self.url, get_info=ldap3.NONE),
                ROOT,
                ROOT_PASSWORD,
                auto_bind=True,
                check_names=False,
            )
        return self._connection

    def add(self, dn: str, classes: Sequence[str], **values: object) -> str:
        """Adds an entry; its name."""
        assert self.root.add(dn, list(classes), values), self.root.result
        return dn

    def change(self, dn: str, **values: object) -> None:
        """Replaces attributes; None removes one."""
        changes = {
            name: [(client().MODIFY_REPLACE, [] if value is None else _list(value))]
            for name, value in values.items()
        }
        assert self.root.modify(dn, changes), self.root.result

    def rename(self, dn: str, to: str) -> str:
        """Gives an entry another first part of its name; its name."""
        assert self.root.modify_dn(dn, to), self.root.result
        return f"{to},{dn.partition(',')[2]}"

    def remove(self, dn: str) -> None:
        assert self.root.delete(dn), self.root.result

    def furnish(self) -> None:
        """The tree, without people."""
        self.add(SUFFIX, ["dcObject", "organization"], dc="example", o="Example")
        self.add(
            READER, ["organizationalRole", "simpleSecurityObject"], userPassword=READER_PASSWORD
        )
        for dn in (PEOPLE, GROUPS):
            self.add(dn, ["organizationalUnit"], ou=dn.partition("=")[2].partition(",")[0])

    def person(self, uid: str, name: str, *, within: str = PEOPLE, **values: object) -> str:
        """Adds an inetOrgPerson; their name."""
        given: Mapping[str, object] = {
            "cn": name,
            "sn": name,
            "mail": f"{uid}@example.com",
            "departmentNumber": "Quality",
            **values,
        }
        present = {key: value for key, value in given.items() if value is not None}
        return self.add(f"uid={uid},{within}", ["inetOrgPerson"], **present)

    def group(self, name: str, *members: str) -> str:
        """Adds a groupOfNames; its name."""
        return self.add(f"cn={name},{GROUPS}", ["groupOfNames"], member=list(members))


def _list(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else [value]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def certify(folder: Path) -> None:
    """A certificate of 127.0.0.1 that signs itself."""
    subject = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    files = ["-keyout", str(folder / "key.pem"), "-out", str(folder / "certificate.pem")]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    subprocess.run(
        [*command, *subject, *files],
        check=True,
        capture_output=True,
    )
    ssl.create_default_context(cafile=folder / "certificate.pem")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skips the tests that need a server where there is none."""
    if find_slapd() is not None:
        return
    skip = pytest.mark.skip(reason="no slapd found; install Debian's slapd, or set SLAPD")
    for item in items:
        if item.get_closest_marker("ldap"):
            item.add_marker(skip)


@pytest.fixture(scope="session")
def slapd_program(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The program; a copy, because a profile of AppArmor confines the one in its usual place."""
    found = find_slapd()
    assert found is not None, "mark this test with pytest.mark.ldap"
    copy = tmp_path_factory.mktemp("slapd") / "slapd"
    shutil.copy(found, copy)
    return str(copy)


@pytest.fixture
def slapd(slapd_program: str) -> Iterator[Slapd]:
    """A running server with the tree and without people."""
    with tempfile.TemporaryDirectory(prefix="slapd-") as folder:
        server = Slapd(folder=Path(folder), program=slapd_program)
        server.start()
        try:
            server.furnish()
            yield server
        finally:
            server.stop()
