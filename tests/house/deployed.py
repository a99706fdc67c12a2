"""The files in `deploy/`, read as the programs that use them read them."""

import configparser
import json
import re
import shlex
from functools import cache
from typing import Any

import yaml

from tests.house import source

DEPLOY = source.ROOT / "deploy"


def instructions() -> list[tuple[str, str]]:
    """The instructions of the Dockerfile, each with what follows it on its line."""
    lines = (DEPLOY / "Dockerfile").read_text(encoding="utf-8").splitlines()
    text = "\n".join(line for line in lines if not line.startswith("#"))
    joined = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split(" ", 1)[0], line.split(" ", 1)[1]) for line in joined if line]


def copied() -> list[str]:
    """The files and folders of the checkout that the image gets."""
    found = [
        rest.split() for word, rest in instructions() if word == "COPY" and "--from" not in rest
    ]
    return [name.rstrip("/") for names in found for name in names[:-1]]


def settings_of_the_image() -> dict[str, str]:
    """The environment that the image sets."""
    words = [word for name, rest in instructions() if name == "ENV" for word in shlex.split(rest)]
    return dict(word.split("=", 1) for word in words)


def command_of_the_image() -> list[str]:
    """What a container runs."""
    (found,) = [rest for word, rest in instructions() if word == "CMD"]
    command: list[str] = json.loads(found)
    return command


def health_check() -> list[str]:
    """How a container is asked whether it is well."""
    (found,) = [rest for word, rest in instructions() if word == "HEALTHCHECK"]
    command: list[str] = json.loads(found.partition("CMD ")[2])
    return command


@cache
def compose() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8"))
    return found


def unit() -> configparser.ConfigParser:
    """The systemd unit."""
    found = configparser.ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]
    found.read(DEPLOY / "closeloop.service", encoding="utf-8")
    return found


@cache
def alerts() -> list[dict[str, Any]]:
    rules = yaml.safe_load((DEPLOY / "prometheus-rules.yml").read_text(encoding="utf-8"))
    return [rule for group in rules["groups"] for rule in group["rules"]]


@cache
def panels() -> list[dict[str, Any]]:
    board = json.loads((DEPLOY / "grafana-board.json").read_text(encoding="utf-8"))
    found: list[dict[str, Any]] = board["panels"]
    return found
