"""Figures about the realtime engine, for Prometheus.

With several processes on one port, a scrape adds them up: counters by themselves, gauges as their `multiprocess_mode`
says, over the processes that live.
"""

from prometheus_client import Counter, Gauge, Histogram

connections_total = Counter("teesheet_ws_connections_total", "WebSocket connections that were accepted.")
connections_active = Gauge(
    "teesheet_ws_connections_active", "WebSocket connections that are open.", multiprocess_mode="livesum"
)
messages_sent = Counter(
    "teesheet_ws_messages_sent_total", "Messages sent to clients, over sockets and HTTP alike.", ["type"]
)
auth_failures = Counter("teesheet_ws_auth_failures_total", "Sockets refused for their token, or for none in time.")
refused_sockets = Counter(
    "fairway_refused_sockets_total", "Sockets, HTTP streams and connections refused as one too many.", ["limit"]
)
refused_requests = Counter(
    "fairway_refused_requests_total", "HTTP requests refused for their form, their size or their slowness.", ["status"]
)
room_subscriptions = Gauge(
    "teesheet_ws_room_subscriptions", "Subscriptions to rooms that are open.", multiprocess_mode="livesum"
)
http_streams = Gauge(
    "fairway_http_streams_active", "Subscriptions over HTTP that are open.", ["protocol"], multiprocess_mode="livesum"
)
instances = Gauge(
    "fairway_instances",
    "Processes that tell each other by Redis how many are connected to each, as the one that hears of fewest knows.",
    multiprocess_mode="livemin",
)
slow_clients = Counter("fairway_slow_clients_total", "Times a subscription overflowed and went on from the log.")
group_lags = Counter(
    "fairway_group_lags_total", "Times all subscribers of a room who are answered alike read on from the log as one."
)
stalled_sockets = Counter("fairway_stalled_sockets_total", "Sockets cut off because their client took nothing.")
replays = Counter("fairway_replays_total", "Subscriptions that resumed from a cursor.")
resets = Counter("fairway_stream_resets_total", "Subscriptions that could not resume, by reason.", ["reason"])
unreadable = Counter(
    "fairway_unreadable_events_total", "Events that this release could not show; its subscribers were reset.", ["type"]
)
holes_repaired = Counter(
    "fairway_holes_repaired_total", "Events read from the log because their message did not arrive."
)
duplicates = Counter("fairway_duplicate_messages_total", "Messages that told what was known already.")
events_published = Counter("fairway_events_published_total", "Events that this process logged and told.")
events_per_second = Gauge(
    "fairway_events_per_second",
    "Events that were logged and told in a second, on average over the last ten.",
    multiprocess_mode="livesum",
)
executions = Counter(
    "fairway_executions_total", "GraphQL executions for events; one serves all who are answered alike."
)
feed_classes = Histogram(
    "fairway_feed_classes",
    "Classes of subscribers that an event was answered for, where a room tells its subscribers apart.",
    buckets=(0, 1, 2, 4, 8, 16, 32, 64, 128, 288),
)
deliveries = Counter("fairway_deliveries_total", "Events handed to subscriptions.")
ready_answers = Counter(
    "fairway_ready_answers_total",
    "Queries by GET: the client had the answer (not_modified), it was ready (hit), or the query was run (miss).",
    ["result"],
)
fresh_answers = Counter(
    "fairway_fresh_answers_total",
    "Queries by POST: what was ready was right (ready), somebody else had it read (shared), or it was read (read).",
    ["result"],
)
compiled_answers = Counter(
    "fairway_compiled_answers_total",
    "Queries that were asked before: the compiled operation answered, or gave up, and graphql-core answered; with "
    "COMPARE_ANSWERS, what differs from graphql-core's answer.",
    ["result"],
)
commit_to_send = Histogram(
    "fairway_commit_to_send_seconds",
    "Time from the beginning of an event's change until it was written to its subscribers in this process.",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)
broadcaster_healthy = Gauge(
    "fairway_broadcaster_healthy",
    "1 while Redis carries news between processes; 0 while it is away, or none is set.",
    multiprocess_mode="livemin",
)


def total_of(counter: Counter) -> float:
    """Give what this process has counted."""
    return next(sample.value for metric in counter.collect() for sample in metric.samples)


def figures() -> dict[str, float]:
    """Give what the engine of this process has done since it was started."""
    counters = {
        "events": events_published,
        "executions": executions,
        "deliveries": deliveries,
        "slow_clients": slow_clients,
        "replays": replays,
        "holes_repaired": holes_repaired,
    }
    return {name: total_of(counter) for name, counter in counters.items()}
