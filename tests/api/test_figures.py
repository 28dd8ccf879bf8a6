"""The figures for Prometheus: all that there are, documented, and true."""

import os
import re
from pathlib import Path

import httpx
import pytest
from prometheus_client import Counter, Gauge, Histogram, Summary
from prometheus_client.parser import text_string_to_metric_families

from api import pictures
from api.scrape import FOLDER, exposition, own_figures, shared_figures
from auth import limits
from events import figures
from kit.errors import SetupError
from realtime import metrics
from realtime.rate import SPAN, Rate
from tests.harness import found_world
from tests.realtime.sockets import EVENTS, rename
from tests.realtime.support import until

ROOT = Path(__file__).resolve().parents[2]
OURS = [
    figure
    for module in (metrics, figures, limits, pictures)
    for figure in vars(module).values()
    if isinstance(figure, Counter | Gauge | Histogram | Summary)
]
NAMED = """
    teesheet_ws_connections_total teesheet_ws_connections_active teesheet_ws_messages_sent_total
    teesheet_ws_auth_failures_total teesheet_ws_room_subscriptions fairway_slow_clients_total fairway_replays_total
    fairway_holes_repaired_total fairway_executions_total fairway_deliveries_total fairway_events_published_total
    fairway_events_per_second fairway_http_streams_active fairway_commit_to_send_seconds fairway_broadcaster_healthy
    fairway_instances fairway_refused_sockets_total fairway_stalled_sockets_total
    course_status_transitions_total course_playability_score course_status_duration_seconds weather_evaluation_latency
"""


def name_of(figure):
    [family] = figure.collect()
    return f"{family.name}_total" if isinstance(figure, Counter) else family.name


def told():
    """Give what a scrape says, by name and labels."""
    families = text_string_to_metric_families(exposition().decode())
    return {(s.name, *s.labels.values()): s.value for family in families for s in family.samples}


def test_every_figure_that_is_promised_is_there_and_every_one_is_explained():
    names = {name_of(figure) for figure in OURS}
    assert set(NAMED.split()) <= names
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    explained = set(re.findall(r"^\| ((?:`[a-z_{}, ]+`(?:, )?)+) \|", page, re.MULTILINE))
    explained = {re.sub(r"\{[\w, ]+\}", "", name) for cell in explained for name in re.findall(r"`([^`]+)`", cell)}
    assert names - explained == set()
    assert {
        name for name in explained if name.startswith(("teesheet_", "fairway_", "course_", "weather_"))
    } - names == set()


@pytest.mark.parametrize("gauge", [figure for figure in OURS if isinstance(figure, Gauge)], ids=name_of)
def test_a_gauge_of_several_processes_forgets_the_dead(gauge):
    assert gauge._multiprocess_mode.startswith("live")


def test_a_single_process_tells_of_itself_too():
    assert FOLDER not in os.environ
    assert ("process_resident_memory_bytes",) in told()


def test_the_folder_of_several_processes_is_there_as_long_as_they_are():
    with shared_figures() as folder:
        assert os.environ[FOLDER] == folder
        assert Path(folder).is_dir()
        assert exposition() == b""
    assert FOLDER not in os.environ
    assert not Path(folder).exists()


def test_a_worker_tells_its_figures_at_a_port_of_their_own():
    with own_figures("127.0.0.1", 0) as port:
        assert "course_playability_score" in httpx.get(f"http://127.0.0.1:{port}/metrics").text
        with (
            pytest.raises(SetupError, match=f"127.0.0.1:{port}: Address already in use"),
            own_figures("127.0.0.1", port),
        ):
            pass
    with pytest.raises(httpx.ConnectError):
        httpx.get(f"http://127.0.0.1:{port}/metrics")


def test_a_rate_is_the_mean_over_the_last_seconds():
    rate = Rate()
    assert rate.note(100, at=0) == 0
    assert rate.note(130, at=1) == 30
    assert rate.note(130, at=2) == 15
    for second in range(3, SPAN + 1):
        assert rate.note(130, at=second) == pytest.approx(30 / second)
    assert rate.note(130, at=SPAN + 1) == 0
    assert rate.note(230, at=SPAN + 2) == pytest.approx(100 / SPAN)


async def test_the_figures_follow_what_happens(server):
    world, before = await found_world(server), told()

    def since(name, *labels):
        return told().get((name, *labels), 0) - before.get((name, *labels), 0)

    async with server.socket(world.staff) as one, server.socket(world.staff) as two:
        for socket in (one, two):
            await socket.subscribe(EVENTS, club=world.club)
        await until(lambda: since("teesheet_ws_room_subscriptions") == 2)
        assert since("teesheet_ws_connections_active") == since("teesheet_ws_connections_total") == 2
        await rename(world, "New")
        for socket in (one, two):
            await socket.event()
        await until(lambda: since("fairway_deliveries_total") == 2)
        assert since("fairway_executions_total") == 1
        assert since("fairway_events_published_total") == 1
        assert since("fairway_commit_to_send_seconds_count") == 1
        assert since("teesheet_ws_messages_sent_total", "next") == 2
        assert since("teesheet_ws_messages_sent_total", "connection_ack") == 2
    await until(lambda: since("teesheet_ws_connections_active") == since("teesheet_ws_room_subscriptions") == 0)
    await until(lambda: told()["fairway_events_per_second",] > 0)
