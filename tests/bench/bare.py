"""What the framework costs by itself: an endpoint that answers a small model, validated, and does nothing else."""

from __future__ import annotations

import socket
from datetime import UTC, datetime

import uvicorn
from fastapi import FastAPI

from api.core.logs import LOGGING
from contract.money import Money
from contract.wallet import Wallet

app = FastAPI()


@app.get("/v1/bare")
async def bare() -> Wallet:
    """A wallet that is nobody's."""
    nothing = Money(amount=0, currency="BRL")
    return Wallet(pending=nothing, available=nothing, debt=nothing, version=1, as_of=datetime.now(UTC))


def main() -> None:
    """Serve it, and say where."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        config = uvicorn.Config(app, log_config=LOGGING, access_log=False, server_header=False)
        uvicorn.Server(config).run(sockets=[listener])


if __name__ == "__main__":
    main()
