"""The bare framework that the service's load is measured against: routes that do nothing."""

import os
from typing import Any

import uvicorn
from fastapi import FastAPI, Request


def serve() -> None:
    """Serve on ``ANTMILL_PORT``, with the same HTTP parser and log level as the service."""
    app = FastAPI()

    @app.post("/jobs", status_code=202)
    async def post(request: Request) -> Any:
        return {"bytes": len(await request.body())}

    @app.post("/parsed-jobs", status_code=202)
    async def post_parsed(body: dict[str, Any]) -> Any:
        return {"members": len(body)}

    @app.get("/jobs/{job}")
    async def get(job: str) -> Any:
        return {"id": job}

    port = int(os.environ["ANTMILL_PORT"])
    uvicorn.run(app, port=port, http="h11", access_log=False, log_level="warning")
