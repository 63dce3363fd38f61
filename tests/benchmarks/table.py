"""Medians and ratios as a table and as JSON.

Owns how figures are shown. A ratio is ours over the best peer's, of medians from one run.
"""

from __future__ import annotations

import json
import statistics
from dataclasses import asdict, dataclass, field
from pathlib import Path


@dataclass(slots=True)
class Row:
    """One thing that was measured."""

    what: str
    """In words."""
    aim: str
    """What it should be; empty where there is no aim."""
    ours: list[float] = field(default_factory=list)
    """Our figures, in the order measured."""
    others: dict[str, list[float]] = field(default_factory=dict)
    """The peers' figures."""
    unit: str = "s"
    """Of all figures."""
    against: str | None = None
    """The peer that the aim speaks of; `None` is the best."""

    def figures_of(self, name: str) -> list[float]:
        """Return the list that one downloader's figures go into; `ours` is ours."""
        return self.ours if name == "ours" else self.others.setdefault(name, [])

    @property
    def best(self) -> tuple[str, float] | None:
        """The peer to compare with (the best, if the aim names none) and its median; `None` without peers."""
        wanted = {self.against} if self.against else self.others.keys()
        medians = {name: statistics.median(self.others[name]) for name in wanted if self.others.get(name)}
        return min(medians.items(), key=lambda each: each[1]) if medians else None

    @property
    def ratio(self) -> float | None:
        """Our median over the best peer's."""
        best = self.best
        return statistics.median(self.ours) / best[1] if best and best[1] and self.ours else None


def as_text(rows: list[Row]) -> str:
    """Lay the rows out for people."""
    lines = [f"{'what':44} {'ours':>10} {'peer':>24} {'ratio':>7}  aim"]
    for row in rows:
        ours = f"{statistics.median(row.ours):.3g} {row.unit}" if row.ours else "–"
        best = f"{row.best[0]} {row.best[1]:.3g} {row.unit}" if row.best else "–"
        ratio = f"{row.ratio:.2f}" if row.ratio is not None else "–"
        lines.append(f"{row.what:44} {ours:>10} {best:>24} {ratio:>7}  {row.aim}")
    return "\n".join(lines)


def write_json(rows: list[Row], path: Path, *, made_on: dict[str, str]) -> None:
    """Write every single figure, and what it was made on."""
    figures = [asdict(row) | {"ratio": row.ratio} for row in rows]
    path.write_text(json.dumps({"made_on": made_on, "figures": figures}, indent=1) + "\n")
