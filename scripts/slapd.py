"""Says which LDAP server the tests will use; in CI, installs one when there is none."""

import subprocess

from scripts.chromium import can_install, install
from tests.slapd import find_slapd

# Debian would set up a directory of the machine and start it, which the tests do not need.
NOT_SET_UP = b"slapd slapd/no_configuration boolean true\n"


def main() -> None:
    if find_slapd() is None and can_install():
        print("LDAP tests: installing slapd")
        subprocess.run(["debconf-set-selections"], input=NOT_SET_UP, check=False)
        install("slapd", "--no-install-recommends")
    found = find_slapd()
    print(
        f"LDAP tests: with {found}"
        if found
        else "LDAP tests: SKIPPED, no slapd found; install Debian's slapd, or set SLAPD"
    )


if __name__ == "__main__":
    main()
