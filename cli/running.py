"""Commands that run Fairway, and prepare its database."""

from typing import Annotated

import typer

from cli.command import console, fail, settings_of_command
from kit.signals import run_until_told

commands = typer.Typer()


@commands.command(epilog="Example: fairway serve --demo --port 3001")
def serve(
    demo: Annotated[
        bool, typer.Option("--demo", help="Load the demo club; print its links and a token for each role.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen on; HOST or 127.0.0.1 if left out.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; WS_PORT or 3001 if left out.", min=0, max=65535)] = None,
    workers: Annotated[int, typer.Option(help="Processes that share the work.", min=1, max=64)] = 1,
    jobs: Annotated[bool, typer.Option("--jobs/--no-jobs", help="Work off jobs in this process too.")] = True,
) -> None:
    """Serve the API, and work off jobs, until stopped."""
    given = {"host": host, "ws_port": port}
    settings = settings_of_command(**{name: value for name, value in given.items() if value is not None})

    from api import serving
    from api.setup import prepared

    with serving.listening(settings) as listener, prepared(settings) as ready:
        serving.serve(ready, listener, demo=demo, workers=workers, jobs=jobs, say=console.print, show=typer.echo)


@commands.command(epilog="Example: DATABASE_URL=… DATABASE_SYSTEM_URL=… fairway worker")
def worker(
    metrics_port: Annotated[
        int | None, typer.Option(help="Port for Prometheus on HOST; no figures if left out.", min=0, max=65535)
    ] = None,
) -> None:
    """Work off jobs without serving, until stopped. For machines of their own; `serve` does it too."""
    settings = settings_of_command()

    from api import serving
    from api.setup import prepared

    with prepared(settings) as ready:
        serving.work(ready, metrics_port=metrics_port, say=console.print)


@commands.command(epilog="Example: DATABASE_OWNER_URL=postgresql://owner:…@db/fairway DATABASE_URL=… fairway migrate")
def migrate(
    check: Annotated[
        bool, typer.Option("--check", help="Fail if models and migrated tables differ afterwards.")
    ] = False,
) -> None:
    """Make the database's roles and bring its tables up to the program."""
    import models
    from api.setup import owned
    from kit.migrations import differences, upgrade

    settings = settings_of_command()
    with owned(settings) as (owner, app_url, system_url):
        console.print("Migrating; waiting for other processes that migrate, if any …")
        revision = run_until_told(upgrade(owner, app_url=app_url, system_url=system_url))
        console.print(f"The database is at revision {revision}.")
        if check and (found := run_until_told(differences(owner, models.metadata, models.is_ours))):
            typer.echo("\n".join(map(str, found)))
            fail("Models and migrations differ. Write a migration.")


@commands.command(epilog="Example: DATABASE_OWNER_URL=postgresql://owner:…@db/fairway fairway restored")
def restored() -> None:
    """Say that a backup was restored: what clients know of later changes is void, and they read everything anew."""
    from api.setup import owned
    from events.restored import begin_anew

    with owned(settings_of_command()) as (owner, *_):
        run_until_told(begin_anew(owner))
        console.print("Every cursor that was given out so far is answered by a reset from now on.")


@commands.command(epilog="Example: fairway demo")
def demo() -> None:
    """Load the demo club into the database, and print a token for each role. Safe to do twice."""
    settings = settings_of_command()

    from api import serving
    from api.setup import prepared
    from demo.examples import demo_tokens, print_demo

    with prepared(settings) as ready:
        console.print("Loading the demo club …")
        run_until_told(serving.load_demo_club(ready))
        print_demo(demo_tokens(ready), base="", say=typer.echo)
