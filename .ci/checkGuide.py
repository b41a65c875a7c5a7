"""Holds what the guide's commands found against the same numbers from PyTorch."""
import json

import numpy
import torch
from vae import encoder, images

audit = json.load(open('audit/audit.json'))
with torch.no_grad():
    mu, log_var = encoder(images)
rate = (-0.5 * (1 + log_var - mu**2 - log_var.exp())).sum(1).mean().item()
found = audit['statistics']['rate']['value']
assert abs(found - rate) < 1e-3 * rate, (found, rate)
roles = [output['role'] for output in audit['model']['encoder']['outputs']]
assert roles == ['mu', 'log_var'], roles
assert audit['model']['reading'], audit['model']
generated = numpy.load('images.npy')
assert generated.shape == (64, 784) and 0 <= generated.min() and generated.max() <= 1, generated.shape
print(f'guides: rate {found:.4f} nats, PyTorch {rate:.4f}')
