"""The workbench keeps its promises: package, lock file, Makefile, CI, README, lint and layers."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from benchmarks.figures import coverage
from benchmarks.figures import table as figures
from benchmarks.figures.measure import measured

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
BIN = Path(sys.executable).parent
LOCKS = ("requirements.lock", "requirements-uv.lock", "requirements-nlu.lock", "benchmarks/load/peer.lock")


def text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def test_the_package_names_python_extras_and_script() -> None:
    project = PROJECT["project"]
    assert project["requires-python"] == ">=3.11"
    assert set(project["optional-dependencies"]) >= {"embedded", "test"}
    assert project["scripts"]["janji"] == "webhooks.cli.main:main"


def test_the_lock_files_name_versions_and_hashes_only() -> None:
    wrong = [
        line
        for name in LOCKS
        for line in text(name).splitlines()
        if not re.match(r"^(#.*|\s+# via.*|[\w.\[\]-]+==\S+( ;.*)? \\|\s+--hash=sha256:[0-9a-f]{64}( \\)?)$", line)
    ]
    assert not wrong


def test_every_direct_dependency_is_locked() -> None:
    locked = set(re.findall(r"^([\w.-]+)(?:\[[\w,]+\])?==", text("requirements.lock"), re.MULTILINE))
    wanted = [*PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"]["test"]]
    names = {re.split(r"[<>=!;\[ ]", one)[0].lower().replace("_", "-") for one in wanted}
    assert names <= {one.lower().replace("_", "-") for one in locked}


def test_no_configuration_names_a_registry_or_a_path_of_one_machine() -> None:
    for name in ("pyproject.toml", "Makefile", *LOCKS, ".ci/run", ".pre-commit-config.yaml"):
        assert not re.search(r"pypi\.org|files\.pythonhosted|find-links *=|file://|index-url *=", text(name)), name


def test_the_makefile_has_every_promised_target() -> None:
    targets = set(re.findall(r"^([a-z]+):", text("Makefile"), re.MULTILINE))
    assert targets >= {"setup", "demo", "test", "check", "bench", "prove"}


def test_the_procfile_starts_what_the_command_line_has() -> None:
    lines = dict(line.split(": ") for line in text("Procfile").splitlines())
    assert lines == {"release": "janji migrate", "web": "janji serve", "worker": "janji work"}
    for command in lines.values():
        done = subprocess.run(
            [BIN / "janji", command.split()[1], "--help"], capture_output=True, check=False, timeout=60
        )
        assert done.returncode == 0


def test_ci_runs_everything_and_stops_at_the_first_failure() -> None:
    script = text(".ci/run")
    assert "set -euo pipefail" in script
    assert "export JANJI_REQUIRE_ALL=1" in script
    for command in ("make setup", "make check", "make test", "make demo"):
        assert command in script


def test_reading_a_clock_outside_a_clock_module_is_a_lint_error(tmp_path: Path) -> None:
    guilty = "from datetime import UTC, datetime\n\nNOW = datetime.now(UTC)\n"
    for name, is_wrong in (("bot/late.py", True), ("bot/store/clock.py", False)):
        done = subprocess.run(
            [BIN / "ruff", "check", "--select", "TID251", "--stdin-filename", ROOT / name, "-"],
            input=guilty,
            text=True,
            capture_output=True,
            cwd=ROOT,
            check=False,
            timeout=60,
        )
        assert bool(done.returncode) is is_wrong, done.stdout


def test_types_are_strict_over_code_and_tests() -> None:
    mypy = PROJECT["tool"]["mypy"]
    assert mypy["strict"]
    assert set(mypy["files"]) >= {"bot", "flows", "intents", "payments", "webhooks", "simulator", "tests"}


def test_the_simulator_is_not_in_the_production_wheel() -> None:
    shipped = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(shipped) == {"bot", "flows", "intents", "payments", "webhooks"}


def test_without_the_simulator_the_demo_ends_with_one_line() -> None:
    # the checkout's own folder is left out of the path, as in an installed wheel without it
    script = (
        "import sys, importlib.util; found = importlib.util.find_spec;"
        "importlib.util.find_spec = lambda name, *more: None if name == 'simulator' else found(name, *more);"
        "from webhooks.cli.main import main; sys.argv = ['janji', 'simulate']; main()"
    )
    done = subprocess.run(
        [BIN / "python", "-c", script], capture_output=True, text=True, cwd=ROOT, check=False, timeout=60
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.strip().endswith("run this from a checkout of the repository")
    assert "Traceback" not in done.stderr


def test_each_package_has_its_rooms_as_a_contract() -> None:
    contracts = {one["name"]: one for one in PROJECT["tool"]["importlinter"]["contracts"]}
    for package in ("bot", "payments", "webhooks"):
        rooms = contracts[f"rooms of {package}"]
        assert rooms["type"] == "layers"
        named = {room.strip() for layer in rooms["layers"] for room in layer.split("|")}
        folders = {path.parent.name for path in (ROOT / package).glob("*/__init__.py")}
        assert folders <= named


def test_coverage_has_floors() -> None:
    floors = {floor.name: floor.percent for floor in coverage.FLOORS}
    assert floors == {"rules and money": 95, "error paths and API": 90, "flows between parts": 85}
    assert "--enforce" in text("Makefile")
    some = {"bot/lifecycle/apply.py": {"summary": {"num_statements": 8, "covered_lines": 6}}}
    assert coverage.covered(coverage.FLOORS[0], some) == 75.0


def test_coverage_is_measured_in_every_run_of_the_suite() -> None:
    done = subprocess.run(["make", "-n", "test"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    steps = [line for line in done.stdout.splitlines() if "--collect-only" not in line]
    measured_part, floors, proofs = (line for line in steps if "pytest" in line or "figures.coverage" in line)
    assert "--cov" in measured_part
    assert "benchmarks.figures.coverage" in floors
    left_out = re.findall(r"--ignore=(\S+)", measured_part)
    assert left_out == re.findall(r"tests/\S+", proofs), "what is left out of one part is run in the other"


@pytest.mark.parametrize(
    ("subject", "code"),
    [
        ("Fix things", 2),
        ("Refuse a second refund of a payment while the first is on its way to the bank", 2),
        ("Refuse a second refund while the first is on its way", 0),
    ],
)
def test_a_commit_whose_subject_is_too_short_or_too_long_fails_the_check(
    tmp_path: Path, subject: str, code: int
) -> None:
    git = ["git", "-C", str(tmp_path), "-c", "user.name=t", "-c", "user.email=t@example.com"]
    subprocess.run([*git, "init", "-q"], check=True, timeout=60)
    subprocess.run([*git, "commit", "-q", "--allow-empty", "-m", subject], check=True, timeout=60)
    done = subprocess.run(
        ["make", "-f", ROOT / "Makefile", "subjects"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == code, done.stdout
    assert (subject in done.stdout) is bool(code)


def test_the_pure_rooms_run_under_the_newest_python_in_ci() -> None:
    assert "make newest" in text(".ci/run")
    recipe = text("Makefile").partition("\nnewest:")[2].partition("\n\n")[0]
    assert "VENV=.venv-newest" in recipe
    assert "3.13" in recipe


def test_the_page_scripts_are_checked() -> None:
    check = text("Makefile").partition("\ncheck:")[2].partition("\n\n")[0]
    assert "pages" in check
    assert "biome lint" in text("Makefile")
    assert "tsc -p ." in text("Makefile")
    # versions and hashes only
    assert "resolved" not in text("package-lock.json")


def test_the_changelog_has_the_version_of_the_package() -> None:
    assert f"## {PROJECT['project']['version']}" in text("CHANGELOG.md")


def test_each_line_of_the_changelog_stands_under_one_release() -> None:
    lines = [line for line in text("CHANGELOG.md").splitlines() if line.startswith("- ")]
    assert sorted(set(lines)) == sorted(lines)


def test_the_figures_of_the_architecture_page_are_made_by_the_script() -> None:
    page = text("docs/architecture.md")
    assert figures.BEGIN in page
    measures = [row.split("|")[1].strip() for row in figures.table(measured()).splitlines()[2:]]
    assert [measure for measure in measures if measure not in page] == []


def test_the_layers_are_contracts() -> None:
    contracts = {one["name"]: one for one in PROJECT["tool"]["importlinter"]["contracts"]}
    layers = contracts["webhooks, then bot, then the three siblings"]["layers"]
    assert layers == ["webhooks", "bot", "intents | flows | payments"]
    five = {"webhooks", "bot", "intents", "flows", "payments"}
    assert set(contracts["the simulator imports none of the five"]["forbidden_modules"]) == five
    assert set(contracts["none of the five imports the simulator"]["source_modules"]) == five


def test_pre_commit_runs_what_setup_installed() -> None:
    hooks = [hook for repo in yaml.safe_load(text(".pre-commit-config.yaml"))["repos"] for hook in repo["hooks"]]
    assert {hook["id"] for hook in hooks} == {"ruff-format", "ruff-check", "lint-imports", "mypy"}
    assert all(hook["entry"].startswith(".venv/bin/") for hook in hooks)


def test_the_readme_opens_with_the_two_commands() -> None:
    commands = re.findall(r"^make \w+", text("README.md"), re.MULTILINE)
    assert commands == ["make demo", "make test"]
    assert text("README.md").index("make demo") < 40


RUN_SOMEWHERE = {
    "make demo": ".ci/run",
    "make test": ".ci/run",
    "make check": ".ci/run",
    "make prove": "tests/test_workbench.py",
    "janji up": "tests/webhooks/local/test_demo.py",
    "janji serve": "tests/webhooks/cli/test_main.py",
    "janji work": "tests/webhooks/cli/test_main.py",
    "janji check": "tests/webhooks/cli/test_main.py",
    "janji deliveries": "tests/webhooks/cli/test_main.py",
    "janji lead": "tests/webhooks/cli/test_main.py",
    "janji rules": "tests/webhooks/cli/test_rules.py",
    "janji simulate": "tests/webhooks/local/test_demo.py",
    "janji chat": "tests/webhooks/local/test_demo.py",
    "janji openapi": "tests/webhooks/api/test_openapi.py",
}


def test_every_command_in_the_readme_is_run_somewhere() -> None:
    named = set(re.findall(r"(?:make|janji) [a-z]+", text("README.md")))
    assert named <= set(RUN_SOMEWHERE)
    for command, where in RUN_SOMEWHERE.items():
        word = command.split()[1]
        assert re.search(rf"\b{word}\b", text(where)), command


def test_make_prove_runs_the_faults() -> None:
    done = subprocess.run(
        ["make", "-n", "prove", "SEEDS=7"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
    )
    assert "JANJI_PROVE_SEEDS=7" in done.stdout
    assert "tests/faults" in done.stdout


@pytest.mark.parametrize("name", ["CHANGELOG.md", "docs/glossary.md", "docs/adr/README.md", "LICENSE", ".env.example"])
def test_the_words_of_the_house_are_there(name: str) -> None:
    assert len(text(name)) > 500


def test_every_decision_is_listed() -> None:
    pages = {path.name for path in (ROOT / "docs" / "adr").glob("0*.md")}
    assert pages == set(re.findall(r"\((0\d+[\w-]+\.md)\)", text("docs/adr/README.md")))
