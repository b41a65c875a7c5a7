"""torch.optim behind the configurations of src/engine/optim/config.ts."""

import torch


def make_optimizer(config, parameters):
    name, lr = config["name"], config["lr"]
    if name == "sgd":
        return torch.optim.SGD(parameters, lr=lr, foreach=False)
    if name == "momentum":
        return torch.optim.SGD(parameters, lr=lr, momentum=config["momentum"], foreach=False)
    if name == "rmsprop":
        return torch.optim.RMSprop(
            parameters, lr=lr, alpha=config["alpha"], eps=config["eps"], centered=config["centered"], foreach=False
        )
    betas = (config["beta1"], config["beta2"]) if name in ("adam", "adamw") else None
    if name == "adam":
        return torch.optim.Adam(parameters, lr=lr, betas=betas, eps=config["eps"], foreach=False)
    if name == "adamw":
        return torch.optim.AdamW(
            parameters, lr=lr, betas=betas, eps=config["eps"], weight_decay=config["weightDecay"], foreach=False
        )
    raise ValueError(f"optimizer: expected a name of OptimizerConfig, got {name}")
