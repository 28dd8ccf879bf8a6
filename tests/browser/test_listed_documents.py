"""Where only listed documents run, the board and GraphiQL run as ever: the build lists theirs."""

import pytest
import pytest_asyncio
from playwright.async_api import expect

from tests.browser.test_board import LIVE, board, book, tile
from tests.browser.test_graphiql import graphiql, run_tab
from tests.harness import http_client
from tests.program import open_folder, serving_program

pytestmark = pytest.mark.browser

FREE = """[...document.querySelectorAll("[id^=tee_time_]")].find(
  (row) => row.querySelector(".tile")?.dataset.status === "AVAILABLE",
).id"""
"""The id of a start whose first place is free."""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def strict():
    given = {"PERSISTED_DOCUMENTS_ONLY": "true"}
    with open_folder() as folder:
        async with serving_program("--demo", folder=folder, data_dir=folder / "data", **given) as running:
            yield running


async def test_the_board_books_where_only_listed_documents_run(browser, strict):
    async with http_client() as http:
        headers = {"Authorization": f"Bearer {strict.tokens()['Pro shop']}"}
        answer = await http.post(f"{strict.url}/graphql", json={"query": "{ viewer { roles } }"}, headers=headers)
    assert answer.json()["errors"][0]["extensions"]["code"] == "PERSISTED_QUERY_REQUIRED"
    async with board(browser, strict, days=1) as page:
        await expect(page.locator("[id^=tee_time_] .tile[data-status=AVAILABLE]").first).to_be_visible()
        start = page.locator(f"#{await page.evaluate(FREE)}")
        await book(start, first="Robin", last="Vale")
        await expect(tile(start, 1)).to_contain_text("Vale")
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])


async def test_graphiql_knows_the_schema_and_runs_its_examples_there(browser, strict):
    async with graphiql(browser, strict, who="Pro shop (STAFF)") as page:
        assert (await run_tab(page, "Sheet"))["teeSheet"]["cursor"]
