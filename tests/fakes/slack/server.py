"""The fake's addresses: the Web API, uploads, downloads, response URLs, the socket."""

import json
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.slack.api import METHODS, Call, RateLimited, Record, SlackError, admit
from tests.fakes.slack.api_chat import content_of
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.delivery import Hook
from tests.fakes.slack.faults import Fault
from tests.fakes.slack.world import BOT_USER, File

if TYPE_CHECKING:
    from tests.fakes.slack.fake import FakeSlack

HOOK_USES, HOOK_SECONDS = 5, 1800.0
FORM_ONLY = ("users.", "files.getUploadURLExternal", "files.info", "oauth.")
_HOOK_ARGS = {
    "text",
    "blocks",
    "attachments",
    "response_type",
    "replace_original",
    "delete_original",
    "thread_ts",
    "metadata",
    "unfurl_links",
    "unfurl_media",
    "link_names",
    "mrkdwn",
    "parse",
}


class Server:
    """Answers requests; what they mean is said elsewhere."""

    def __init__(self, fake: "FakeSlack") -> None:
        self.fake = fake

    def app(self) -> web.Application:
        app = web.Application(client_max_size=64 * 1024 * 1024)
        app.router.add_route("*", "/api/{method}", self.call)
        app.router.add_post("/upload/{file}", self.upload)
        app.router.add_get("/files-pri/{file}/{path:.+}", self.download)
        app.router.add_get("/login", self.login)
        app.router.add_post("/response/{hook}", self.respond)
        app.router.add_get("/link/", self.fake.sockets.serve)
        return app

    # -------------------------------------------------------------- Web API

    async def call(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["method"]
        try:
            args = await _arguments(request, name)
        except ValueError:
            return web.json_response({"ok": False, "error": "invalid_json"})
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        token = str(args.pop("token", token))
        fault = self.fake.faults.next(name)
        if fault is not None and not fault.after_effect:
            return self._broken(request, name, args, fault)
        headers: dict[str, str] = {}
        status = 200
        try:
            answer = {"ok": True, **self._answer(name, args, token)}
            headers = self._scopes(name)
        except SlackError as error:
            answer = error.as_json()
        except RateLimited as limited:
            answer = {"ok": False, "error": "ratelimited"}
            status, headers = 429, {"Retry-After": str(limited.retry_after)}
        self._record(name, args, answer)
        await _suffer(request, fault)
        return web.json_response(answer, status=status, headers=headers)

    def _answer(self, name: str, args: Json, token: str) -> Json:
        call = admit(self.fake, name, args, token)
        return METHODS[name].handler(call)

    def _scopes(self, name: str) -> dict[str, str]:
        scopes = {"connections:write"} if name == "apps.connections.open" else self.fake.scopes
        return {"x-oauth-scopes": ",".join(sorted(scopes)), "x-slack-req-id": "fake"}

    def _record(self, name: str, args: Json, answer: Json) -> None:
        self.fake.records.append(Record(name, args, answer, self.fake.now()))
        self.fake.changes.happened()

    def _broken(
        self, request: web.Request, name: str, args: Json, fault: Fault
    ) -> web.StreamResponse:
        self._record(name, args, {"ok": False, "error": f"fault:{fault.kind}"})
        if fault.kind == "abort":
            _cut(request)
        if fault.kind == "rate":
            retry = {"Retry-After": str(fault.retry_after)}
            return web.json_response(
                {"ok": False, "error": "ratelimited"}, status=429, headers=retry
            )
        if fault.kind == "error":
            return web.json_response({"ok": False, "error": fault.error})
        if fault.kind == "html":
            page = "<!DOCTYPE html><html><body>Server Error</body></html>"
            return web.Response(status=fault.status, text=page, content_type="text/html")
        return web.json_response({"ok": False, "error": "service_unavailable"}, status=fault.status)

    # -------------------------------------------------------------- files

    async def upload(self, request: web.Request) -> web.Response:
        file = self.fake.world.files.get(request.match_info["file"])
        fault = self.fake.faults.next("upload")
        if fault is not None:
            _cut(request)
            return web.Response(status=fault.status)
        if file is None or file.uploaded:
            return web.Response(status=404, text="no such upload")
        content = await _content(request)
        if len(content) != file.length:
            return web.Response(status=400, text=f"expected {file.length} bytes")
        file.content, file.uploaded = content, True
        return web.Response(text=f"OK - {file.length}")

    async def download(self, request: web.Request) -> web.Response:
        """Without a token that may see the file, a page to sign in: status 200 at its end."""
        fault = self.fake.faults.next("download")
        if fault is not None:
            _cut(request)
            return web.Response(status=fault.status)
        file = self.fake.world.files.get(request.match_info["file"].rpartition("-")[2])
        token = request.headers.get("Authorization", "").removeprefix("Bearer ")
        if not self._may_download(token, file):
            return web.Response(status=302, headers={"Location": "/login"})
        assert file is not None
        return web.Response(body=file.content, content_type=file.mimetype)

    def _may_download(self, token: str, file: File | None) -> bool:
        known = token in self.fake.bot_tokens and token not in self.fake.bad_tokens
        allowed = known and "files:read" in self.fake.scopes
        return bool(allowed and file is not None and self.fake.bot_sees(file))

    async def login(self, request: web.Request) -> web.Response:
        page = "<!DOCTYPE html><html><title>Slack</title><body>Sign in</body></html>"
        return web.Response(text=page, content_type="text/html")

    # -------------------------------------------------------------- response_url

    async def respond(self, request: web.Request) -> web.StreamResponse:
        hook = self.fake.hooks_given.get(request.match_info["hook"])
        fault = self.fake.faults.next("response_url")
        if fault is not None and not fault.after_effect:
            return self._broken(request, "response_url", {}, fault)
        args = await _arguments(request, "response_url")
        error = self._hook_error(hook)
        if error or hook is None:
            self._record("response_url", args, {"ok": False, "error": error})
            return web.json_response({"ok": False, "error": error}, status=404)
        hook.uses += 1
        status, answer = 200, {"ok": True}
        try:
            self._responded(hook, args)
        except SlackError as refused:
            status, answer = 400, refused.as_json()
        self._record("response_url", args, answer)
        await _suffer(request, fault)
        return web.json_response(answer, status=status)

    def _hook_error(self, hook: Hook | None) -> str:
        if hook is None:
            return "no_such_url"
        if hook.uses >= HOOK_USES:
            return "used_url"
        return "expired_url" if self.fake.now() - hook.at > HOOK_SECONDS else ""

    def _responded(self, hook: Hook, args: Json) -> None:
        unknown = sorted(set(args) - _HOOK_ARGS)
        if unknown:
            raise SlackError("invalid_arguments", [f"[ERROR] unknown: {name}" for name in unknown])
        channel = self.fake.world.channels[hook.channel]
        original = next(
            (m for m in channel.messages if m.ts == hook.message_ts and not m.deleted), None
        )
        call = Call(self.fake, "response_url", args, self.fake.scopes)
        if call.flag("delete_original"):
            if original is None:
                raise SlackError("message_not_found")
            self.fake.remove(original)
            return
        content = content_of(call)
        if call.flag("replace_original"):
            if original is None:
                raise SlackError("message_not_found")
            self.fake.rewrite(original, content["text"], content["blocks"], content["attachments"])
            return
        self.fake.answer_in(hook, content, args.get("response_type", "ephemeral"), BOT_USER)


async def _suffer(request: web.Request, fault: Fault | None) -> None:
    """What happens between the effect and its answer."""
    if fault is not None and fault.kind == "wait":
        await fault.gate.wait()
    elif fault is not None:
        _cut(request)


def _cut(request: web.Request) -> None:
    if request.transport is not None:
        request.transport.abort()


async def _content(request: web.Request) -> bytes:
    if request.content_type == "multipart/form-data":
        field = (await request.post()).get("file")
        return field.file.read() if isinstance(field, web.FileField) else b""
    return await request.read()


async def _arguments(request: web.Request, name: str) -> Json:
    """What was sent; JSON is not read where Slack reads forms only."""
    args: dict[str, Any] = dict(request.query)
    if request.content_type == "application/json":
        text = await request.text()
        if text and not name.startswith(FORM_ONLY):
            read = json.loads(text)
            if not isinstance(read, dict):
                raise ValueError("not an object")
            args |= read
    elif request.body_exists:
        args |= dict(await request.post())
    return {key: value for key, value in args.items() if value is not None}
