"""The routes of the API: `/v1/predict`, `/v1/read`, `/v1/model`, `/v1/health` and `/metrics`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import msgspec
from fastapi import APIRouter, Request, Response
from prometheus_client import CONTENT_TYPE_PLAIN_0_0_4

from stancelab.serve.articles import article_of
from stancelab.serve.problems import PROBLEM_TYPE, Problem
from stancelab.serve.rows import answers_of, examples_of
from stancelab.serve.schemas import HealthAnswer, ModelAnswer, PredictAnswer, PredictRequest, ReadRequest

if TYPE_CHECKING:
    from stancelab.article.results import Reading
    from stancelab.serve.service import Service
    from stancelab.serve.waiting import Deadline

_PROBLEM: Final = {PROBLEM_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemAnswer"}}}
_MEANINGS: Final = {
    400: "The request is no JSON, or incomplete.",
    401: "The token is missing, or another one.",
    403: "The request comes from a page of another server.",
    404: "There is no such path.",
    405: "The path has other methods.",
    408: "The body came too slowly.",
    413: "The body is too large.",
    415: "The body is something else than JSON, or compressed.",
    421: "The server is asked by another name.",
    422: "The request cannot be used; `errors` lists why.",
    500: "The server has failed.",
    501: "The server lacks a package that this needs.",
    503: "The server has no room, or is not ready; try again after the seconds of Retry-After.",
    504: "The answer took too long.",
}


def _answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the description of the problems of a route."""
    return {status: {"description": _MEANINGS[status], "content": _PROBLEM} for status in statuses}


_BY_ALL: Final = (401, 403, 421, 500, 503)
_WITH_BODY: Final = (400, 401, 403, 408, 413, 415, 421, 422, 500, 501, 503, 504)


def api_routes(service: Service) -> APIRouter:
    """Return the routes of the API."""
    router = APIRouter()

    @router.post(
        "/v1/predict", tags=["stances"], summary="Classify rows", responses=_answers(*_WITH_BODY),
        response_model=PredictAnswer,
    )  # fmt: skip
    async def predict(asked: PredictRequest, request: Request) -> Response:
        """Return the stance of each row's source toward its target, with calibrated probabilities."""
        loaded = service.loaded
        threshold = _threshold(asked, service)
        examples = examples_of(asked, service.settings, loaded.mending)
        probabilities = await service.probabilities(examples, request)
        return _json({"rows": answers_of(probabilities, threshold)})

    reading = {"content": {"application/json": {"schema": {"$ref": "#/components/schemas/Reading"}}}}

    @router.post(
        "/v1/read", tags=["stances"], summary="Read an article", response_class=Response,
        responses={200: {"description": "The content of stances.json.", **reading}, **_answers(*_WITH_BODY)},
    )  # fmt: skip
    async def read(asked: ReadRequest, request: Request) -> Response:
        """Return who stands where on what in an article, with the sentences that carry it."""
        if asked.propose and asked.codebook is not None:
            raise Problem(422, "propose: stands in the place of codebook; give one of the two")

        def found(deadline: Deadline) -> Reading:
            most = service.settings.article_characters
            document = article_of(asked.text, asked.title, asked.date, asked.outlet, asked.format, most)
            book = service.book([document], asked.codebook, deadline, proposes=asked.propose)
            return service.read(document, book, deadline)

        return _json(await service.in_thread(found, request))

    @router.get("/v1/model", tags=["server"], summary="What the checkpoint says", responses=_answers(*_BY_ALL))
    async def model() -> ModelAnswer:
        """Return labels, encoder, thresholds, calibration and corpora of the checkpoint."""
        return service.model()

    @router.get(
        "/v1/health", tags=["server"], summary="Whether the server is ready", response_model=HealthAnswer,
        responses={503: {"description": "It is loading.", "model": HealthAnswer}, **_answers(421, 500)},
    )  # fmt: skip
    async def health() -> Response:
        """Return whether requests can be answered; no token is needed."""
        if service.is_ready:
            return _json({"status": "ready"})
        return _json({"status": "loading"}, 503, {"Retry-After": "2"})

    @router.get(
        "/metrics", tags=["server"], summary="Counts for Prometheus", response_class=Response,
        responses={200: {"description": "Counts.", "content": {"text/plain": {}}}, **_answers(401, 421, 500)},
    )  # fmt: skip
    async def metrics() -> Response:
        """Return requests, seconds, rows, batches and queue; nothing of what people send."""
        return Response(service.counters.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router


def _threshold(asked: PredictRequest, service: Service) -> float:
    """Return the confidence below which the answers of a request are marked.

    Raises:
        Problem: 422, both are given.
        ConfigError: The checkpoint has no such threshold.
    """
    loaded = service.loaded
    if asked.threshold is not None and asked.min_confidence is not None:
        raise Problem(422, "threshold: stands in the place of min_confidence; give one of the two")
    if asked.threshold is not None:
        return loaded.classifier.threshold(asked.threshold)
    return loaded.threshold if asked.min_confidence is None else asked.min_confidence


def _json(content: Any, status: int = 200, headers: dict[str, str] | None = None) -> Response:
    return Response(msgspec.json.encode(content), status, headers, "application/json")
