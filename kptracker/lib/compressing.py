"""Answers go out compressed to whoever takes that: on a slow line that is most of the waiting."""

from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.middleware.gzip import GZipMiddleware

#: What is compressed by its own kind: to do it again costs time and saves nothing.
COMPRESSED = ("image/png", "image/jpeg", "image/webp", "application/zip", "application/pdf")
#: What is sent in parts: a part of a compressed file is none.
IN_PARTS = ("application/vnd.sqlite3",)


class CompressMiddleware(GZipMiddleware):
    """Django's compression, of text alone."""

    def process_response(self, request: HttpRequest, response: HttpResponseBase) -> Any:
        """Return the answer, compressed where it is text and the reader takes that."""
        if response.get("Content-Type", "").startswith((*COMPRESSED, *IN_PARTS)):
            return response
        return super().process_response(request, response)
