"""Says which Chromium the browser tests will use; in CI, installs one when there is none."""

import os
import shutil
import subprocess

from tests.browser import find_chromium


def can_install() -> bool:
    in_ci = os.environ.get("CI") == "true"
    return in_ci and os.geteuid() == 0 and shutil.which("apt-get") is not None


def install(*packages: str) -> None:
    quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", *packages]):
        subprocess.run(["apt-get", *arguments], check=False, env=quiet, stdout=subprocess.DEVNULL)


def main() -> None:
    if find_chromium() is None and can_install():
        print("Browser tests: installing Chromium")
        install("chromium", "fonts-noto-cjk")
    found = find_chromium()
    print(
        f"Browser tests: with {found}"
        if found
        else "Browser tests: SKIPPED, no Chromium or Chrome found; install one, or set CHROMIUM"
    )


if __name__ == "__main__":
    main()
