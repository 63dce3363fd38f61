"""The arithmetic of fields, and what becomes of light."""

from __future__ import annotations

import pytest
from PIL import Image

from tui_downloader.demo.field import Field, across, developed, down, ellipse, mask, shining


def one(value: float) -> Field:
    return Field(Image.new("F", (1, 1), value))


@pytest.mark.parametrize(
    ("field", "value"),
    [
        (one(2) + one(3), 5),
        (one(2) + 3, 5),
        (one(2) - one(3), -1),
        (one(2) - 3, -1),
        (3 - one(2), 1),
        (one(2) * one(3), 6),
        (one(2) * 3, 6),
        (one(3) / one(2), 1.5),
        (one(3) / 2, 1.5),
        (one(2) ** 3, 8),
        (-one(2), -2),
        (abs(one(-2)), 2),
        (one(0).exp(), 1),
        (one(7).clamp(0, 5), 5),
        (one(-7).clamp(0, 5), 0),
        (one(0.2).step(0.2, 0.4), 0),
        (one(0.3).step(0.2, 0.4), 0.5),
        (one(9).step(0.2, 0.4), 1),
    ],
)
def test_arithmetic(field: Field, value: float) -> None:
    assert field.at(0, 0) == pytest.approx(value, abs=1e-5)


def test_positions() -> None:
    assert [across((3, 2)).at(x, 1) for x in range(3)] == [0, 1, 2]
    assert [down((3, 2)).at(2, y) for y in range(2)] == [0, 1]


def test_an_ellipse_is_nothing_in_its_middle_and_one_on_its_edge() -> None:
    lying = ellipse((20, 10), (0.5, 0.5), (0.4, 0.2))
    assert lying.at(10, 5) == pytest.approx(0)
    assert lying.at(14, 5) == pytest.approx(1)
    assert lying.at(10, 7) == pytest.approx(1)
    standing = ellipse((20, 10), (0.5, 0.5), (0.4, 0.2), turn_degrees=90)
    assert standing.at(12, 5) == pytest.approx(1)


def test_stretching_reaches_from_nothing_to_one_and_leaves_an_even_field_alone() -> None:
    assert (across((5, 1)) * 3 + 7).stretched().image.getextrema() == (0, 1)
    assert one(7).stretched().at(0, 0) == 0


def test_more_light_is_brighter_but_never_too_bright() -> None:
    exposed = [developed(shining([(one(amount), (1.0, 0.5, 0.0))])) for amount in (0, 1, 2, 1000)]
    reds = [picture.getchannel("R").getextrema()[0] for picture in exposed]
    assert reds == sorted(set(reds))
    assert exposed[0].getpixel((0, 0)) == (0, 0, 0)
    assert exposed[-1].getpixel((0, 0)) == (255, 255, 0)


def test_a_mask_cuts_off_what_does_not_fit() -> None:
    assert [mask(one(value)).getpixel((0, 0)) for value in (-1, 0, 1, 2)] == [0, 0, 255, 255]
