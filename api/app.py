"""The application: settings in, an ASGI app with its store and workers out."""

import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import Depends, FastAPI
from fastapi.concurrency import run_in_threadpool

from api import errors, openapi
from api.edge import Edge
from api.head import Head
from api.jobs.supervisor import Supervisor
from api.metrics import Metrics
from api.planning import edits as hand_edits
from api.reading.readers import Readers
from api.routes import (
    admin,
    docs,
    edits,
    events,
    job_orders,
    jobs,
    order_books,
    pages,
    revisions,
    scenarios,
    schedules,
    system,
    views,
)
from api.security.identity import Gate
from api.services import Fits, Services
from api.settings import Settings
from api.store import Store
from api.store.gathering import Gathering
from api.store.room import Room
from api.webhooks.courier import Courier
from api.wire.parameters import check_parameters

WORKERS_WARM = 600
"""s that this process waits at most for a worker's kernels before it leaves its own cold."""

MODULES = (
    jobs,
    events,
    order_books,
    schedules,
    views,
    revisions,
    edits,
    job_orders,
    scenarios,
    system,
    admin,
    pages,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """Return the service; its store opens and its workers start with its lifespan."""
    settings = settings or Settings()
    app = FastAPI(
        title="Antmill",
        docs_url=None,
        redoc_url=None,
        lifespan=_lifespan,
        separate_input_output_schemas=False,
        telemetry={"logs": False},  # they could hold what a client sent; ours do not
        dependencies=[Depends(check_parameters)],
    )
    app.state.settings = settings
    app.add_middleware(Head)
    app.add_middleware(Edge, settings=settings)
    errors.install(app)
    for module in MODULES:
        app.include_router(module.router)
    docs.install(app)
    openapi.install(app)
    return app


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    settings: Settings = app.state.settings
    store = await run_in_threadpool(Store.open, settings.database_url)
    supervisor = Supervisor(settings, store)
    readers = Readers(settings)
    app.state.services = Services(
        settings,
        store,
        supervisor,
        Gate(settings, store),
        Metrics(store, supervisor),
        readers,
        Gathering(store.writer, lambda: readers.busy if store.embedded else 0),
        Fits(),
        Room(shared=not store.embedded),
    )
    courier = Courier(settings, store)
    supervisor.start()
    courier.start()
    readers.start()
    if settings.warm_up and settings.slots:
        threading.Thread(target=_warm_up, args=(supervisor,), daemon=True).start()
    try:
        yield
    finally:
        await readers.close()
        await run_in_threadpool(supervisor.close)
        await run_in_threadpool(courier.close)
        await run_in_threadpool(store.close)


def _warm_up(supervisor: Supervisor) -> None:
    """Load the kernels that answer at once, after the first worker has compiled them."""
    if supervisor.slots[0].ready.wait(WORKERS_WARM):
        hand_edits.warm_up()
