"""`closeloop run` sends mails through a real SMTP server, whenever it is killed."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path

from tests.adapters.running import PATIENCE_S, Later, Running
from tests.command import closeloop
from tests.complaints import COMPLAINT
from tests.fakes.mail_server import CERTIFICATE, PASSWORD, USER, MailServer
from tests.mailing import ADDRESS, mailing_complaint


async def test_a_kill_between_sending_and_its_record_sends_the_same_mail_again(
    tmp_path: Path,
) -> None:
    async with MailServer(encrypted=True) as server:
        smtp = {
            "host": "localhost",
            "port": server.port,
            "ca_file": str(CERTIFICATE),
            "user": USER,
            "password": "env:SMTP_PASSWORD",
            "sender": "service@example.com",
        }
        bot = Running.deployed(tmp_path, settings={"smtp": smtp}, people={}, later=Later())
        text = mailing_complaint().replace('on = "answered"', 'on = "filed"')
        (bot.folder / "processes" / "complaint.toml").write_text(text, encoding="utf-8")
        done = closeloop("process", "publish", "processes/complaint.toml", cwd=bot.folder)
        assert done.code == 0, done.err
        try:
            await bot.start(SMTP_PASSWORD=PASSWORD, CLOSELOOP_TEST_CRASH_AT="send.after")
            case = await asyncio.to_thread(
                closeloop,
                *("case", "start", "complaint", "--as", "wang.fang", *COMPLAINT),
                *("--field", f"customer_email={ADDRESS}"),
                cwd=bot.folder,
            )
            assert case.code == 0, case.err
            await bot.dies()
            bot.later.hours += 1  # beyond the lease
            await bot.start(SMTP_PASSWORD=PASSWORD)
            async with asyncio.timeout(PATIENCE_S):
                await server.takes(2)
            assert await bot.stop() == 0  # once the record is written
            mail = await shown(bot, case.out.strip())
        finally:
            await bot.aclose()

    assert [str(one["To"]) for one in server.mails] == [ADDRESS] * 2
    assert {one["Message-ID"] for one in server.mails} == {mail["message_id"]}
    assert server.mails[0].as_bytes() == server.mails[1].as_bytes()
    assert (mail["status"], mail["to"]) == ("sent", ADDRESS)
    assert PASSWORD not in "\n".join(bot.said)
    assert ADDRESS not in "\n".join(bot.said)


async def shown(bot: Running, case: str) -> dict[str, str]:
    """The mail of a case, as the command line shows it."""
    done = await asyncio.to_thread(closeloop, "case", "show", case, "--json", cwd=bot.folder)
    (mail,) = json.loads(done.out)["mails"]
    return dict(mail)
