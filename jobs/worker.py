"""The worker: runs what changes have deferred, and what the clock asks for."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import asyncpg
import structlog
from pgqueuer import PgQueuer
from pgqueuer.errors import FailingListenerError
from pgqueuer.models import Job, Schedule

from domain.course.status import ALL_CLEAR, EXPIRE_OVERRIDE
from domain.matching import erasing, forgetting, hiding, shown, telling
from domain.matching.digest import DIGEST
from domain.notifications.notifications import ROUTE, TELL
from domain.notifications.routing import JOBS
from domain.payments.deposits import REFUND, STEP
from domain.pictures import REMOVE_PICTURE
from domain.tee_sheet.ballots.ballots import TEND
from domain.tee_sheet.offers.reservations import EXPIRE_HOLD
from domain.tee_sheet.offers.waitlist_line import SERVE
from jobs import deliveries, golfers, matching, payments, tasks
from jobs.attempts import Deferred, Scheduled, attempt, try_once
from jobs.demo import play_demo
from jobs.listening import Listening, watch
from jobs.weather import watch_weather
from kit.connections import WatchedConnection
from kit.database import is_unreachable
from models.deliveries import DeliveryChannel
from realtime.runtime import Runtime

EVERY_MINUTE = "* * * * *"
SCHEDULES: dict[str, tuple[str, Scheduled]] = {
    "sweep_holds": (EVERY_MINUTE, tasks.sweep_holds),
    "watch_pace": (EVERY_MINUTE, tasks.watch_pace),
    "sweep_courses": (EVERY_MINUTE, tasks.sweep_courses),
    "generate_sheets": ("17 * * * *", tasks.generate_sheets),
    "make_standing_bookings": (EVERY_MINUTE, tasks.make_standing_bookings),
    "tend_ballots": (EVERY_MINUTE, tasks.tend_ballots),
    "begin_caddie_days": (EVERY_MINUTE, tasks.begin_caddie_days),
    "end_cart_days": (EVERY_MINUTE, tasks.end_cart_days),
    "remind_guests": (EVERY_MINUTE, tasks.remind_guests),
    "remind_players": ("*/15 * * * *", tasks.remind_players),
    "complete_rounds": ("7 * * * *", golfers.complete_rounds),
    "show_ratings": ("12 * * * *", golfers.show_ratings),
    "send_digests": ("2 * * * *", golfers.send_digests),
    "requeue_deliveries": ("33 * * * *", golfers.requeue_deliveries),
    "sweep_payments": (EVERY_MINUTE, payments.sweep_payments),
    "tell_depths": (EVERY_MINUTE, tasks.tell_depths),
    "reveal_seatings": (EVERY_MINUTE, tasks.reveal_seatings),
    "remove_old": ("43 * * * *", tasks.remove_old),
    "forget_entrants": ("47 * * * *", tasks.forget_entrants),
    "remove_old_pictures": ("23 * * * *", tasks.remove_old_pictures),
    "remove_old_notifications": ("53 * * * *", tasks.remove_old_notifications),
}
"""What runs when, in UTC. Sheets are looked after every hour: it is midnight somewhere at each of them. What is old is
removed every hour, so that what fails once is done at the next."""
DEFERRED: dict[str, Deferred] = {
    EXPIRE_HOLD: tasks.expire_one_hold,
    SERVE: tasks.serve_waitlist,
    TEND: tasks.tend_ballot,
    EXPIRE_OVERRIDE: tasks.expire_override,
    ALL_CLEAR: tasks.all_clear,
    REMOVE_PICTURE: tasks.remove_picture,
    ROUTE: deliveries.route_notifications,
    TELL: deliveries.tell_many,
    telling.FIND_WHOM: matching.find_whom_to_tell,
    telling.TELL_NEW: matching.tell_of_new_tee_time,
    telling.TELL_TOGETHER: matching.tell_of_tee_times_together,
    telling.TELL_PLACE: matching.tell_of_free_place,
    shown.TELL_KNOWN: matching.tell_those_who_know,
    shown.TELL_SOME: matching.tell_some_who_know,
    hiding.HIDE_ALL: matching.hide_tee_times,
    hiding.HIDE: matching.hide_some_tee_times,
    erasing.FORGET: matching.forget_golfer,
    forgetting.FORGET_IN: matching.forget_golfer_in_stream,
    DIGEST: golfers.write_digests,
    STEP: payments.step_deposit,
    REFUND: payments.step_refund,
    JOBS[DeliveryChannel.EMAIL]: deliveries.deliver_mail,
    JOBS[DeliveryChannel.PUSH]: deliveries.deliver_push,
}
RETRY = 2.0
DRAIN = 1.0
WORKER_CONNECTIONS = 4
"""Connections that the queue takes beside the program's own."""

