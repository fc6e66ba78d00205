"""Who may enter: networks within their budget, by turns."""

from __future__ import annotations

from http import HTTPStatus

from missiongraph.web.context.client_networks import Client
from missiongraph.web.context.network_budgets import is_free
from missiongraph.web.context.site import Site
from missiongraph.web.serving.asgi.refusals import Refusals
from missiongraph.web.serving.asgi.request import FrontRequest, Send
from missiongraph.web.serving.asgi.turns import Crowded, Turn, Turns
from missiongraph.web.serving.asgi.whole_responses import send_whole

#: Pages that are rendered at once. The interpreter works for one thread at a time; a second one helps while the first
#: waits for the store.
_PAGES = 2

#: After how many seconds a client may try again that found no turn.
_SHORTLY = 5


class Guard:
    """Lets requests in, or refuses them.

    :ivar pages: the turns of pages
    :ivar queries: the turns of queries
    """

    def __init__(self, site: Site, evaluators: int) -> None:
        """:param evaluators: how many queries are evaluated at once"""
        limits = site.settings.limits
        self._site, self._refusals = site, Refusals(site)
        self.pages = Turns(_PAGES, limits.queue, limits.queue_seconds, lambda: site.budget, gives_way=True)
        self.queries = Turns(evaluators, limits.queue, limits.queue_seconds, lambda: site.budget)

    async def enter(self, turns: Turns, request: FrontRequest, send: Send) -> Turn | None:
        """Wait for a turn of *turns*, which the caller gives back; ``None`` if the request was refused."""
        client = self._client(request)
        wait = self._site.budget.wait(client)
        if wait is None:
            try:
                turn = await turns.take(client)
            except Crowded:
                await self._refuse(request, HTTPStatus.SERVICE_UNAVAILABLE, _SHORTLY, send)
                return None
            wait = self._site.budget.wait(client)  # others of its network were answered meanwhile
            if wait is None:
                return turn
            turns.give_back(turn)
        await self._refuse(request, HTTPStatus.TOO_MANY_REQUESTS, wait, send)
        return None

    def charge(self, turn: Turn, seconds: float) -> None:
        """Charge the network that has *turn*."""
        self._site.budget.used.add(turn.client, seconds)

    def _client(self, request: FrontRequest) -> Client:
        if is_free(request.path):
            return None
        networks = self._site.budget.networks
        return networks.of(request.address, request.header(networks.header.encode()))

    async def _refuse(self, request: FrontRequest, status: HTTPStatus, retry: int, send: Send) -> None:
        await send_whole(send, await self._refusals.response(request, status, retry), request)
