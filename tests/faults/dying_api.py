"""The API of a test: it ends by kill -9 after a commit and before the answer, at the write that DIES_AT counts to."""

from __future__ import annotations

import os
import signal

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api.app import create_app
from api.core.logs import LOGGING
from api.settings import load_settings


class Dying:
    """Around the whole API: what comes back from it with 201 is committed."""

    def __init__(self, app: ASGIApp, dies_at: int) -> None:
        self._app = app
        self._left = dies_at

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def deadly(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 201:
                self._left -= 1
                if self._left == 0:
                    os.kill(os.getpid(), signal.SIGKILL)
            await send(message)

        await self._app(scope, receive, deadly if scope["type"] == "http" else send)


def main() -> None:
    settings = load_settings()
    config = uvicorn.Config(
        Dying(create_app(settings), int(os.environ.get("DIES_AT", "0"))),
        host="127.0.0.1",
        port=settings.port,
        log_config=LOGGING,
        access_log=False,
    )
    listener = config.bind_socket()
    print(f"Kierto's API is at http://127.0.0.1:{listener.getsockname()[1]}/v1", flush=True)
    uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
