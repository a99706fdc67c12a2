"""views.*: modals and the Home tab."""

from typing import Any, Literal

from tests.fakes.slack.api import Call, SlackError, api, refuse
from tests.fakes.slack.block_kit import VIEW_BYTES, check_view, view_size
from tests.fakes.slack.block_shapes import Json
from tests.fakes.slack.controls import fresh_state
from tests.fakes.slack.world import View, World

STACK = 3
TRIGGER_SECONDS = 3.0


def checked_view(world: World, body: Any, kind: Literal["modal", "home"]) -> Json:
    """The view, when Slack would take it."""
    if not isinstance(body, dict):
        raise SlackError("invalid_arguments", ["[ERROR] must be an object [json-pointer:/view]"])
    if view_size(body) > VIEW_BYTES:
        raise SlackError("view_too_large")
    refuse("invalid_arguments", check_view(body, kind=kind))
    return {**body, "blocks": world.with_ids(body["blocks"])}


def new_view(world: World, user: str, body: Json) -> View:
    return View(world.new_id("V0"), user, body, world.new_hash(), fresh_state(body["blocks"]))


def only_once(world: World, body: Json, but: View | None = None) -> None:
    external = body.get("external_id")
    other = world.view(external_id=external) if external else None
    if other is not None and other is not but:
        raise SlackError("duplicate_external_id")


def replace(world: World, view: View, body: Json) -> None:
    """The view changes under its reader; fields that stay keep what was typed."""
    view.state = fresh_state(body["blocks"], view.state)
    view.body, view.hash = body, world.new_hash()


def push(world: World, user: str, body: Json) -> View:
    """A view upon the open ones."""
    stack = world.stacks.setdefault(user, [])
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    only_once(world, body)
    view = new_view(world, user, body)
    if stack:
        view.root, view.previous = stack[0].id, stack[-1].id
    stack.append(view)
    return view


def _triggered(call: Call) -> str:
    """The person whose deed this answers."""
    trigger = call.fake.triggers.get(call.text("trigger_id"))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if call.fake.now() - trigger.at > TRIGGER_SECONDS:
        if call.fake.faults.trigger_form == "pointer":
            raise SlackError(
                "invalid_arguments", ["[ERROR] trigger expired [json-pointer:/trigger_id]"]
            )
        raise SlackError("expired_trigger_id")
    if trigger.used:
        raise SlackError("exchanged_trigger_id")
    return trigger.user


def _view(call: Call, kind: Literal["modal", "home"]) -> Json:
    return checked_view(call.fake.world, call.structure("view", "invalid_arguments"), kind)


@api("views.open", "trigger_id! view!", rate=100)
def open_view(call: Call) -> Json:
    user = _triggered(call)
    body, world = _view(call, "modal"), call.fake.world
    only_once(world, body)
    call.fake.triggers[call.text("trigger_id")].used = True
    world.stacks[user] = []
    view = push(world, user, body)
    call.fake.changes.happened()
    return {"view": view.as_json()}


@api("views.push", "trigger_id! view!", rate=100)
def push_view(call: Call) -> Json:
    user = _triggered(call)
    body, world = _view(call, "modal"), call.fake.world
    if not world.stacks.get(user):
        raise SlackError("not_found")
    view = push(world, user, body)
    call.fake.triggers[call.text("trigger_id")].used = True
    call.fake.changes.happened()
    return {"view": view.as_json()}


@api("views.update", "view! view_id external_id hash", rate=100)
def update_view(call: Call) -> Json:
    world = call.fake.world
    if ("view_id" in call.args) == ("external_id" in call.args):
        raise SlackError("invalid_arguments", ["[ERROR] one of view_id and external_id"])
    view = world.view(call.text("view_id"), call.text("external_id"))
    if view is None:
        raise SlackError("not_found")
    if "hash" in call.args and call.args["hash"] != view.hash:
        raise SlackError("hash_conflict")
    body = _view(call, "home" if view.kind == "home" else "modal")
    only_once(world, body, but=view)
    replace(world, view, body)
    call.fake.changes.happened()
    return {"view": view.as_json()}


@api("views.publish", "user_id! view! hash", rate=100)
def publish_view(call: Call) -> Json:
    world, user = call.fake.world, call.text("user_id")
    if not call.fake.manifest.home_tab:
        raise SlackError("not_enabled")
    if user not in world.users or world.users[user].is_bot:
        raise SlackError("invalid_arguments", ["[ERROR] unknown user [json-pointer:/user_id]"])
    body = _view(call, "home")
    view = world.homes.get(user)
    if view is not None and "hash" in call.args and call.args["hash"] != view.hash:
        raise SlackError("hash_conflict")
    only_once(world, body, but=view)
    if view is None:
        view = world.homes[user] = new_view(world, user, body)
    else:
        replace(world, view, body)
    call.fake.changes.happened()
    return {"view": view.as_json()}
