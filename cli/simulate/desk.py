"""A client of the API, as a club's apps are: it acts by mutations over HTTP, and counts what it did."""

from collections import Counter
from collections.abc import Callable
from typing import Any

import httpx

from kit.errors import FairwayError

Token = Callable[[str], str]
"""Gives the token of somebody, by their name."""


class SimulationFailed(FairwayError):
    """The day did not go as planned."""

    code = "SIMULATION_FAILED"


class Desk:
    """Sends operations for people, each with their own token, and expects what the plan says."""

    def __init__(self, http: httpx.AsyncClient, url: str, token: Token) -> None:
        self._http = http
        self._url = url
        self.token = token
        self.done: Counter[str] = Counter()
        self.refused: Counter[str] = Counter()

    async def ask(self, who: str, query: str, **variables: Any) -> Any:
        """Send an operation for somebody; gives its data. Raises SimulationFailed for an error."""
        headers = {"Authorization": f"Bearer {self.token(who)}"}
        answer = await self._http.post(self._url, json={"query": query, "variables": variables}, headers=headers)
        body = answer.json()
        if body.get("errors"):
            raise SimulationFailed(message=f"{who} was told: {body['errors'][0]['message']}")
        return body["data"]

    async def do(self, who: str, operation: str, selection: str, /, **given: Any) -> Any:
        """Run a mutation that is to be done; gives its result. Raises SimulationFailed when it is refused."""
        result, problems = await self._mutate(who, operation, selection, given)
        if problems:
            raise SimulationFailed(message=f"{operation} of {who} was refused: {problems[0]['message']}")
        self.done[operation] += 1
        return result

    async def be_refused(self, who: str, operation: str, selection: str, /, *, code: str, **given: Any) -> None:
        """Run a mutation that a rule is to refuse with a code. Raises SimulationFailed when it is not."""
        _, problems = await self._mutate(who, operation, selection, given)
        if [problem["code"] for problem in problems] != [code]:
            raise SimulationFailed(message=f"{operation} of {who} should have been refused with {code}.")
        self.refused[code] += 1

    async def pay(self, page: str) -> None:
        """Pay on a page of the payment provider that moves no money."""
        path = page[page.index("/payments/") :]
        answer = await self._http.post(f"{self._url.removesuffix('/graphql')}{path}?as=paid")
        answer.raise_for_status()

    async def _mutate(self, who: str, operation: str, selection: str, given: Any) -> tuple[Any, list[Any]]:
        kind = operation[0].upper() + operation[1:] + "Input"
        wanted = f"result: {selection} problems {{ code message }}"
        query = f"mutation($input: {kind}!) {{ payload: {operation}(input: $input) {{ {wanted} }} }}"
        payload = (await self.ask(who, query, input=given))["payload"]
        return payload["result"], payload["problems"]
