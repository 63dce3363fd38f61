"""Faults in the object: it changes between requests, or is served in a coding nobody asked for.

Must never do I/O.
"""

from __future__ import annotations

import gzip
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import lru_cache

from tests.support.bodies import body
from tests.support.fault import Fault
from tests.support.request import Request
from tests.support.resource import MODIFIED_AT, Resource


@dataclass(frozen=True, slots=True)
class ForcedGzip(Fault):
    """Serves gzip whatever `Accept-Encoding` says; ranges count in the coded bytes."""

    etag: str | None = '"v1-gzip"'
    """Entity tag of the coded representation; None sends none."""

    def object_for(self, resource: Resource, request: Request) -> Resource:  # noqa: ARG002  # the same for all
        """Serve the coded bytes."""
        coded = (("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding"))
        return replace(resource, content=_gzip(resource.content), etag=self.etag, fields=resource.fields + coded)


@dataclass(frozen=True, slots=True)
class ChangeOn(Fault):
    """From the nth request to the path on, serves another object."""

    nth: int
    """Number of the first request that meets the new object, from 1."""
    resource: Resource
    """The new object."""

    def object_for(self, resource: Resource, request: Request) -> Resource:
        """Serve the new object once it is time."""
        return self.resource if request.number >= self.nth else resource


@dataclass(frozen=True, slots=True)
class Replaced(Fault):
    """Serves another object, made from the bytes of the true one."""

    make: Callable[[bytes], bytes]
    """Makes the bytes."""
    etag: str | None = '"v2"'
    """Its entity tag; None sends none."""
    last_modified: float | None = MODIFIED_AT + 100
    """Unix seconds; None sends no `Last-Modified`."""

    def object_for(self, resource: Resource, request: Request) -> Resource:  # noqa: ARG002  # the same for all
        """Serve the other object."""
        content = self.make(resource.content)
        return replace(resource, content=content, etag=self.etag, last_modified=self.last_modified)


@dataclass(frozen=True, slots=True)
class FlipAt(Fault):
    """Serves another object's bytes from one byte on, under the validators of the first.

    So does a server that reads a file while somebody writes it. No field tells; only a digest does.
    """

    position: int
    """First byte that is the other object's."""
    make: Callable[[bytes], bytes]
    """Makes the other object's bytes from those of the true one."""

    def object_for(self, resource: Resource, request: Request) -> Resource:  # noqa: ARG002  # the same for all
        """Serve the torn object."""
        torn = resource.content[: self.position] + self.make(resource.content)[self.position :]
        return replace(resource, content=torn)


@dataclass(frozen=True, slots=True)
class ChangeEveryRequest(Fault):
    """Serves another object of the same length to each request, with its own validators."""

    weak: bool = False
    """Whether its entity tags are weak."""

    def object_for(self, resource: Resource, request: Request) -> Resource:
        """Serve an object made for this request."""
        tag = f'"change-{request.number}"'
        modified = resource.last_modified
        return replace(
            resource,
            content=body(request.number, len(resource.content)),
            etag=f"W/{tag}" if self.weak else tag,
            last_modified=None if modified is None else modified + request.number,
        )


@lru_cache(maxsize=4)
def _gzip(content: bytes) -> bytes:
    return gzip.compress(content, compresslevel=1, mtime=0)
