"""The last request of a download and its response, as far as they may be kept: secrets are masked already.

Owns the value and its stored form. Must never hold a body or a secret.
"""

from __future__ import annotations

import json
from dataclasses import dataclass

from tui_downloader.model.display_text import safe
from tui_downloader.model.masking import Fields, masked_request, masked_response, masked_url, secrets_of

_LINE_MAX = 500
_ENCODER = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedExchange:
    """A request and the header of its response, safe to print."""

    at: float
    """When the response came, Unix seconds."""
    url: str
    """Where the redirects ended, masked."""
    request_line: str
    """`GET /a.iso HTTP/1.1`, masked."""
    request: tuple[tuple[str, str], ...]
    """Request fields, masked, in order."""
    status_line: str
    """`HTTP/1.1 206 Partial Content`."""
    response: tuple[tuple[str, str], ...]
    """Response fields, masked, in order."""

    @classmethod
    def of(
        cls, *, at: float, url: str, target: str, version: str, status: str, request: Fields, response: Fields
    ) -> RecordedExchange:
        """Masks and bounds what was sent and received.

        Args:
            at: Unix seconds.
            url: Where the redirects ended, with its secrets.
            target: Path and query of the request, with its secrets.
            version: The response's, as in `HTTP/1.1`.
            status: Status code and reason phrase, as in `200 OK`.
            request: Request fields as sent.
            response: Response fields as received.
        """
        return cls(
            at=at,
            url=masked_url(url)[:_LINE_MAX],
            request_line=f"GET {masked_url(target)[:_LINE_MAX]} HTTP/1.1",
            request=masked_request(request),
            status_line=safe(f"{version} {status}")[:_LINE_MAX],
            response=masked_response(response, secrets=secrets_of(url, request)),
        )

    @classmethod
    def parse(cls, text: str) -> RecordedExchange:
        """Reads what `str()` wrote.

        Raises:
            ValueError: The text is no exchange.
        """
        try:
            at, url, request_line, request, status_line, response = json.loads(text)
            return cls(
                at=float(at),
                url=str(url),
                request_line=str(request_line),
                request=_pairs(request),
                status_line=str(status_line),
                response=_pairs(response),
            )
        except TypeError as error:
            raise ValueError("no exchange") from error

    def __str__(self) -> str:
        """Returns the stored form, a JSON array."""
        parts = (self.at, self.url, self.request_line, self.request, self.status_line, self.response)
        return _ENCODER.encode(parts)

    def response_field(self, name: str) -> str | None:
        """Returns the value of the response's first field of a name, in any case; `None` if there is none."""
        return next((value for each, value in self.response if each.lower() == name), None)


def _pairs(fields: list[list[str]]) -> tuple[tuple[str, str], ...]:
    """Reads fields."""
    return tuple((str(name), str(value)) for name, value in fields)
