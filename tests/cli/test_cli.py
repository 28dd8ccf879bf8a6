"""The command line, as its users type it."""

import asyncio
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import httpx
import jwt
import psutil
import pytest
import pytest_asyncio
from typer.testing import CliRunner

from auth.guests import GuestKey
from cli.main import app
from kit.clock import utc_now
from kit.database import connect
from kit.ids import new_id
from kit.postgres import start_postgres
from tests.harness import SECRET, http_client
from tests.patience import PATIENCE
from tests.program import fairway, open_folder, serving_program


@pytest.fixture(scope="module")
def folder() -> Iterator[Path]:
    """A folder with nothing in it."""
    with open_folder() as folder:
        yield folder


@pytest.fixture(scope="module")
def data_dir(folder: Path) -> Path:
    return folder / "data"


async def answers(url: str) -> httpx.Response:
    async with http_client() as http:
        async with asyncio.timeout(PATIENCE):
            while True:
                try:
                    return await http.get(f"{url}/readyz")
                except httpx.ConnectError:
                    await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    "command", ["serve", "worker", "migrate", "restored", "demo", "token", "schema", "simulate", "replay-weather"]
)
def test_every_command_has_help_with_an_example(command):
    done = CliRunner().invoke(app, [command, "--help"])
    assert done.exit_code == 0
    assert "Example:" in done.output


async def assert_tokens_work(server):
    tokens = server.tokens()
    assert {"Pro shop", "Owner", "Member", "Starter", "Caddie"} <= set(tokens)
    async with http_client() as http:
        for token in tokens.values():
            answer = await http.post(
                f"{server.url}/graphql",
                json={"query": "{ viewer { userId roles } clubs { name courses { name holes } } }"},
                headers={"Authorization": f"Bearer {token}"},
            )
            data = answer.json()["data"]
            assert data["viewer"]["userId"] == jwt.decode(token, options={"verify_signature": False})["sub"]
            assert bool(data["clubs"]) == (data["viewer"]["roles"] != ["GUEST"])  # whose token names no club


async def assert_refused_beside(server, folder, data_dir):
    done = await fairway("demo", folder=folder, data_dir=data_dir)
    assert done.code == 1
    assert str(server.pid) in done.err
    assert "FAIRWAY_DATA_DIR" in done.err
    assert "Traceback" not in done.err


async def test_the_demo_is_served_with_tokens_that_work_and_its_folder_is_refused_to_others(folder, data_dir):
    async with serving_program("--demo", folder=folder, data_dir=data_dir) as server:
        assert (await answers(server.url)).json()["database"] == "ok"
        assert any("weather is made up" in line for line in server.lines)
        await assert_tokens_work(server)
        await assert_refused_beside(server, folder, data_dir)
        assert not any(line.startswith("Traceback") for line in server.lines), server.lines


def subject_and_clubs(token):
    claims = jwt.decode(token, options={"verify_signature": False})
    return claims["sub"], claims["clubIds"]


async def test_after_a_kill_it_starts_again_with_the_same_demo_and_sigterm_stops_its_postgresql_too(folder, data_dir):
    async with serving_program("--demo", folder=folder, data_dir=data_dir) as killed:
        os.kill(killed.pid, signal.SIGKILL)
        await killed.process.wait()
    async with serving_program("--demo", folder=folder, data_dir=data_dir) as server:
        assert (await answers(server.url)).status_code == 200
        assert [subject_and_clubs(token) for token in server.tokens().values()] == [
            subject_and_clubs(token) for token in killed.tokens().values()
        ]
        children = [p for p in psutil.process_iter(["cmdline"]) if str(data_dir) in " ".join(p.info["cmdline"] or ())]
        assert children
        os.kill(server.pid, signal.SIGTERM)
        assert await server.process.wait() == 0
    assert not any(p.is_running() and p.status() != psutil.STATUS_ZOMBIE for p in children)


async def test_the_demo_can_be_loaded_without_serving(folder, data_dir):
    done = await fairway("demo", folder=folder, data_dir=data_dir)
    assert done.code == 0, done.err
    assert done.out.count("eyJ") >= 9


