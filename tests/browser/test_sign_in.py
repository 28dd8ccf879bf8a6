"""The board and GraphiQL, signed in by a club's identity provider: renewed, refused, expired and away."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Page, expect

from auth.claims import LEEWAY
from demo import people
from kit.ids import public_id
from tests.auth.provider import CLIENT, Provider, providing
from tests.browser.test_board import LIVE
from tests.program import Running, open_folder, serving_program

pytestmark = pytest.mark.browser

STAFF = {
    "tenantId": public_id("tenant", people.TENANT_ID),
    "clubIds": [public_id("club", people.MAIN_CLUB_ID)],
    "roles": ["STAFF"],
}


def elsewhere(server: Running) -> str:
    """The same server on another site than the provider, whose frames have no cookies there."""
    return server.url.replace("localhost", "127.0.0.1")


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def signing_in() -> AsyncIterator[tuple[Running, Provider]]:
    """A server of the demo's clubs that an identity provider signs people in for."""
    with open_folder() as folder, providing({"ana": STAFF, "eva": STAFF}) as provider:
        given = {
            "OIDC_ISSUER": provider.url,
            "OIDC_CLIENT_ID": CLIENT,
            "OIDC_SCOPE": "openid offline_access",
            "JWT_JWKS_URL": f"{provider.url}/keys",
            "JWT_ALGORITHM": "ES256",
            "JWT_ISSUER": provider.url,
            "JWT_AUDIENCE": "fairway",
        }
        async with serving_program("--demo", folder=folder, data_dir=folder / "data", **given) as running:
            provider.redirects = {f"{url}/signed-in" for url in (running.url, elsewhere(running))}
            yield running, provider
            assert provider.wrong == []


@pytest.fixture
def provider(signing_in) -> Provider:
    """The identity provider, as it begins: nobody is signed in."""
    given: Provider = signing_in[1]
    given.forget()
    given.asked.clear()
    given.lifetime, given.refreshes, given.away, given.refuses = 3600, True, False, ""
    return given


@pytest.fixture
def server(signing_in) -> Running:
    given: Running = signing_in[0]
    return given


@asynccontextmanager
async def window(browser: Browser) -> AsyncIterator[BrowserContext]:
    """Somebody's browser. Nothing may go wrong in its pages, and no token may stand in an address."""
    context = await browser.new_context(locale="en-GB", viewport={"width": 1440, "height": 900})
    errors: list[str] = []
    context.on("weberror", lambda error: errors.append(str(error.error)))
    context.on("request", lambda r: errors.append(r.url) if "token=" in r.url else None)
    context.on("console", lambda m: errors.append(m.text) if "Content Security Policy" in m.text else None)
    yield context
    assert errors == []
    await context.close()


async def sign_in(page: Page, name: str = "Ana") -> None:
    await page.get_by_label("Name").fill(name)
    await page.get_by_role("button", name="Sign in").click()


async def board_of(context: BrowserContext, server: Running | str, address: str = "") -> Page:
    """Open the board, and sign in at the identity provider."""
    page = await context.new_page()
    await page.goto(f"{server if isinstance(server, str) else server.url}/{address}")
    await page.get_by_role("button", name="Sign in").click()
    await sign_in(page)
    await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
    return page


async def test_one_signs_in_comes_back_to_where_one_was_and_stays_signed_in(browser, server, provider):
    async with window(browser) as context:
        page = await board_of(context, server, "#view=course")
        await expect(page.locator("main")).to_have_attribute("data-view", "course")
        assert "code=" not in page.url
        await expect(page.locator("#who option").first).to_have_text("Ana")
        kept = await page.evaluate("JSON.stringify(localStorage)")
        assert "eyJ" not in kept
        await page.reload()
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
        other = await context.new_page()  # which the identity provider knows already
        await other.goto(f"{server.url}/#view=caddies")
        await expect(other.locator("#live")).to_have_text(LIVE["en-GB"])
        assert provider.asked.count("/authorize") == 1
        assert provider.asked.count("/authorize without a word") == 1


async def test_tokens_are_renewed_without_a_word(browser, server, provider):
    provider.lifetime = 4
    async with window(browser) as context:
        page = await board_of(context, server)
        async with page.expect_request(lambda r: r.url.endswith("/token") and "refresh" in (r.post_data or "")):
            pass
        async with page.expect_request(lambda r: r.url.endswith("/token") and "refresh" in (r.post_data or "")):
            pass
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])
        await expect(page.locator(".tile").first).to_be_visible()


async def test_without_a_token_to_renew_by_the_provider_is_asked_in_a_frame(browser, server, provider):
    provider.lifetime, provider.refreshes = 4, False
    async with window(browser) as context:
        page = await board_of(context, server)
        async with page.expect_request(lambda r: "prompt=none" in r.url):
            pass
        async with page.expect_request(lambda r: "prompt=none" in r.url):
            pass
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])


async def test_a_provider_that_is_away_empties_no_screen_and_is_asked_again(browser, server, provider):
    provider.lifetime = 4
    async with window(browser) as context:
        page = await board_of(context, server)
        await expect(page.locator(".tile").first).to_be_visible()
        provider.away = True
        await expect(page.locator("#live")).not_to_have_attribute("data-status", "live")
        await expect(page.locator(".tile").first).to_be_visible()
        provider.away, provider.lifetime = False, 3600
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])


