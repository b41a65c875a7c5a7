"""A small autoencoder of maps, as those of latent diffusion: what its guide imports as `autoencoder`.

Images [N, 3, 16, 16] in -1 ... 1 of coloured bars, codes [4, 4, 4], and a KL that hardly weighs.
"""
from types import SimpleNamespace

import torch
from torch import nn

torch.manual_seed(1)
torch.set_num_threads(1)
CHANNELS = 4


def bars(n):
    x = -torch.ones(n, 3, 16, 16)
    places = torch.randint(0, 12, (n, 2)).tolist()
    for image, colour, (left, top) in zip(x, torch.rand(n, 3, 1, 1), places):
        image[:, top : top + 4, left:] = 2 * colour - 1
    return x


class Autoencoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.encoder = nn.Sequential(nn.Conv2d(3, 16, 4, 2, 1), nn.ReLU(), nn.Conv2d(16, 16, 4, 2, 1))
        self.quant_conv = nn.Conv2d(16, 2 * CHANNELS, 1)
        self.post_quant_conv = nn.Conv2d(CHANNELS, 16, 1)
        self.decoder = nn.Sequential(
            nn.ConvTranspose2d(16, 16, 4, 2, 1), nn.ReLU(), nn.ConvTranspose2d(16, 3, 4, 2, 1), nn.Tanh()
        )


vae, images = Autoencoder(), bars(400)
optimizer = torch.optim.Adam(vae.parameters(), 3e-3)
for _ in range(200):
    x = images[torch.randint(0, len(images), (64,))]
    mu, log_var = vae.quant_conv(vae.encoder(x)).chunk(2, 1)
    z = mu + torch.exp(0.5 * log_var) * torch.randn_like(mu)
    score = (vae.decoder(vae.post_quant_conv(z)) - x).square().sum()
    loss = score - 0.005 * (1 + log_var - mu**2 - log_var.exp()).sum()
    optimizer.zero_grad()
    (loss / len(x)).backward()
    optimizer.step()
