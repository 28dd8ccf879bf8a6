"""What surrounds GraphQL: production, a database that is away, health, metrics, GraphiQL and its files, CORS."""

import re
from contextlib import asynccontextmanager
from html.parser import HTMLParser
from pathlib import Path

import pytest

from api.app import create_app
from auth.viewer import Role
from kit.files import PAGES
from kit.ids import new_id
from tests.harness import HeldClock, Who, serving, settings_for

METRICS = """
    teesheet_ws_connections_total teesheet_ws_connections_active teesheet_ws_messages_sent_total
    teesheet_ws_auth_failures_total teesheet_ws_room_subscriptions
"""
"""Names that dashboards rely on."""
NOWHERE = "postgresql+asyncpg://fairway_app@/fairway?host=/nowhere"
ADMIN = Who(new_id(), (Role.ADMIN,))
FETCHES = re.compile(
    r"""(?:\bimport\s*\(?|\bfrom|\bfetch\(|\bimportScripts\(|\bnew\s+(?:Worker|URL|WebSocket|EventSource)\(|\burl\(|"""
    r"""@import|\bsrc=|\bhref=)\s*["'`]?((?:https?:|wss?:)?//[^"'`)\s]+)"""
)


@asynccontextmanager
async def changed(settings, *, offers=None, **changes):
    clock = HeldClock()
    app = create_app(settings_for(settings, **changes), with_jobs=False, clock=clock, graphiql=offers)
    async with serving(app, clock) as server:
        yield server


async def page_of(server, path="/graphql", **headers):
    return await server.http.get(server.url + path, headers={"Accept": "text/html,*/*;q=0.8"} | headers)


@pytest.mark.parametrize("query", ["{ __schema { types { name } } }", '{ __type(name: "Club") { name } }'])
async def test_the_schema_is_told_in_development_alone(site, settings, query):
    assert (await site.run(query)).data
    async with changed(settings, environment="production") as live:
        answer = await live.run(query)
        assert answer.code == "GRAPHQL_VALIDATION_FAILED"
        assert (await live.run("{ __typename }")).data == {"__typename": "Query"}
    async with changed(settings, environment="production", introspection=True) as live:
        assert (await live.run(query)).data
    async with changed(settings, introspection=False) as hidden:
        assert (await hidden.run(query)).code == "GRAPHQL_VALIDATION_FAILED"


@pytest.mark.parametrize(
    ("query", "variables"),
    [
        ("{ viewr { userId } }", {}),
        ("{ clubs { nam } }", {}),
        ("query($x: Boolea) { __typename @include(if: $x) }", {}),
        ("mutation($i: AddPlayerInput!) { addPlayer(input: $i) { cursor } }", {"i": {"clubid": "x"}}),
        (
            "mutation($i: SetCaddieStatusInput!) { setCaddieStatus(input: $i) { cursor } }",
            {"i": {"caddieId": "x", "status": "AVAILBLE"}},
        ),
    ],
)
async def test_names_are_suggested_in_development_alone(site, settings, query, variables):
    assert "Did you mean" in repr(await site.run(query, who=ADMIN, **variables))
    async with changed(settings, environment="production") as live:
        answer = await live.run(query, who=ADMIN, **variables)
        assert answer["errors"]
        assert "Did you mean" not in repr(answer)


async def test_without_its_database_it_lives_is_not_ready_and_says_so(settings):
    async with changed(settings, database_url=NOWHERE, database_system_url=NOWHERE) as server:
        assert (await server.http.get(f"{server.url}/healthz")).status_code == 200
        ready = await server.http.get(f"{server.url}/readyz")
        assert ready.status_code == 503
        assert ready.json()["status"] == "unavailable"
        assert "nowhere" not in ready.text
        for query in ("{ clubs { id } }", 'mutation { updateClub(input: { clubId: "club_01" }) { cursor } }'):
            answer = await server.run(query.replace("club_01", "club_01h455vb4pex5vsknk084sn02q"), who=ADMIN)
            assert answer.code == "UNAVAILABLE"
            assert "nowhere" not in repr(answer)
        assert (await server.run("{ viewer { userId } }", who=ADMIN)).data == {"viewer": {"userId": "somebody"}}


async def test_with_its_database_it_is_ready(site):
    ready = (await site.http.get(f"{site.url}/readyz")).json()
    assert ready == {
        "status": "ok",
        "database": "ok",
        "broadcaster": "memory",
        "instance": site.runtime.instance,
    }