async def test_a_port_that_is_taken_is_named_before_anything_is_started(folder):
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1]
        done = await fairway("serve", "--port", str(port), folder=folder, data_dir=folder / "never")
    assert done.code == 1
    assert f"Port {port}" in done.err
    assert "--port" in done.err
    assert not (folder / "never").exists()


@pytest.mark.parametrize(
    ("setting", "value", "said"),
    [
        ("DATABASE_URL", "mysql://db", "only PostgreSQL"),
        ("DATABASE_URL", "nonsense", "DATABASE_URL"),
        ("DATABASE_URL", "postgresql://fairway_app:s3cret@127.0.0.1:1/fairway", "could not be reached"),
        ("JWT_SECRET", "short", "32 bytes"),
        ("WS_PORT", "seventy", "WS_PORT"),
        ("HOST", "\x1b]0;mine\x07[red]", r"\x1b]0;mine\x07[red]"),
        ("REDIS_URL", "amqp://host", "REDIS_URL"),
        ("WS_HEARTBEAT_INTERVAL", "0", "WS_HEARTBEAT_INTERVAL"),
    ],
)
async def test_a_wrong_setting_ends_with_one_clear_sentence(folder, setting, value, said):
    more = {"WS_PORT": "0", "JWT_SECRET": "x" * 32} | {setting: value}
    done = await fairway("serve", folder=folder, data_dir=folder / "never", **more)
    assert done.code == 1
    assert said in done.err.replace("\n", " ")
    assert "Traceback" not in done.err
    assert "s3cret" not in done.err


async def test_a_database_of_ones_own_needs_a_secret(folder, postgres):
    urls = {"DATABASE_URL": postgres.app_url, "DATABASE_SYSTEM_URL": postgres.system_url}
    texts = {name: url.render_as_string(hide_password=False) for name, url in urls.items()}
    done = await fairway("serve", "--port", "0", folder=folder, **texts)
    assert done.code == 1
    assert "JWT_SECRET" in done.err


async def test_a_role_that_bypasses_row_level_security_is_refused(folder, postgres):
    owner = postgres.owner_url.render_as_string(hide_password=False)
    done = await fairway("serve", "--port", "0", folder=folder, DATABASE_URL=owner, JWT_SECRET="x" * 32)
    assert done.code == 1
    assert "row-level security" in done.err.replace("\n", " ")


async def test_several_workers_share_the_port(folder, data_dir):
    async with serving_program("--workers", "2", folder=folder, data_dir=data_dir) as server:
        instances = set()
        async with asyncio.timeout(PATIENCE):
            while len(instances) < 2:  # several at once: one of them alone might take them all, one after the other
                several = await asyncio.gather(*(answers(server.url) for _ in range(10)))
                instances |= {answer.json()["instance"] for answer in several}
                await asyncio.sleep(0.1)  # in which who is still starting has the machine
        key = GuestKey((data_dir / "guest-token-secret").read_text("utf-8"))
        given = key.issue(tenant_id=new_id(), household_id=new_id(), not_before=utc_now(), now=utc_now())
        for _ in range(20):  # each by a connection of its own, which either of them may take
            asked = {"query": "{ viewer { roles } }"}, {"Authorization": f"Bearer {given.token}"}
            async with http_client() as http:
                answer = await http.post(f"{server.url}/graphql", json=asked[0], headers=asked[1])
            assert answer.json() == {"data": {"viewer": {"roles": ["GUEST"]}}}


async def test_token_prints_a_token_of_the_wanted_kind(folder, data_dir):
    told = {"folder": folder, "data_dir": data_dir, "JWT_SECRET": SECRET}
    done = await fairway("token", "--role", "STAFF", "--user", "ana", "--hours", "1", **told)
    claims = jwt.decode(done.out.strip(), options={"verify_signature": False})
    assert (claims["sub"], claims["roles"]) == ("ana", ["STAFF"])
    wrong = await fairway("token", "--role", "STAFF", "--club", "course_01h455vb4pex5vsknk084sn02q", **told)
    assert wrong.code == 1
    assert "course" in wrong.err


