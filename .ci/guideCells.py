"""Stands for scVI in the guide: its model in small, trained on counts of simulated cells.

1,500 cells of three batches, 80 genes; encoder of log(1 + counts), 6 latents, decoder of gene shares, a negative binomial
with the cell's library size as its scale. Saves the KL of the training's own log beside the codes.
"""
import numpy
import torch
from torch import nn

torch.manual_seed(1)
torch.set_num_threads(1)
CELLS, GENES, LATENTS = 1500, 80, 6

batches = torch.randint(0, 3, (CELLS,))
programs, shifts = torch.randn(3, GENES), 0.5 * torch.randn(3, GENES)
shares = torch.softmax(torch.randn(CELLS, 3) @ programs + shifts[batches], 1)
library = torch.exp(7 + 0.4 * torch.randn(CELLS, 1))
counts = torch.poisson(library * shares * torch.distributions.Gamma(5.0, 5.0).sample((CELLS, GENES)))
batches = batches.numpy()


class Model(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(GENES, 64), nn.ReLU(), nn.Linear(64, 2 * LATENTS))
        self.decoder = nn.Sequential(nn.Linear(LATENTS, 64), nn.ReLU(), nn.Linear(64, GENES), nn.Softmax(1))
        self.log_dispersion = nn.Parameter(torch.zeros(GENES))

    def posterior(self, x):
        mu, log_var = self.encoder(torch.log1p(x) - 2).chunk(2, 1)
        return mu, log_var.exp()

    def loss(self, x):
        """Negative ELBO and KL, nats a cell."""
        mu, var = self.posterior(x)
        mean = x.sum(1, keepdim=True) * self.decoder(mu + var.sqrt() * torch.randn_like(mu))
        dispersion = self.log_dispersion.exp()
        counts = torch.distributions.NegativeBinomial(dispersion, logits=(mean + 1e-8).log() - self.log_dispersion)
        kl = 0.5 * (mu**2 + var - 1 - var.log()).sum(1).mean()
        return kl - counts.log_prob(x).sum(1).mean(), kl

    def get_latent_representation(self, return_dist):
        assert return_dist
        with torch.no_grad():
            mu, var = self.posterior(counts)
        return mu.numpy(), var.numpy()


model = Model()
optimizer = torch.optim.Adam(model.parameters(), 2e-3)
with torch.no_grad():
    before = model.loss(counts)[0].item()
for _ in range(600):
    loss, _ = model.loss(counts[torch.randint(0, CELLS, (128,))])
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
with torch.no_grad():
    after, kl = (value.item() for value in model.loss(counts))
assert after < before - 20 and kl > 1, (before, after, kl)
print(f'guides: negative ELBO of counts {before:.1f} -> {after:.1f} nats, KL {kl:.4f}')
numpy.save('kl.npy', kl)
exec(open('codes.py').read())
