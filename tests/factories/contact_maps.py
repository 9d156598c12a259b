"""Maps of contacts to try coverage on: a small one to reckon by hand, and seeded ones of any size."""

import numpy as np

from openkam.analytics.relationship.coverage.contact_map import ContactMap, ContactPerson

ROLES = ("user", "influencer", "buyer", "decider")


def small_map(*, warm_at: float = 0.5, knows_theirs: bool = True) -> ContactMap:
    """Anna and Ben of ours; of theirs Dora decides, Eva buys, Finn uses and influences, Gus is known to nobody of ours.

    Anna knows Dora (0.8) and Eva (0.6), Ben knows Finn (0.9) and a little of Eva (0.2). Finn knows Dora and Gus, Eva knows Gus.
    """
    return ContactMap(
        ours=(
            ContactPerson("Anna", 3, "sales", yearly_turnover=0.2),
            ContactPerson("Ben", 1, "engineering", yearly_turnover=0.1),
        ),
        theirs=(
            ContactPerson("Dora", 4, "management", frozenset({"decider"}), 0.1),
            ContactPerson("Eva", 2, "purchasing", frozenset({"buyer"}), 0.3),
            ContactPerson("Finn", 1, "engineering", frozenset({"user", "influencer"}), 0.0),
            ContactPerson("Gus", 2, "purchasing", frozenset({"buyer", "gatekeeper"}), 0.2),
        ),
        across=np.array([[0.8, 0.6, 0.0, 0.0], [0.0, 0.2, 0.9, 0.0]]),
        among_ours=np.array([[0.0, 0.7], [0.7, 0.0]]),
        among_theirs=_symmetric(4, {(0, 2): 0.6, (2, 3): 0.5, (1, 3): 0.9}) if knows_theirs else None,
        warm_at=warm_at,
    )


def made_map(seed: int, our_count: int = 4, their_count: int = 7, density: float = 0.5) -> ContactMap:
    """Seeded people and ties."""
    random = np.random.default_rng(seed)

    def ties(rows: int, columns: int) -> np.ndarray:
        return random.random((rows, columns)).round(3) * (random.random((rows, columns)) < density)

    def people(side: str, count: int) -> tuple[ContactPerson, ...]:
        return tuple(
            ContactPerson(
                f"{side}{number}",
                int(random.integers(1, 5)),
                str(random.choice(["sales", "technology", "finance"])),
                frozenset(random.choice(ROLES, random.integers(0, 3), replace=False).tolist()) if side == "t" else frozenset(),
                round(float(random.random()), 2),
            )
            for number in range(count)
        )

    ours, theirs = ties(our_count, our_count), ties(their_count, their_count)
    return ContactMap(
        people("o", our_count),
        people("t", their_count),
        ties(our_count, their_count),
        np.triu(ours, 1) + np.triu(ours, 1).T,
        np.triu(theirs, 1) + np.triu(theirs, 1).T,
    )


def _symmetric(count: int, ties: dict[tuple[int, int], float]) -> np.ndarray:
    matrix = np.zeros((count, count))
    for (row, column), tie in ties.items():
        matrix[row, column] = matrix[column, row] = tie
    return matrix
