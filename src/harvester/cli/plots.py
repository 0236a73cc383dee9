"""Plots of an evaluation: what must be read to find how many, month by month, calibration, and the learning curve."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from harvester.editorial.evaluate import Evaluation, Ranking

_SHOWN = ("wss_95", "recall_top_10_percent", "precision_20_best_of_ceiling", "average_precision")


def write_plots(found: Iterable[Evaluation], folder: Path) -> Iterator[Path]:
    """Writes `<list>-ranking.svg` for every list with a ranking; returns the paths."""
    import matplotlib

    matplotlib.use("svg")
    matplotlib.rcParams["svg.hashsalt"] = "harvester"  # the same figures give the same bytes
    from matplotlib import pyplot

    folder.mkdir(parents=True, exist_ok=True)
    for one in found:
        if one.ranking is None:
            continue
        panels = 4 if one.ranking.curve else 3
        figure, axes = pyplot.subplots(1, panels, figsize=(5 * panels, 4.5), layout="constrained")
        months = dict.fromkeys((one.months[0].month, one.months[-1].month))
        figure.suptitle(f"{one.list}: {' to '.join(months)}")
        _effort(axes[0], one.ranking)
        _months(axes[1], one.ranking)
        _calibration(axes[2], one.ranking)
        if one.ranking.curve:
            _curve(axes[3], one.ranking)
        path = folder / f"{one.list}-ranking.svg"
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)
        yield path


def _effort(axes: Any, ranking: Ranking) -> None:
    furthest = 100 * ranking.effort[-1][0]
    read = [0.0, *(100 * read for read, _ in ranking.effort), 1.3 * furthest]
    found = [0.0, *(100 * found for _, found in ranking.effort), 100.0]
    axes.plot(read, found, drawstyle="steps-post")
    axes.axhline(95, color="grey", linewidth=0.8, linestyle=":")
    axes.set(
        xlim=(0, 1.3 * furthest),
        ylim=(0, 101),
        xlabel="papers read, %",
        ylabel="accepted papers found, %",
        title="Effort",
    )


def _months(axes: Any, ranking: Ranking) -> None:
    months = sorted(ranking.by_month)
    for number, name in enumerate(_SHOWN):
        beside = (number - (len(_SHOWN) - 1) / 2) * 0.08  # so that no dot hides another
        places = [place + beside for place in range(len(months))]
        values = [ranking.by_month[month][name] for month in months]
        axes.plot(places, values, marker="o", label=name.replace("_", " "))
    axes.set(xlim=(-0.5, len(months) - 0.5), ylim=(0, 1.05), title="Month by month")
    axes.set_xticks(range(len(months)), months)
    axes.legend(fontsize="small", loc="lower left")
    axes.tick_params(axis="x", rotation=45)


def _calibration(axes: Any, ranking: Ranking) -> None:
    axes.plot([1e-5, 1], [1e-5, 1], color="grey", linewidth=0.8, linestyle=":")
    axes.plot([one.promised for one in ranking.reliability], [one.accepted for one in ranking.reliability], marker="o")
    axes.set_xscale("symlog", linthresh=1e-3)
    axes.set_yscale("symlog", linthresh=1e-3)
    axes.set(xlim=(0, 1.1), ylim=(0, 1.1), xlabel="promised", ylabel="accepted", title="Calibration")
    for one in ranking.reliability:
        axes.annotate(
            f"{one.papers:,}",
            (one.promised, one.accepted),
            xytext=(4, -10),
            textcoords="offset points",
            fontsize="x-small",
        )


def _curve(axes: Any, ranking: Ranking) -> None:
    for name in _SHOWN:
        axes.plot(
            [one.papers for one in ranking.curve],
            [one.measures[name].value for one in ranking.curve],
            marker="o",
            label=name.replace("_", " "),
        )
    axes.set(ylim=(0, 1.02), xlabel="accepted papers learnt from, in the last month", title="Learning curve")
