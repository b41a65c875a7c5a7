"""Holds the rate that the audit found to the KL of the training's own log."""
import json

import numpy

kl = float(numpy.load('kl.npy'))
rate = json.load(open('first/audit.json'))['statistics']['rate']['value']
assert abs(rate - kl) < 1e-4 * kl, (rate, kl)
print(f'guides: rate {rate:.4f} nats, KL of the training {kl:.4f}')
