"""The OpenAPI document: complete with every problem that a route may answer with."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from api.problems import responses
from contract.errors import Problem

_REF = "#/components/schemas/{model}"
_METHODS = ("get", "put", "post", "delete", "patch")


def install(app: FastAPI) -> None:
    """Make `app.openapi()` complete."""

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _complete(
                get_openapi(title=app.title, version=app.version, summary=app.summary, routes=app.routes)
            )
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(document: dict[str, Any]) -> dict[str, Any]:
    schemas = document.setdefault("components", {}).setdefault("schemas", {})
    problem = Problem.model_json_schema(ref_template=_REF, mode="serialization")
    schemas.update(problem.pop("$defs", {}))
    schemas["Problem"] = problem
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    for item in document.get("paths", {}).values():
        for method in _METHODS:
            if method in item:
                _complete_operation(item[method])
    return document


def _complete_operation(operation: dict[str, Any]) -> None:
    answers = operation["responses"]
    answers.pop("422", None)
    implied = [422]
    if operation.get("security"):
        implied += [401, 403]
    if "requestBody" in operation:
        implied += [413, 415]
    if any(each.get("name") == "Idempotency-Key" for each in operation.get("parameters", ())):
        implied += [400, 409]
    for status, meaning in responses(*implied).items():
        answers.setdefault(str(status), meaning)
    operation["responses"] = dict(sorted(answers.items()))