log = structlog.get_logger(__name__)


async def work_off_jobs(runtime: Runtime) -> None:
    """Work until cancelled. A database that goes away is waited for."""
    async with asyncio.TaskGroup() as both:
        both.create_task(watch_weather(runtime), name="weather")
        both.create_task(_work_off_queue(runtime), name="queue")
        if runtime.settings.demo_plays:
            both.create_task(play_demo(runtime), name="demo")


async def _work_off_queue(runtime: Runtime) -> None:
    while True:
        try:
            await _work(runtime)
        except Exception as error:
            if is_unreachable(error) or isinstance(error, FailingListenerError):
                log.warning("the worker lost its database; trying again", error=error)
            else:
                log.exception("the worker failed; trying again")
        await asyncio.sleep(RETRY)


async def _work(runtime: Runtime) -> None:
    settings = runtime.settings
    url = settings.direct_url.set(drivername="postgresql").render_as_string(hide_password=False)
    pool = await asyncpg.create_pool(
        url,
        min_size=0,  # whoever is needed is opened: what was lost is not to be restored for nobody
        max_size=WORKER_CONNECTIONS,
        timeout=settings.database_timeout,
        command_timeout=settings.database_timeout,
        connection_class=WatchedConnection,
        reset=_as_it_is,
    )
    try:
        driver = Listening(pool)
        queue = PgQueuer(driver)
        register(queue, runtime)
        for name, (_, run) in SCHEDULES.items():
            await try_once(runtime, name, run)  # what fell due while nobody worked
        await first_to_end(queue.run(), watch(queue, driver))
    finally:
        pool.terminate()  # to close it would wait for whoever still has a connection


async def _as_it_is(_connection: object) -> None:
    """Give a connection back without a word to PostgreSQL: the queue's single statements leave nothing behind on it."""


async def first_to_end(*works: Coroutine[Any, Any, None], drain: float = DRAIN) -> None:
    """Run all of them until one ends, then end the others. Raises what that one raised.

    The queue ends when its jobs have ended; after so many seconds they are told to.
    """
    tasks = [asyncio.create_task(work) for work in works]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        left = set(tasks)
        while left:
            for task in left:
                task.cancel()
            _, left = await asyncio.wait(left, timeout=drain)
    for task in done:
        task.result()


def register(queue: PgQueuer, runtime: Runtime) -> None:
    """Tell the queue which function works off which task, and when."""
    for name, task in DEFERRED.items():
        work_off(queue, runtime, name, task)
    for name, (expression, run) in SCHEDULES.items():
        queue.schedule(name, expression, clean_old=True)(_scheduled(runtime, name, run))


def work_off(queue: PgQueuer, runtime: Runtime, name: str, task: Deferred) -> None:
    """Have a task's jobs worked off by a function. One that has failed for good is put aside, not deleted."""

    async def work(job: Job) -> None:
        await attempt(runtime, task, job)

    queue.entrypoint(name, on_failure="hold")(work)


def _scheduled(runtime: Runtime, name: str, run: Scheduled) -> Callable[[Schedule], Awaitable[None]]:
    async def work(_: Schedule) -> None:
        await try_once(runtime, name, run)

    return work
