"""Runs `make demo` until its page answers, says after how many seconds, and ends it.

    python3 scripts/first_page.py [--most SECONDS]

Standard library only: it starts before there is an environment. Exit code 1 when no page came in
time, or `make demo` did not end cleanly.
"""

import argparse
import os
import re
import selectors
import signal
import subprocess
import sys
import time
import urllib.request

ADDRESS = re.compile(rb"http://[\w.:\[\]-]+/\S*")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=float, default=600, help="seconds to wait for the page")
    most = parser.parse_args().most
    began = time.monotonic()
    demo = subprocess.Popen(
        ["make", "--silent", "demo"],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env={**os.environ, "PYTHONUNBUFFERED": "1"},
        start_new_session=True,
    )
    try:
        address, said = read_address(demo, until=began + most)
        if address is None:
            print(f"make demo printed no address:\n{said}")
            return 1
        with urllib.request.urlopen(address, timeout=30) as page:  # noqa: S310 — http, matched above
            page.read()
        print(f"make demo: first page after {time.monotonic() - began:.1f} s")
    finally:
        code = end(demo)
    if code not in (0, -signal.SIGINT):  # make itself is ended by the signal
        print(f"make demo ended with {code}")
        return 1
    return 0


def read_address(demo: "subprocess.Popen[bytes]", *, until: float) -> "tuple[str | None, str]":
    """The address that was printed, and everything printed until then."""
    assert demo.stdout is not None
    said = b""
    with selectors.DefaultSelector() as waiting:
        waiting.register(demo.stdout, selectors.EVENT_READ)
        while (left := until - time.monotonic()) > 0:
            if not waiting.select(left):
                break
            chunk = os.read(demo.stdout.fileno(), 65536)
            said += chunk
            found = ADDRESS.search(said)
            if found is not None and said.endswith(b"\n"):
                return found[0].decode(), said.decode(errors="replace")
            if not chunk:
                break
    return None, said.decode(errors="replace")


def end(demo: "subprocess.Popen[bytes]") -> int:
    """Ends the playground as a person does, with Ctrl-C, and waits for it."""
    if demo.poll() is None:
        os.killpg(demo.pid, signal.SIGINT)
    try:
        demo.communicate(timeout=30)
    except subprocess.TimeoutExpired:
        os.killpg(demo.pid, signal.SIGKILL)
        demo.communicate()
    return demo.returncode


if __name__ == "__main__":
    sys.exit(main())
