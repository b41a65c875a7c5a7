"""Writes sobol.json: points of the unscrambled Sobol sequence in 21 dimensions, as scipy draws them.

Run from test: /usr/bin/python3 -m reference.sobol
scipy holds the direction numbers of Joe and Kuo (new-joe-kuo-6.21201) and draws 30 bits, so that every value is exact.
"""

from scipy.stats import qmc

from reference.reference_json import write_reference

DIMENSIONS = 21


def points(start, count):
    sequence = qmc.Sobol(d=DIMENSIONS, scramble=False)
    if start > 0:
        sequence.fast_forward(start)
    return [{"index": start + i, "point": point} for i, point in enumerate(sequence.random(count).tolist())]


write_reference(__file__, points(0, 20) + points(1000, 3) + points(1_000_003, 2))
