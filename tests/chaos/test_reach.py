"""Where a server can lead a download: not into the private network, judged by addresses, not by their text."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from tests.chaos.public_network import COMMAND, SPELLINGS, why_not_possible

Told = dict[str, dict[str, str]]


@pytest.fixture(scope="module")
def told() -> Told:
    """Return what came of each scene in a network with a public address."""
    reason = why_not_possible()
    if reason is not None:
        pytest.skip(reason)
    command = [*COMMAND, sys.executable, "-m", "tests.chaos.public_network"]
    environment = {**os.environ, "TUIDL_TEST_NETWORK": "1"}
    done = subprocess.run(command, capture_output=True, check=False, env=environment, timeout=120)
    assert done.returncode == 0, done.stderr.decode()
    value: Told = json.loads(done.stdout)
    return value


def test_no_spelling_of_an_inner_address_is_followed(told: Told) -> None:
    by_spelling = told["spelling"]
    assert {each: by_spelling[each] for each in SPELLINGS} == dict.fromkeys(SPELLINGS, "refused-redirect")
    assert by_spelling["asked inside"] == "0"


def test_what_is_allowed_or_public_is_followed(told: Told) -> None:
    """It could have found something: the same redirects lead to the secret where they may."""
    assert (told["spelling"]["allowed"], told["spelling"]["public to public"]) == ("secret", "secret")


def test_a_name_that_means_something_else_at_the_second_look_leads_nowhere(told: Told) -> None:
    expected = {"first": "http://cdn.example:PORT/a", "second": "refused-redirect", "asked inside": "0"}
    assert told["another look"] == expected