async def test_what_is_under_way_when_a_sign_in_expires_is_done_once_one_is_back(browser, server, provider):
    provider.lifetime = 3
    async with window(browser) as context:
        page = await board_of(context, server)
        await page.keyboard.press("]")  # tomorrow, so that no start is past
        await expect(page.locator(".tile").first).to_be_visible()
        provider.forget()
        await expect(page.get_by_role("button", name="Sign in again")).to_be_visible()
        provider.lifetime = 3600
        free = page.locator(".tile[data-status=AVAILABLE]").first
        await free.click()
        await page.get_by_role("button", name="Hold").first.click()
        async with page.expect_popup() as opened:
            await page.get_by_role("button", name="Sign in again").click()
        await sign_in(await opened.value)
        await expect(page.locator(".tile[data-status=HELD]").first).to_be_visible()
        await expect(page.locator("#live")).to_have_text(LIVE["en-GB"])


async def test_from_another_site_without_a_token_to_renew_by_one_is_asked_and_keeps_what_was_typed(
    browser, server, provider
):
    provider.lifetime, provider.refreshes = 6, False
    async with window(browser) as context:
        page = await board_of(context, elsewhere(server))
        await page.keyboard.press("]")
        await page.locator(".tile[data-status=AVAILABLE]").first.focus()
        await page.keyboard.press("b")
        dialog = page.get_by_role("dialog")
        await dialog.get_by_label("First name").fill("Nell")
        again = dialog.get_by_role("button", name="Sign in again")
        await expect(again).to_be_visible()
        await dialog.get_by_label("Last name").fill("Harrow")
        await asyncio.sleep(provider.lifetime + LEEWAY.total_seconds())  # until then the old token books
        await page.keyboard.press("Enter")
        provider.lifetime = 3600
        async with page.expect_popup():  # the provider knows the user, in a window of its own
            await again.click()
        await expect(page.locator(".tile").filter(has_text="Nell Harrow")).to_have_count(1)
        await expect(dialog).to_have_count(0)


async def test_one_is_signed_out_in_all_tabs_and_at_the_provider(browser, server, provider):
    async with window(browser) as context:
        page = await board_of(context, server)
        other = await context.new_page()
        await other.goto(f"{server.url}/")
        await expect(other.locator("#live")).to_have_text(LIVE["en-GB"])
        await page.locator("#who").select_option("out")
        for tab in (page, other):
            await expect(tab.get_by_role("button", name="Sign in")).to_be_visible()
            assert "eyJ" not in await tab.evaluate("JSON.stringify(sessionStorage)")
        assert provider.sessions == {}
        assert "POST /revoke" in provider.asked


async def test_one_is_signed_out_on_all_devices(browser, server, provider):
    async with window(browser) as one, window(browser) as two:
        page, telephone = await board_of(one, server), await board_of(two, server)
        await page.locator("#who").select_option("everywhere")
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
        again = telephone.get_by_role("button", name="Sign in again")
        await expect(again).to_be_visible()
        await asyncio.sleep(1)  # tokens say their second alone: one of the same second might be of before
        async with telephone.expect_popup() as opened:  # which the identity provider knows, and has to see all the same
            await again.click()
        await sign_in(await opened.value)
        await expect(telephone.locator("#live")).to_have_text(LIVE["en-GB"])


async def test_who_is_refused_is_told_and_can_go_back(browser, server, provider):
    provider.refuses = "access_denied"
    async with window(browser) as context:
        page = await context.new_page()
        await page.goto(server.url)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_role("alert")).to_have_text("Signing in did not work: The club says no")
        await page.get_by_role("link").click()
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()


async def test_who_finds_the_provider_away_is_told(browser, server, provider):
    provider.away = True
    async with window(browser) as context:
        page = await context.new_page()
        await page.goto(server.url)
        await page.get_by_role("button", name="Sign in").click()
        await expect(page.get_by_text("The sign-in can't be reached; try again.")).to_be_visible()


async def test_an_answer_that_nobody_asked_for_is_refused(browser, server, provider):
    async with window(browser) as context:
        page = await context.new_page()
        await page.goto(f"{server.url}/signed-in?code=stolen&state=made-up")
        await expect(page.get_by_role("alert")).to_contain_text("Signing in did not work")
        assert "/token" not in " ".join(provider.asked)


async def test_graphiql_is_signed_in_by_the_same_provider(browser, server, provider):
    provider.lifetime = 40
    async with window(browser) as context:
        page = await context.new_page()
        await page.goto(f"{server.url}/graphql")
        await page.get_by_role("button", name="Sign in").click()
        await sign_in(page)
        await expect(page.get_by_text("Signed in as ana")).to_be_visible()
        async with page.expect_request(lambda r: r.url.endswith("/token") and "refresh" in (r.post_data or "")):
            pass  # ten seconds later, thirty before it expires
        await page.get_by_role("button", name="Sign out").click()
        await expect(page.get_by_role("button", name="Sign in")).to_be_visible()