@pytest.mark.parametrize(
    ("settings", "sentence"),
    [
        ({}, "No server has made its secret in"),
        ({"DATABASE_URL": "postgresql://fairway_app@db/fairway"}, "No tokens can be checked. Set JWT_SECRET"),
        ({"JWT_ALGORITHM": "ES256", "JWT_JWKS_URL": "https://id.example/keys"}, "`fairway token` writes HS256 tokens"),
        ({"JWT_SECRET": SECRET, "JWT_MAX_LIFETIME_DAYS": "1"}, "longer than JWT_MAX_LIFETIME_DAYS allows"),
        ({"JWT_SECRET": SECRET, "JWT_ISSUER": "id"}, None),
    ],
)
def test_token_prints_none_that_no_server_would_take_and_makes_no_secret(tmp_path, settings, sentence):
    environment = {"FAIRWAY_DATA_DIR": str(tmp_path / "data"), **settings}
    done = CliRunner().invoke(app, ["token", "--role", "STAFF", "--hours", "25"], env=environment)
    assert (done.exception is None) == (sentence is None)
    assert sentence is None or sentence in str(done.exception)
    assert not (tmp_path / "data").exists()


def test_a_schema_that_is_none_is_told_from_one_that_differs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for content, said in ((None, "There is no file schema.graphql."), (b"\xff", "UTF-8"), (b"type {", "is no schema")):
        if content:
            Path("schema.graphql").write_bytes(content)
        done = CliRunner().invoke(app, ["schema", "--check"])
        assert said in done.exception.message


def test_schema_check_names_what_differs(folder):
    def schema(*words):
        return CliRunner().invoke(app, ["schema", *words])

    assert schema("--check").exit_code == 0
    other = folder / "schema.graphql"
    schema("--file", str(other))
    other.write_text(
        other.read_text().replace(
            "  utilisationPercent: Float!", "  utilisation: Float!\n\n  utilisationPercent: Float!"
        )
    )
    done = schema("--check", "--file", str(other))
    assert done.exit_code == 1
    assert "utilisation" in done.output
    assert "breaking" in done.output
    done = schema("--against", str(other))
    assert done.exit_code == 1
    assert "utilisation was removed" in done.output
    problem = " & BookSlotsProblem & "
    schema("--file", str(other))
    text = other.read_text()
    assert problem in text
    other.write_text(
        text.replace("type GolferSuspended implements ", "type GolferSuspended implements BookSlotsProblem & ")
    )
    done = schema("--against", str(other))
    assert done.exit_code == 0, done.output
    assert "may surprise" in done.output


def test_schema_check_looks_at_what_caches_ask_as_well(folder):
    other = folder / "schema.graphql"
    CliRunner().invoke(app, ["schema", "--file", str(other)])
    beside = folder / "possibleTypes.json"
    beside.write_text(beside.read_text().replace('"TableFull",', "", 1))
    done = CliRunner().invoke(app, ["schema", "--check", "--file", str(other)])
    assert done.exit_code == 1
    assert "TableFull" in done.output


@pytest_asyncio.fixture(scope="module")
async def migrated(folder):
    """What `fairway migrate` said of an embedded database of its own."""
    return await fairway("migrate", "--check", folder=folder, data_dir=folder / "other")


async def test_migrate_brings_the_embedded_database_up_to_date(migrated):
    assert migrated.code == 0, migrated.err
    assert "revision" in migrated.err


async def test_restored_gives_the_log_another_lineage(folder, migrated):
    lineages = []
    for _ in range(2):
        done = await fairway("restored", folder=folder, data_dir=folder / "other")
        assert done.code == 0, done.err
        with start_postgres(folder / "other") as server:
            connection = await connect(server.app_url, purpose="the tests")
            lineages.append(await connection.fetchval("SELECT log_lineage()"))
            await connection.close()
    assert lineages[0] != lineages[1]


async def test_restored_says_what_to_do_before_there_is_a_log(folder):
    done = await fairway("restored", folder=folder, data_dir=folder / "empty")
    assert done.code == 1
    assert "Run `fairway migrate`, then this again." in done.err
