"""The child process that renders: one job after the other from its input, with limits.

Started by `bot/renderer.py`. A request is a line of JSON, `{"job", "size"}`, followed by `size`
bytes. The answer is a line, `{"good", "size", "last"}`, followed by `size` bytes: the result or the
error. After an answer with `last` the process ends, because its memory has grown.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from handlers.rendering.jobs import JOBS
from handlers.rendering.model import DocumentModel
from handlers.rendering.render_docx import render_docx
from handlers.rendering.render_pdf import render_pdf

GROWTH = 300 * 1024 * 1024  # of address space in bytes, beyond that of the idle process
TIRED = 150 * 1024 * 1024  # of memory in bytes after a job; beyond it the process is replaced
CPU_S = 60  # for one job

_NOTHING = DocumentModel(
    language="zh",
    company="",
    title="空",
    subtitle="",
    number="",
    facts=(),
    sections=(),
    footer="",
    pages=("", "", ""),
    created_at=datetime(2026, 1, 1, tzinfo=UTC),
)


def main() -> None:
    """Answer requests until the input ends."""
    sink = os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # no library prints into an answer
    warm_up()
    serve(sys.stdin.buffer, sink)


def warm_up() -> None:
    """Load what every document needs, then limit memory to that and an allowance."""
    import pi_heif
    from PIL import Image

    pi_heif.register_heif_opener()
    Image.init()
    render_pdf(_NOTHING)
    render_docx(_NOTHING)
    with suppress(ImportError, OSError, ValueError):
        import resource

        most = _held(0) + GROWTH
        resource.setrlimit(resource.RLIMIT_AS, (most, most))


def serve(source: BinaryIO, sink: BinaryIO) -> None:
    """Run the requested jobs."""
    before = _resident()
    last = False
    while not last and (line := source.readline()):
        asked = json.loads(line)
        content = source.read(asked["size"])
        _limit_time()
        try:
            good, answer = True, JOBS[asked["job"]](content)
        except Exception:  # noqa: BLE001 - any error is the answer to the request
            good, answer = False, traceback.format_exc(limit=-3).encode()
        del content
        last = _resident() - before > TIRED
        told = {"good": good, "size": len(answer), "last": last}
        sink.write(json.dumps(told).encode() + b"\n")
        sink.write(answer)
        sink.flush()


def _limit_time() -> None:
    """Limit the processor time of this job to CPU_S seconds; the system ends the process beyond."""
    with suppress(ImportError, OSError, ValueError):
        import resource

        used = resource.getrusage(resource.RUSAGE_SELF)
        _, most = resource.getrlimit(resource.RLIMIT_CPU)
        resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + CPU_S, most))


def _held(column: int) -> int:
    """Return the address space (column 0) or memory (column 1) in use, in bytes.

    Raises OSError where the system does not tell.
    """
    pages = Path("/proc/self/statm").read_text(encoding="ascii").split()[column]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _resident() -> int:
    try:
        return _held(1)
    except OSError:
        return 0


if __name__ == "__main__":
    main()
