"""What the board costs a browser: its first load, and its long tasks while a thousand events a minute come.

Run beside a demo on the same machine, which it holds and releases places of: `fairway serve --demo --port 3001`, then
`uv run python -m bench.board http://localhost:3001`. Needs Chromium. A long task is one of more than 50 ms, in which a
page answers nobody (https://w3c.github.io/longtasks/).
"""

import argparse
import asyncio
import json
import shutil
import time

import httpx
from playwright.async_api import CDPSession, Page, async_playwright

STARTS = "query($c: ID!, $d: Date!) { teeSheet(courseId: $c, date: $d) { teeTimes { id slots { status } } } }"
HOLD = "mutation($t: ID!) { holdSlots(input: { teeTimeId: $t, places: 1 }) { hold { id } problems { code } } }"
RELEASE = "mutation($h: ID!) { releaseHold(input: { holdId: $h }) { problems { code } } }"
WATCH = """() => {
  window.tasks = [];
  new PerformanceObserver((list) => tasks.push(...list.getEntries().map((entry) => entry.duration)))
    .observe({ type: "longtask" });
}"""
SEEN = "[...document.querySelectorAll('.row')].filter((row) => row.getBoundingClientRect().bottom < innerHeight).length"


async def main(url: str, *, per_minute: int, seconds: int) -> None:
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        page = await browser.new_page(viewport={"width": 1440, "height": 5200})
        cdp = await page.context.new_cdp_session(page)
        loaded = await _first_load(page, cdp, url)
        print(f"first load: {loaded['kilobytes']:.0f} kB compressed in {loaded['requests']} requests; ", end="")
        print(f"the sheet stands after {loaded['seconds']:.2f} s")
        await page.keyboard.press("]")
        await page.wait_for_timeout(2_000)
        frames = 0

        def heard(_: object) -> None:
            nonlocal frames
            frames += 1

        cdp.on("Network.webSocketFrameReceived", heard)
        await page.evaluate(WATCH)
        sent = await _storm(page, url, per_minute=per_minute, seconds=seconds)
        await page.wait_for_timeout(2_000)
        tasks = sorted(await page.evaluate("tasks"))
        print(f"{sent} changes in {seconds} s, {frames} frames, {await page.evaluate(SEEN)} starts on screen: ", end="")
        print(f"{len(tasks)} long tasks, the longest {max(tasks, default=0):.0f} ms")
        await browser.close()


async def _first_load(page: Page, cdp: CDPSession, url: str) -> dict[str, float]:
    """Open the board with nothing kept. Gives kilobytes of all that came but answers of the API, and seconds."""
    kinds: dict[str, str] = {}
    sizes: list[float] = []
    cdp.on("Network.responseReceived", lambda event: kinds.update({event["requestId"]: event["response"]["url"]}))
    cdp.on(
        "Network.loadingFinished",
        lambda event: (
            sizes.append(event["encodedDataLength"])
            if not kinds.get(event["requestId"], "").endswith("/graphql")
            else None
        ),
    )
    await cdp.send("Network.enable")
    begun = time.perf_counter()
    await page.goto(url)
    await page.locator(".tile").first.wait_for()
    took = time.perf_counter() - begun
    await page.wait_for_timeout(1_000)
    return {"kilobytes": sum(sizes) / 1_000, "requests": len(sizes), "seconds": took}


async def _storm(page: Page, url: str, *, per_minute: int, seconds: int) -> int:
    """Hold and release places of the day that is shown, evenly over the time. Gives how many changes were made."""
    config = json.loads(str(await page.locator("#fairway-config").text_content()))
    token = next(one["token"] for one in config["tokens"] if one["label"] == "Pro shop")
    course, day = [await page.locator(name).input_value() for name in ("#course", "#day")]
    async with httpx.AsyncClient(headers={"Authorization": f"Bearer {token}"}) as http:

        async def ask(query: str, **variables: str) -> dict[str, dict[str, object]]:
            answer = await http.post(f"{url}/graphql", json={"query": query, "variables": variables})
            data: dict[str, dict[str, object]] = answer.json()["data"]
            return data

        sheet = await ask(STARTS, c=course, d=day)
        starts = sheet["teeSheet"]["teeTimes"]
        free = [one["id"] for one in starts if any(slot["status"] == "AVAILABLE" for slot in one["slots"])]  # type: ignore[attr-defined,index]

        async def once(tee_time: str, at: float) -> int:
            await asyncio.sleep(at)
            held = (await ask(HOLD, t=tee_time))["holdSlots"]
            if not held["hold"]:
                return 0
            await ask(RELEASE, h=held["hold"]["id"])  # type: ignore[index]
            return 2

        pairs = per_minute * seconds // 120
        return sum(await asyncio.gather(*(once(free[n % len(free)], n * seconds / pairs) for n in range(pairs))))


if __name__ == "__main__":
    given = argparse.ArgumentParser(description=__doc__)
    given.add_argument("url")
    given.add_argument("--per-minute", type=int, default=1_000)
    given.add_argument("--seconds", type=int, default=60)
    options = given.parse_args()
    asyncio.run(main(options.url, per_minute=options.per_minute, seconds=options.seconds))
