import configparser
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_imports_go_down_only():
    linter = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([linter, "--no-cache", "--no-logo"], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def contracts():
    rules = configparser.ConfigParser()
    rules.read(ROOT / ".importlinter")
    return rules


def test_every_package_stands_on_a_floor():
    rules = contracts()
    packages = {folder.parent.name for folder in ROOT.glob("*/__init__.py")} - {"bench", "tests"}
    assert set(rules["importlinter"]["root_packages"].split()) == packages
    floors = rules["importlinter:contract:floors"]["layers"].replace("|", " ")
    assert set(floors.split()) == packages
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    assert set(tools["mypy"]["files"]) >= packages
    assert set(tools["hatch"]["build"]["targets"]["wheel"]["packages"]) == packages, "the wheel must have all of them"


def test_a_new_room_has_to_be_named():
    rules = contracts()
    exhaustive = {rules[name]["containers"] for name in rules if rules[name].get("exhaustive") == "True"}
    assert {"domain", "domain.tee_sheet", "resolvers", "schema"} <= exhaustive
