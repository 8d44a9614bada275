"""Systems that are not significantly different, as letters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from stancelab.metrics.significance.compared import Comparison


def significance_groups(ranked: Sequence[str], comparisons: Sequence[Comparison], level: float) -> dict[str, str]:
    """Return letters for each system: two that share one are not significantly different (a compact letter display).

    The groups are the largest sets of systems of which no two differ (Piepho, 2004); "a" has the best system.

    Args:
        ranked: The systems, the best first.
        comparisons: Of all pairs.
        level: A pair differs whose corrected p-value is below it.
    """
    import networkx as nx

    graph: nx.Graph[str] = nx.Graph()
    graph.add_nodes_from(ranked)
    graph.add_edges_from(each.systems for each in comparisons if each.p_holm >= level)
    place = {name: rank for rank, name in enumerate(ranked)}
    groups = sorted(sorted(place[name] for name in clique) for clique in nx.find_cliques(graph))
    letters = dict.fromkeys(ranked, "")
    for number, group in enumerate(groups):
        for rank in group:
            letters[ranked[rank]] += _letter(number)
    return letters


def _letter(number: int) -> str:
    letters = "abcdefghijklmnopqrstuvwxyz"
    return letters[number] if number < len(letters) else f"({number + 1})"
