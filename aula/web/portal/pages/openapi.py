"""openapi.json: what every page declares about itself, in one document."""

from typing import Any, ClassVar

from aula.web.portal.declaration import PARAMETERS, Field, Operation, parameters
from aula.web.portal.page import Page

WORDS = {
    "200": "the page",
    "303": "done; go on there",
    "302": "sign in there",
    "400": "what was sent cannot be used; the page says why",
    "403": "not signed in, not allowed, or a form that is too old",
    "404": "there is no such page, or it is not yours to open",
    "405": "not for this method",
    "409": "somebody was faster, or it is so already in another way",
    "429": "too many wrong codes; Retry-After says how many seconds to wait",
    "503": "hub or database cannot be reached",
}


def document(pages: list[type[Page]], prefix: str) -> dict[str, Any]:
    """Return OpenAPI 3.1 of the pages."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Aula's portal", "version": "1", "license": {"name": "BSD-3-Clause"}},
        "servers": [{"url": prefix.rstrip("/")}],
        "security": [{"hub": []}],
        "paths": {page.address: _path(page) for page in pages},
        "components": {
            "securitySchemes": {
                "hub": {"type": "http", "scheme": "bearer", "description": "a token of the hub; browsers have a cookie"}
            }
        },
    }


def _path(page: type[Page]) -> dict[str, Any]:
    varying = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": PARAMETERS[name].says,
            "schema": {"type": "string", "pattern": f"^(?:{PARAMETERS[name].pattern})$"},
        }
        for name in parameters(page.address)
    ]
    found: dict[str, Any] = {"parameters": varying} if varying else {}
    for method, operation in page.operations.items():
        found[method] = _operation(method, operation)
    return found


def _operation(method: str, operation: Operation) -> dict[str, Any]:
    answers: dict[str, Any] = {status: {"description": words} for status, words in WORDS.items()}
    for status in answers.keys() - {"302", "303"}:
        kind = operation.kind if status == "200" else "text/html"
        answers[status] = {**answers[status], "content": {kind: {"schema": {}}}}
    found: dict[str, Any] = {"summary": operation.says, "responses": answers}
    if operation.public:
        found["security"] = [{}, {"hub": []}]
    if operation.fields and method == "get":
        found["parameters"] = [
            {"name": field.name, "in": "query", "required": field.required, "schema": field.schema}
            for field in operation.fields
        ]
    elif operation.fields:
        found["requestBody"] = {
            "required": True,
            "content": {"application/x-www-form-urlencoded": {"schema": _form(operation.fields)}},
        }
    return found


def _form(fields: tuple[Field, ...]) -> dict[str, Any]:
    return {
        "type": "object",
        "properties": {field.name: field.schema for field in fields},
        "required": [field.name for field in fields if field.required],
    }


class OpenApi(Page):
    """The document."""

    address = "/openapi.json"
    operations: ClassVar = {
        "get": Operation("Say what can be asked of the portal", public=True, kind="application/json")
    }

    async def get(self) -> None:
        """Give it out."""
        self.finish(self.settings["openapi"])
