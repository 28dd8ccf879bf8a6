"""Commands that print or write something: a token, the schema."""

from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from auth.viewer import Role
from cli.command import console, fail, settings_of_command
from kit.clock import utc_now
from kit.ids import parse_id
from kit.signals import run_until_told
from kit.text import printable

commands = typer.Typer()


@commands.command(epilog="Example: fairway token --role STAFF --user ana --hours 12")
def token(
    role: Annotated[list[Role], typer.Option(help="What the user is; may be given several times.")],
    user: Annotated[str, typer.Option(help="The token's `sub`.")] = "somebody",
    tenant: Annotated[str, typer.Option(help="Id of the tenant; the demo's if left out.")] = "",
    club: Annotated[
        list[str] | None, typer.Option(help="Id of a club; may be given several times; the demo's if left out.")
    ] = None,
    player: Annotated[str, typer.Option(help="Id of the player that the user is.")] = "",
    caddie_list: Annotated[list[int] | None, typer.Option(help="A caddie list; may be given several times.")] = None,
    hours: Annotated[float, typer.Option(help="How long the token holds.", min=0.001, max=24 * 366)] = 24,
) -> None:
    """Print a token that a server of the same settings takes, signed with JWT_SECRET or the data folder's secret."""
    from api.setup import signing
    from auth.tokens import Authenticator, issue_token
    from demo.people import MAIN_CLUB_ID, SECOND_CLUB_ID, TENANT_ID

    settings, now = signing(settings_of_command()), utc_now()
    clubs = [parse_id("club", text, path=("club",)) for text in club or ()]
    if not tenant and not clubs and Role.ADMIN not in role:
        clubs = [MAIN_CLUB_ID, SECOND_CLUB_ID]
    written = issue_token(
        settings.jwt_secret,
        user_id=user,
        tenant_id=parse_id("tenant", tenant, path=("tenant",)) if tenant else TENANT_ID,
        club_ids=clubs,
        roles=role,
        player_id=parse_id("player", player, path=("player",)) if player else None,
        caddie_lists=caddie_list or (),
        lifetime=timedelta(hours=hours),
        now=now,
        issuer=settings.jwt_issuer,
        audience=settings.jwt_audience,
    )
    run_until_told(Authenticator(settings).authenticate(written, now=now))  # whatever a server would say, it says now
    typer.echo(written)


@commands.command(epilog="Example: fairway schema --check")
def schema(
    check: Annotated[bool, typer.Option("--check", help="Compare with the file instead of writing it.")] = False,
    file: Annotated[Path, typer.Option(help="The file.")] = Path("schema.graphql"),
    against: Annotated[Path | None, typer.Option(help="Compare with the schema of a release.")] = None,
) -> None:
    """Write the GraphQL schema to `schema.graphql`, and `possibleTypes.json` for caches beside it.

    Against the schema of a release: fail where something breaks clients of it, and warn of what may surprise them.
    """
    from cli.schema_file import changes_since, compare, export

    if against is not None:
        breaking, surprising = changes_since(against)
        for change in surprising:
            typer.echo(f"may surprise: {change}")
        for change in breaking:
            typer.echo(f"breaks: {change}")
        if breaking:
            fail(f"{len(breaking)} changes break clients of {against.name}: let the old stay beside the new.")
        console.print(f"Nothing breaks clients of {printable(against.name)}.")
        return
    if not check:
        export(file)
        console.print(f"Wrote {printable(file.name)}.")
        return
    if difference := compare(file):
        typer.echo(difference)
        breaking, surprising = changes_since(file)
        for change in surprising:
            typer.echo(f"may surprise: {change}")
        for change in breaking:
            typer.echo(f"breaking: {change}")
        fail(f"{file.name} is not what the code exports. Run `fairway schema`, look at the change, and commit it.")
    console.print(f"{printable(file.name)} is what the code exports.")
