"""Alpha of seven questions asked in thirty departments of a firm.

Source: the survey of Chatterjee and Price, Regression Analysis by Example (1977), which R carries as `attitude`. The package `psych`
(Revelle) gives α = 0.843, and without each question in turn the values below, rounded to three digits.
"""

import numpy as np
import pytest

from openkam.analytics.relationship.rapport.scale_reliability import scale_reliability

ANSWERS = """
43 51 30 39 61 92 45  63 64 51 54 63 73 47  71 70 68 69 76 86 48  61 63 45 47 54 84 35  81 78 56 66 71 83 47
43 55 49 44 54 49 34  58 67 42 56 66 68 35  71 75 50 55 70 66 41  72 82 72 67 71 83 31  67 61 45 47 62 80 41
64 53 53 58 58 67 34  67 60 47 39 59 74 41  69 62 57 42 55 63 25  68 83 83 45 59 77 35  77 77 54 72 79 77 46
81 90 50 72 60 54 36  74 85 64 69 79 79 63  65 60 65 75 55 80 60  65 70 46 57 75 85 46  50 58 68 54 64 78 52
50 40 33 34 43 64 33  64 61 52 62 66 80 41  53 66 52 50 63 80 37  40 37 42 58 50 57 49  63 54 42 48 66 75 33
66 77 66 63 88 76 72  78 75 58 74 80 78 49  48 57 44 45 51 83 38  85 85 71 71 77 74 55  82 82 39 59 64 78 39
"""
SCORES = np.array(ANSWERS.split(), dtype=np.float64).reshape(30, 7)
PUBLISHED_ALPHA = 0.843
PUBLISHED_WITHOUT = (0.810, 0.797, 0.828, 0.803, 0.795, 0.864, 0.840)


def test_alpha_is_the_published_one() -> None:
    found = scale_reliability(SCORES)
    assert found is not None
    assert found.alpha == pytest.approx(PUBLISHED_ALPHA, abs=0.0005)


@pytest.mark.parametrize("question", range(7))
def test_without_a_question_it_is_too(question: int) -> None:
    found = scale_reliability(np.delete(SCORES, question, axis=1))
    assert found is not None
    assert found.alpha == pytest.approx(PUBLISHED_WITHOUT[question], abs=0.0005)
