"""Holds what zdist says of codes with places against numpy: the scaling factor, channels, and what was audited."""
import json

import numpy

mu, sigma = numpy.load('mu.npy').astype('float64'), numpy.load('sigma.npy').astype('float64')
maps = json.load(open('audit/audit.json'))['model']['spatial']
assert maps['shape'] == [4, 4, 4] and maps['audited'] == 'codes', maps['shape']


def factor(mu, sigma):
    return 1 / numpy.sqrt(mu.var() + (sigma**2).mean())


# The audit takes one draw of each code, the moments alone take the posteriors themselves.
assert abs(maps['scalingFactor'] / factor(mu, sigma) - 1) < 0.01, maps['scalingFactor']
channels = numpy.split(mu, 4, 1), numpy.split(sigma, 4, 1)
for found, mu_c, sigma_c in zip(maps['channels'], *channels):
    assert abs(found['scalingFactor'] / factor(mu_c, sigma_c) - 1) < 0.03, found
least, middle, most = maps['places']['sd']
assert 0 < least <= middle <= most and -1 <= maps['neighbours'] <= 1
alone = json.load(open('moments.json'))
assert abs(alone['scalingFactor'] / factor(mu, sigma) - 1) < 1e-6, alone['scalingFactor']
assert numpy.allclose([each['mean'] for each in alone['dimensions']], mu.mean(0), atol=1e-6)
print(f"guides: scaling factor {alone['scalingFactor']:.5f}, numpy {factor(mu, sigma):.5f}, by draws {maps['scalingFactor']:.5f}")
