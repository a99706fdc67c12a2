"""What is in `deploy/` fits the program: its files, commands, settings, metrics and pages."""

import re
import tomllib
from collections.abc import Iterator
from typing import Any

import pytest
from prometheus_client.parser import text_string_to_metric_families
from pydantic import BaseModel

from bot.config import Config
from bot.runtime.metrics import Metrics
from tests.house import deployed, source
from tests.house.test_documented_commands import flaw
from tests.house.test_links import leads_somewhere
from tests.rig.programs import STOP_LIMIT_S

PAGES = [source.ROOT / "docs" / place / "run.md" for place in ("how-to", "zh/how-to")]
REPLICAS = ("bot-1", "bot-2")
SERVICES: dict[str, Any] = deployed.compose()["services"]
NAME = re.compile(r"closeloop_\w+")
SELECTED = re.compile(r"(closeloop_\w+)\{([^}]*)\}")
EXPRESSIONS = [
    *(rule["expr"] for rule in deployed.alerts()),
    *(target["expr"] for panel in deployed.panels() for target in panel["targets"]),
]


def seconds(text: str) -> int:
    number, unit = int(text[:-1]), text[-1]
    return number * {"s": 1, "m": 60, "h": 3600}[unit]


# ------------------------------------------------------------------ the image


def test_the_image_gets_every_package_and_what_a_wheel_has_beside_them() -> None:
    project = tomllib.loads((source.ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    wheel = project["tool"]["hatch"]["build"]["targets"]["wheel"]
    wanted = {*wheel["packages"], *wheel["force-include"], *project["project"]["license-files"]}

    assert wanted - set(deployed.copied()) == set()
    assert [name for name in deployed.copied() if not (source.ROOT / name).exists()] == []


def test_the_image_is_installed_from_the_lock_and_runs_as_nobody_special() -> None:
    said = deployed.instructions()

    assert ("RUN", "python -I scripts/bootstrap.py") in said  # which checks every hash
    assert "requirements.lock" in deployed.copied()
    assert ("USER", "10001:10001") in said
    assert not [rest for word, rest in said if word == "ADD" or "curl" in rest or "apt-" in rest]


def test_nothing_gets_into_the_image_that_is_not_copied() -> None:
    """An uploaded file, a database or a secret beside the checkout's files stays outside."""
    lines = (source.ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]

    assert rules[0] == "*"
    allowed = {rule[1:] for rule in rules if rule.startswith("!")}
    assert allowed == {name.split("/")[0] for name in deployed.copied()}


# ------------------------------------------------------------------ commands and settings


def keys(model: type[BaseModel]) -> Iterator[str]:
    for section, field in model.model_fields.items():
        kind = field.annotation
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield from (f"CLOSELOOP_{section}__{name}".upper() for name in kind.model_fields)


@pytest.mark.parametrize("name", ["image", "upgrade", *REPLICAS])
def test_what_is_set_and_started_exists(name: str) -> None:
    service = SERVICES.get(name, {})
    command = service.get("command") or deployed.command_of_the_image()
    given = {**deployed.settings_of_the_image(), **service.get("environment", {})}
    ours = {key for key in given if key.startswith("CLOSELOOP_")}

    assert flaw(command, whole=True) is None
    assert ours - {*keys(Config), "CLOSELOOP_CONFIG"} == set()


def test_the_stack_has_two_replicas_that_share_everything_but_name_and_port() -> None:
    first, second = (dict(SERVICES[name]) for name in REPLICAS)

    assert (first.pop("hostname"), second.pop("hostname")) == REPLICAS
    assert first.pop("ports") != second.pop("ports")
    assert first == second
    assert first["depends_on"]["upgrade"] == {"condition": "service_completed_successfully"}
    assert SERVICES["upgrade"]["restart"] == "no"
    for needed in first["depends_on"]:
        assert needed in SERVICES


def test_the_stack_declares_its_secrets_and_volumes() -> None:
    stack = deployed.compose()
    secrets = {name for service in SERVICES.values() for name in service["secrets"]}
    mounted = {v.split(":")[0] for service in SERVICES.values() for v in service["volumes"]}

    assert secrets == set(stack["secrets"])
    assert {name for name in mounted if not name.startswith(".")} == set(stack["volumes"])
    assert all(one["file"].startswith("./secrets/") for one in stack["secrets"].values())


@pytest.mark.parametrize("name", REPLICAS)
def test_a_replica_in_a_container_writes_to_its_volume_only_and_has_time_to_stop(name: str) -> None:
    service = SERVICES[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert seconds(service["stop_grace_period"]) > STOP_LIMIT_S
    assert [v for v in service["volumes"] if not v.endswith(":ro")] == ["data:/data"]
    image = deployed.settings_of_the_image()
    assert image["CLOSELOOP_STORAGE__FILES"].startswith("/data/")
    assert image["CLOSELOOP_STORAGE__AUDIT_KEY"].startswith("/data/")


def test_the_unit_starts_again_after_everything_but_a_wrong_configuration() -> None:
    """What its command does is shown in tests/rig/test_deployed.py."""
    service = deployed.unit()["Service"]

    assert service["Restart"] == "on-failure"
    assert f"exit {service['RestartPreventExitStatus']}" in service["ExecStart"]
    assert int(service["TimeoutStopSec"]) > STOP_LIMIT_S
    assert service["User"] not in {"", "root"}
    assert (service["NoNewPrivileges"], service["ProtectSystem"]) == ("yes", "strict")
    assert service["WorkingDirectory"] == f"/var/lib/{service['StateDirectory']}"


# ------------------------------------------------------------------ metrics


def served() -> dict[str, set[str]]:
    """Each name that /metrics serves, with its labels."""
    metrics = Metrics()
    metrics.decision(("CaseStarted",))
    metrics.commit(0.1)
    metrics.sent("slack", "ok", 0.1)
    metrics.fired("fired")
    metrics.security("wrong_code")
    metrics.alarm("clock_jumped")
    metrics.worker_failed("sweep")
    metrics.turned_away("headers")
    metrics.directory_reading("good")
    metrics.checks({"clock": "ok"})
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(metrics.text().decode("utf-8")):
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


def test_every_metric_of_an_alert_or_a_panel_is_served_with_its_labels() -> None:
    known = served()
    named = {name for text in EXPRESSIONS for name in NAME.findall(text)}
    strange = [
        f"{name}: {label}"
        for text in EXPRESSIONS
        for name, chosen in SELECTED.findall(text)
        for label in re.findall(r"(\w+)[!=]", chosen)
        if label not in known.get(name, set())
    ]

    assert named - known.keys() == set()
    assert strange == []


def test_every_metric_is_on_the_board() -> None:
    shown = "".join(target["expr"] for one in deployed.panels() for target in one["targets"])
    families = text_string_to_metric_families(Metrics().text().decode("utf-8"))
    names = {family.name for family in families if not family.name.endswith("_created")}

    assert {name for name in names if name not in shown} == set()


@pytest.mark.parametrize("rule", deployed.alerts(), ids=lambda rule: rule["alert"])
def test_an_alert_has_a_severity_and_says_what_to_do(rule: dict[str, Any]) -> None:
    page, _, anchor = rule["annotations"]["runbook"].partition("#")

    assert re.fullmatch(r"\d+m", rule["for"])
    assert rule["labels"]["severity"] in {"warning", "critical"}
    assert rule["annotations"]["summary"].endswith(".")
    assert leads_somewhere(source.ROOT / page, f"#{anchor}")
    for each in PAGES:
        assert f"| `{rule['alert']}` |" in each.read_text(encoding="utf-8")


def test_no_page_explains_an_alert_that_is_not_there() -> None:
    known = {rule["alert"] for rule in deployed.alerts()}
    for page in PAGES:
        assert set(re.findall(r"`(Closeloop\w+)`", page.read_text(encoding="utf-8"))) == known


def test_panels_do_not_lie_on_each_other() -> None:
    taken: set[tuple[int, int]] = set()
    for panel in deployed.panels():
        at = panel["gridPos"]
        cells = {
            (at["x"] + column, at["y"] + row) for column in range(at["w"]) for row in range(at["h"])
        }
        assert not cells & taken, panel["title"]
        assert max(column for column, _ in cells) < 24
        taken |= cells