async def test_the_figures_have_the_names_that_dashboards_know(site):
    response = await site.http.get(f"{site.url}/metrics")
    assert response.headers["content-type"].startswith("text/plain")
    told = set(re.findall(r"^# TYPE (\S+) (?:counter|gauge|histogram)$", response.text, re.MULTILINE))
    assert set(METRICS.split()) <= told
    described = set(re.findall(r"^# HELP (\S+) .*\.$", response.text, re.MULTILINE))
    assert {name for name in told if name.startswith(("teesheet_", "fairway_"))} <= described


class Links(HTMLParser):
    def __init__(self, page):
        super().__init__()
        self.found = []
        self.feed(page)

    def handle_starttag(self, _tag, attributes):
        self.found += [value for name, value in attributes if name in {"src", "href", "srcset", "action", "data"}]


async def test_a_browser_that_asks_for_a_page_gets_graphiql(site):
    page = await page_of(site)
    assert (page.status_code, page.headers["content-type"]) == (200, "text/html; charset=utf-8")
    policy = dict(part.strip().split(" ", 1) for part in page.headers["content-security-policy"].split(";"))
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == "'self'"
    assert policy["frame-ancestors"] == "'none'"
    assert not any("//" in part or "*" in part or "unsafe-eval" in part for part in policy.values())
    links = Links(page.text).found
    assert links
    for link in links:
        assert re.match(r"/[^/]", link), f"{link} is not of this server"
        assert (await site.http.get(site.url + link)).status_code == 200
    with_query = await page_of(site, "/graphql?query={__typename}")
    assert with_query.headers["content-type"].startswith("application/")


BREAKS_OUT = "</script><script>alert(1)</script>"


async def test_what_graphiql_is_offered_cannot_end_its_script(settings):
    async with changed(settings, offers={"examples": [{"name": BREAKS_OUT, "query": "{ __typename }"}]}) as server:
        page = (await page_of(server)).text
    assert "<script>alert" not in page
    assert "\\u003c/script>" in page


def test_pages_fetch_nothing_from_elsewhere():
    files = [f for f in PAGES.rglob("*") if f.suffix in {".html", ".js", ".css", ".svg"}]
    assert len(files) > 5
    assert {f.name: found for f in files if (found := elsewhere(f))} == {}
    assert FETCHES.findall('import("https://cdn.example/x.js");@import url(//fonts.example/a.css)')


def elsewhere(file: Path):
    return [address for address in FETCHES.findall(file.read_text(encoding="utf-8")) if "://www.w3.org/" not in address]


async def test_files_of_pages_are_kept_by_browsers(site):
    file = next((PAGES / "assets").glob("graphiql-*.js"))
    first = await site.http.get(f"{site.url}/assets/{file.name}")
    assert first.headers["cache-control"] == "public, max-age=31536000, immutable"
    assert first.text == file.read_text(encoding="utf-8")
    again = await site.http.get(f"{site.url}/assets/{file.name}", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    for missing in ("nothing.js", "../graphiql.html", "%2e%2e/graphiql.html", "..%2fgraphiql.html", ""):
        assert (await site.http.get(f"{site.url}/assets/{missing}")).status_code == 404


async def test_there_is_no_graphiql_in_production_unless_a_setting_says_so(settings):
    async with changed(settings, environment="production") as server:
        assert (await page_of(server)).status_code == 400
        assert (await page_of(server, "/assets/")).status_code == 404
    async with changed(settings, environment="production", graphiql=True) as server:
        assert "<html" in (await page_of(server)).text


PREFLIGHT = {"Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization,content-type"}


async def test_pages_of_other_origins_are_let_in_by_a_setting(site, settings):
    home, stranger = "https://club.example", "https://stranger.example"

    async def ask(running, method, origin, **more):
        address = f"{running.url}/graphql"
        return await running.http.request(method, address, headers={"Origin": origin} | more, json={"query": "{ x }"})

    assert "access-control-allow-origin" not in (await ask(site, "POST", home)).headers
    assert (await ask(site, "OPTIONS", home, **PREFLIGHT)).status_code == 405
    async with changed(settings, allowed_origins=(home,)) as running:
        allowed = await ask(running, "OPTIONS", home, **PREFLIGHT)
        assert (allowed.status_code, allowed.headers["access-control-allow-origin"]) == (200, home)
        assert "authorization" in allowed.headers["access-control-allow-headers"].lower()
        assert "access-control-allow-credentials" not in allowed.headers
        refused = await ask(running, "OPTIONS", stranger, **PREFLIGHT)
        assert refused.status_code == 400
        for more in ({}, {"Authorization": "Bearer nonsense"}):
            assert (await ask(running, "POST", home, **more)).headers["access-control-allow-origin"] == home
            assert "access-control-allow-origin" not in (await ask(running, "POST", stranger, **more)).headers
