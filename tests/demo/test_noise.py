"""Noise: seeded, within its bounds, and without a drift."""

from __future__ import annotations

from random import Random

import pytest
from PIL import Image, ImageStat

from tui_downloader.demo import noise
from tui_downloader.demo.field import Field

SIZE = (48, 32)


def clouds(seed: int) -> Field:
    return noise.clouds(SIZE, Random(seed), cells=3, octaves=4, gain=0.5)


def ridges(seed: int) -> Field:
    return noise.ridges(SIZE, Random(seed), cells=3, octaves=4, gain=0.5)


def stirred(seed: int) -> Field:
    return noise.stirred(clouds(0), Random(seed), cells=2, reach=0.1)


def test_the_seed_alone_decides() -> None:
    for kind in (clouds, ridges, stirred):
        assert kind(1).image.tobytes() == kind(1).image.tobytes()
        assert kind(1).image.tobytes() != kind(2).image.tobytes()


def test_noise_reaches_from_nothing_to_one() -> None:
    for kind in (clouds, ridges):
        assert kind(1).image.getextrema() == pytest.approx((0, 1))


def test_stirring_moves_and_makes_nothing_new() -> None:
    low, high = stirred(1).image.getextrema()
    assert isinstance(low, float)
    assert isinstance(high, float)
    assert low >= 0
    assert high <= 1


def test_grain_neither_lightens_nor_darkens() -> None:
    grain = ImageStat.Stat(noise.grain((128, 128), Random(1), strength=5.0))
    assert grain.mean == pytest.approx([128, 128, 128], abs=0.3)
    assert grain.stddev == pytest.approx([5, 5, 5], abs=0.3)


def test_a_picture_with_grain_stays_the_picture() -> None:
    grey = Image.new("RGB", (128, 128), (90, 100, 110))
    assert ImageStat.Stat(noise.with_grain(grey, Random(1), strength=5.0)).mean == pytest.approx(
        [90, 100, 110], abs=0.3
    )
