"""The operator's line to Meta: forms and templates are published over it, never a customer's message."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Final

import httpx

from webhooks.settings import Settings

GRAPH_SECONDS: Final = 30.0


@asynccontextmanager
async def graph(settings: Settings) -> AsyncIterator[httpx.AsyncClient]:
    """Calls on our WhatsApp business account."""
    token = settings.whatsapp_token.get_secret_value() if settings.whatsapp_token is not None else ""
    async with httpx.AsyncClient(
        base_url=f"{settings.graph_api_base_url.rstrip('/')}/{settings.graph_api_version}/",
        headers={"Authorization": f"Bearer {token}"},
        timeout=GRAPH_SECONDS,
    ) as http:
        yield http
