"""Figures about the courses and the work in the background, for Prometheus.

Those about courses are counted from the facts that a process has committed itself: so several processes add up, and
none counts what another did. A course is named by its public id.
"""

from collections.abc import Sequence
from datetime import datetime
from math import nan
from typing import cast

from prometheus_client import Counter, Gauge, Histogram, Summary

from events.course import CourseConditionsChanged, CourseStatusChanged
from events.log import Logged

transitions = Counter(
    "course_status_transitions_total", "Times that a course changed its status.", ["from", "to", "source"]
)
score = Gauge(
    "course_playability_score",
    "How well a course can be played by its weather, 0 to 100; NaN without usable weather.",
    ["course"],
    multiprocess_mode="livemostrecent",
)
durations = Summary(
    "course_status_duration_seconds", "How long courses kept a status that they have left since.", ["course", "status"]
)
latency = Histogram(
    "weather_evaluation_latency",
    "Seconds from asking for the weather over all courses until the last of them was decided about and committed.",
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 25, 50, 100),
)

failed_jobs = Counter(
    "fairway_jobs_failed_total", "Jobs that were given up, and work by the clock that failed.", ["task"]
)
queue_depth = Gauge(
    "fairway_queue_depth", "Jobs that wait, or are being done.", ["queue"], multiprocess_mode="livemostrecent"
)
deliveries = Counter(
    "fairway_deliveries_sent_total", "What has become of e-mails and pushes, at each try.", ["channel", "status"]
)
matching = Histogram(
    "fairway_matching_seconds",
    "Time to match golfers and tee times: a page of the feed, recommendations, suggestions, whom to tell, or, live, "
    "whom of a process an event concerns, and as what.",
    ["what"],
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.5, 1, 2.5),
)
payment_faults = Counter(
    "fairway_payment_faults_total",
    "Times that a payment provider did not do what it was asked.",
    ["step"],
)
payment_sweeps_stopped = Counter(
    "fairway_payment_sweeps_stopped_total",
    "Sweeps of payments that ended before all was asked about: as the provider was silent, or as it was late.",
    ["why"],
)
payments_left = Gauge(
    "fairway_payments_left",
    "Deposits and refunds that were due, and that the last sweep did not ask about.",
    multiprocess_mode="livemostrecent",
)
payment_events = Counter(
    "fairway_payment_events_total", "Events of payment providers, by what became of them.", ["provider", "outcome"]
)
retried_jobs = Counter("fairway_jobs_retried_total", "Times that a job failed and is to be tried again.", ["task"])


def count_courses(messages: Sequence[Logged]) -> None:
    """Count what was committed."""
    for message in messages:
        if message.type == CourseStatusChanged.type:
            _count_change(cast("CourseStatusChanged", message.event), at=message.occurred_at)
        elif message.type == CourseConditionsChanged.type:
            conditions = cast("CourseConditionsChanged", message.event)
            tell_score(conditions.course_id, conditions.score)


def tell_score(course_id: str, points: int | None) -> None:
    """Tell how well a course can be played, None without usable weather."""
    score.labels(course_id).set(nan if points is None else points)


def _count_change(change: CourseStatusChanged, *, at: datetime) -> None:
    if change.previous_status is change.new_status:
        return  # another source or another end is no transition
    transitions.labels(change.previous_status.value, change.new_status.value, change.source.value).inc()
    if change.previous_since is not None:
        durations.labels(change.course_id, change.previous_status.value).observe(
            max((at - change.previous_since).total_seconds(), 0.0)
        )
