"""Writes random.json: the first values of a few keyed streams, from an implementation of its own in plain Python.

Run: python3 test/reference/random.py
Python floats are IEEE doubles, so + - * / and the square root give the same bits as JavaScript's.
"""
import json
import math
import pathlib

M = 0xFFFFFFFF
rotl = lambda x, k: ((x << k) | (x >> (32 - k))) & M


def absorb(v, block):
    v0, v1, v2, v3 = (a ^ (b & M) for a, b in zip(v, block))
    for _ in range(8):  # Chaskey rounds
        v0 = (v0 + v1) & M; v1 = rotl(v1, 5) ^ v0; v0 = rotl(v0, 16)
        v2 = (v2 + v3) & M; v3 = rotl(v3, 8) ^ v2
        v0 = (v0 + v3) & M; v3 = rotl(v3, 13) ^ v0
        v2 = (v2 + v1) & M; v1 = rotl(v1, 7) ^ v2; v2 = rotl(v2, 16)
    return [v0, v1, v2, v3]


def state_of_key(seed, stream, step):
    code = stream.encode("utf-16-be")
    units = [int.from_bytes(code[i:i + 2], "big") for i in range(0, len(code), 2)]
    v = absorb([0, 0, 0, 0], [0x7A644901, seed & M, seed >> 32, len(units)])
    for i in range(0, len(units), 8):
        part = units[i:i + 8] + [0] * (8 - len(units[i:i + 8]))
        v = absorb(v, [(part[j] << 16) | part[j + 1] for j in (0, 2, 4, 6)])
    return absorb(v, [step & M, step >> 32, 0, 0])


class Xoshiro:
    def __init__(self, state):
        self.s = list(state)

    def uint32(self):  # the reference code of xoshiro128** 1.1
        s = self.s
        result = (rotl((s[1] * 5) & M, 7) * 9) & M
        t = (s[1] << 9) & M
        s[2] ^= s[0]; s[3] ^= s[1]; s[1] ^= s[2]; s[0] ^= s[3]
        s[2] ^= t
        s[3] = rotl(s[3], 11)
        return result

    def uniform(self):
        return (self.uint32() >> 8) * 2.0 ** -24

    def open(self):
        return (self.uint32() + 0.5) * 2.0 ** -32

    def normal(self):
        while True:
            bits = self.uint32()
            layer, position = bits & 255, ((bits - (bits >> 31 << 32)) >> 8) + 0.5
            x = position * WIDTH[layer]
            if abs(position) < INSIDE[layer]:
                return x
            if layer == 0:
                return math.copysign(self.tail(), position)
            if F[layer] + self.open() * (F[layer + 1] - F[layer]) < exp(-0.5 * x * x):
                return x

    def tail(self):
        while True:
            a = -log(self.open()) / R
            b = -log(self.open())
            if b + b > a * a:
                return R + a

    def below(self, n):
        fair = 2 ** 32 - 2 ** 32 % n
        while True:
            bits = self.uint32()
            if bits < fair:
                return bits % n

    def permutation(self, n):
        order = list(range(n))
        for i in range(n - 1, 0, -1):
            j = self.below(i + 1)
            order[i], order[j] = order[j], order[i]
        return order


LN2 = 0.6931471805599453


INVERSE_FACTORIAL = [1 / math.factorial(n) for n in range(15)]


def exp(x):
    scale, r, total = 1.0, x, 0.0
    while r <= -0.5 * LN2:
        scale, r = scale * 0.5, r + LN2
    for coefficient in reversed(INVERSE_FACTORIAL):
        total = total * r + coefficient
    result = total * scale
    assert abs(result / math.exp(x) - 1) < 1e-13
    return result


def log(x):
    m, halvings, total = x, 0, 0.0
    while m < 0.7071067811865476:
        m, halvings = m * 2, halvings + 1
    s = (m - 1) / (m + 1)
    square = s * s
    for n in range(25, 0, -2):
        total = total * square + 1 / n
    result = 2 * s * total - halvings * LN2
    assert abs(result - math.log(x)) < 1e-13
    return result


R, AREA = 3.6541528853610088, 0.004928673233974655
X, F = [0.0] * 257, [0.0] * 257
X[1], F[1] = R, exp(-0.5 * R * R)
X[0] = AREA / F[1]
for i in range(1, 255):
    F[i + 1] = F[i] + AREA / X[i]
    X[i + 1] = math.sqrt(-2 * log(F[i + 1]))
F[256] = 1.0
assert abs(F[255] + AREA / X[255] - 1) < 1e-12, 'the layers do not close'
WIDTH = [X[i] / 2 ** 23 for i in range(256)]
INSIDE = [X[i + 1] / X[i] * 2 ** 23 for i in range(256)]


def first(key, method, n=8):
    stream = Xoshiro(state_of_key(*key))
    return [method(stream) for _ in range(n)]


def tail_values(key, n=8):
    stream, found = Xoshiro(state_of_key(*key)), []
    while len(found) < n:
        x = stream.normal()
        if abs(x) > R:
            found.append(x)
    return found


known = Xoshiro([1, 2, 3, 4])
assert [known.uint32() for _ in range(4)] == [11520, 0, 5927040, 70819200], 'not xoshiro128**'

keys = [(0, '', 0), (1, 'noise', 0), (1, 'noise', 1), (2, 'noise', 0), (1, 'order', 12345), (2 ** 53 - 1, 'glyphs/train', 2 ** 40 + 7), (7, 'längere Namen ∑', 3)]
golden = [
    {
        'seed': k[0], 'stream': k[1], 'step': k[2],
        'uint32': first(k, Xoshiro.uint32),
        'uniform': first(k, Xoshiro.uniform),
        'normal': first(k, Xoshiro.normal),
        'below1000': first(k, lambda s: s.below(1000)),
        'permutation': Xoshiro(state_of_key(*k)).permutation(8),
    }
    for k in keys
]
tail = {'seed': 1, 'stream': 'tail', 'step': 0, 'beyond': R, 'normal': tail_values((1, 'tail', 0))}
lines = ',\n'.join('    ' + json.dumps(g, ensure_ascii=False) for g in golden)
path = pathlib.Path(__file__).with_name('random.json')
path.write_text('{\n  "streams": [\n' + lines + '\n  ],\n  "tail": ' + json.dumps(tail) + '\n}\n', encoding='utf-8')
