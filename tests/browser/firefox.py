"""Debian's Firefox, by WebDriver BiDi (https://w3c.github.io/webdriver-bidi/): Playwright drives only its own build."""

import asyncio
import json
import os
import re
import shutil
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from websockets.asyncio.client import ClientConnection, connect

from tests.patience import PATIENCE

FIREFOX = shutil.which("firefox-esr") or shutil.which("firefox")
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")
PREFERENCES = {
    "intl.accept_languages": "en-GB",
    "datareporting.policy.dataSubmissionEnabled": False,
    "toolkit.telemetry.reportingpolicy.firstRun": False,
    "app.update.enabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "browser.safebrowsing.update.enabled": False,
    "extensions.systemAddon.update.enabled": False,
    "dom.disable_open_during_load": False,
}
"""Firefox says what we ask for, and calls nobody."""
KEYS = {"Enter": "\ue007", "Escape": "\ue00c", "Tab": "\ue004", "ArrowDown": "\ue015", "ArrowRight": "\ue014"}


class Tab:
    """A tab: what is on its page, and what is typed into it."""

    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket
        self._sent = 0
        self._context = ""

    async def say(self, method: str, **params: Any) -> dict[str, Any]:
        """Send a command, and give its result. Raises AssertionError with what Firefox says of one that it refuses."""
        self._sent += 1
        await self._socket.send(json.dumps({"id": self._sent, "method": method, "params": params}))
        while True:
            answer = json.loads(await self._socket.recv())
            if answer.get("id") == self._sent:
                assert answer["type"] == "success", answer
                result: dict[str, Any] = answer["result"]
                return result

    async def tabs(self) -> list[str]:
        """The addresses of all tabs."""
        tree = await self.say("browsingContext.getTree")
        return [one["url"] for one in tree["contexts"]]

    async def goto(self, url: str) -> None:
        """Open an address, in the first tab."""
        if not self._context:
            self._context = (await self.say("browsingContext.getTree"))["contexts"][0]["context"]
        await self.say("browsingContext.navigate", context=self._context, url=url, wait="complete")

    async def evaluate(self, expression: str) -> Any:
        """What a JavaScript expression comes to on the page, by way of JSON."""
        function = f"async () => JSON.stringify((await ({expression})) ?? null)"
        answer = await self.say(
            "script.callFunction",
            functionDeclaration=function,
            awaitPromise=True,
            target={"context": self._context},
            userActivation=True,
        )
        assert answer["type"] == "success", answer
        return json.loads(answer["result"]["value"])

    async def until(self, expression: str) -> Any:
        """Wait until an expression is true on the page; give it. Raises AssertionError where it never is."""
        for _ in range(int(PATIENCE * 10)):
            if found := await self.evaluate(expression):
                return found
            await asyncio.sleep(0.1)
        raise AssertionError(f"this never came: {expression}")

    async def type(self, *keys: str) -> None:
        """Press keys one after another: names of keys, or texts."""
        pressed = [char for key in keys for char in ([KEYS[key]] if key in KEYS else key)]
        strokes = [{"type": how, "value": char} for char in pressed for how in ("keyDown", "keyUp")]
        actions = [{"type": "key", "id": "keyboard", "actions": strokes}]
        await self.say("input.performActions", context=self._context, actions=actions)


@asynccontextmanager
async def firefox(profile: Path) -> AsyncIterator[Tab]:
    """Run Firefox without a window, with a profile of its own, and end it."""
    assert FIREFOX, "install Firefox: apt-get install firefox-esr"
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in PREFERENCES.items()]
    (profile / "user.js").write_text("".join(lines), encoding="utf-8")
    process = await asyncio.create_subprocess_exec(
        FIREFOX, "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0", "about:blank",
        stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.DEVNULL, start_new_session=True,
        env=os.environ | {"HOME": str(profile), "MOZ_CRASHREPORTER_DISABLE": "1"},
    )  # fmt: skip
    assert process.stderr
    try:
        address = await asyncio.wait_for(_address(process.stderr), PATIENCE)
        drained = asyncio.create_task(_drain(process.stderr))
        async with connect(f"{address}/session", max_size=None) as socket:
            tab = Tab(socket)
            await tab.say("session.new", capabilities={})
            yield tab
        drained.cancel()
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        await process.wait()


async def _address(lines: asyncio.StreamReader) -> str:
    while line := await lines.readline():
        if found := LISTENS.search(line.decode(errors="replace")):
            return found[1]
    raise AssertionError("Firefox has ended")


async def _drain(lines: asyncio.StreamReader) -> None:
    while await lines.readline():
        pass
