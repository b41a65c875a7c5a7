"""A small convolutional VAE trained for a moment on drawn bars: what the PyTorch guide imports as `vae`."""
import torch
from torch import nn

torch.manual_seed(1)
torch.set_num_threads(1)
LATENTS = 8


def bars(n):
    x = torch.zeros(n, 1, 28, 28)
    for image, (column, width, height) in zip(x, torch.randint(2, 20, (n, 3)).tolist()):
        image[0, 28 - height :, column : column + 2 + width // 4] = 1
    return x


class Encoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.conv = nn.Conv2d(1, 8, 4, 4)
        self.mu, self.log_var = nn.Linear(392, LATENTS), nn.Linear(392, LATENTS)

    def forward(self, x):
        h = torch.relu(self.conv(x)).flatten(1)
        return self.mu(h), self.log_var(h)


class Decoder(nn.Module):
    def __init__(self):
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(LATENTS, 64), nn.ReLU(), nn.Linear(64, 784))

    def forward(self, z):
        return self.layers(z).reshape(-1, 1, 28, 28)


encoder, decoder = Encoder(), Decoder()
images = bars(1000)
optimizer = torch.optim.Adam([*encoder.parameters(), *decoder.parameters()], 2e-3)
for _ in range(150):
    x = images[torch.randint(0, len(images), (100,))]
    mu, log_var = encoder(x)
    logits = decoder(mu + torch.exp(0.5 * log_var) * torch.randn_like(mu))
    score = nn.functional.binary_cross_entropy_with_logits(logits, x, reduction='sum')
    loss = score - 0.5 * (1 + log_var - mu**2 - log_var.exp()).sum()
    optimizer.zero_grad()
    (loss / len(x)).backward()
    optimizer.step()
