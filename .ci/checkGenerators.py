"""Joins decoders as PyTorch exports them with fitted samplers, and holds the joined models to their two parts.

    checkGenerators.py ZDIST...

ZDIST is the command. For each decoder: `zdist repair`, then generator.onnx against sampler.onnx followed by the user's
own decoder, from the same noise. Both are run by Python's onnxruntime where it is installed; without it zdist runs its
own files, and PyTorch the decoder.
"""
import subprocess
import sys
import warnings

import numpy
import torch
from torch import nn

try:
    import onnxruntime
except ImportError:
    onnxruntime = None
try:
    import onnx
    import onnx.version_converter
except ImportError:
    onnx = None

# What the export cannot infer of contributed operators.
warnings.simplefilter('ignore')
torch.manual_seed(1)
torch.set_num_threads(1)
LATENTS, SIDE, IMAGES = 3, 6, 240
NOISE = numpy.random.default_rng(1).standard_normal((37, LATENTS)).astype('float32')


class Encoder(nn.Module):
    def __init__(self, channels, last):
        super().__init__()
        self.last = last
        self.mu = nn.Linear(channels * SIDE * SIDE, LATENTS)
        self.log_var = nn.Linear(channels * SIDE * SIDE, LATENTS)

    def forward(self, x):
        h = (x.permute(0, 3, 1, 2) if self.last else x).flatten(1) - 0.5
        return self.mu(h), self.log_var(h) - 2


class Decoder(nn.Module):
    """Transposed convolutions; images in 0 ... 1 at the end, so that no reading of them is in question."""

    def __init__(self, channels, last, activation=nn.ReLU):
        super().__init__()
        self.last, self.hidden, self.activation = last, nn.Linear(LATENTS, 8 * 9), activation()
        self.conv = nn.ConvTranspose2d(8, channels, 2, 2)

    def forward(self, z):
        x = torch.sigmoid(3 * self.conv(self.activation(self.hidden(z)).reshape(-1, 8, 3, 3)))
        return x.permute(0, 2, 3, 1) if self.last else x


class Contributed(torch.autograd.Function):
    """An operator of onnxruntime's own domain, with an attribute: x Wᵀ / 2 by FusedMatMul, then Gelu."""

    @staticmethod
    def forward(_, x, weight):
        return nn.functional.gelu(0.5 * x @ weight.T)

    @staticmethod
    def symbolic(g, x, weight):
        product = g.op('com.microsoft::FusedMatMul', x, weight, alpha_f=0.5, transB_i=1).setType(x.type())
        return g.op('com.microsoft::Gelu', product).setType(x.type())


class Fused(nn.Module):
    def __init__(self):
        super().__init__()
        self.weight = nn.Parameter(torch.randn(LATENTS, LATENTS))

    def forward(self, z):
        return Contributed.apply(z, self.weight)


class HalfProduct(torch.autograd.Function):
    """A product of half precision, which PyTorch itself has none of on a CPU."""

    @staticmethod
    def forward(_, x, weight):
        return (x.float() @ weight.float()).half()

    @staticmethod
    def symbolic(g, x, weight):
        return g.op('MatMul', x, weight).setType(x.type())


class HalfSigmoid(torch.autograd.Function):
    """The same for the logistic function."""

    @staticmethod
    def forward(_, x):
        return torch.sigmoid(x.float()).half()

    @staticmethod
    def symbolic(g, x):
        return g.op('Sigmoid', x).setType(x.type())


class Half(nn.Module):
    """A decoder that takes, holds and gives float16."""

    def __init__(self):
        super().__init__()
        self.first = nn.Parameter(torch.randn(LATENTS, 16).half())
        self.second = nn.Parameter(0.3 * torch.randn(16, SIDE * SIDE).half())

    def forward(self, z):
        h = HalfProduct.apply(z, self.first)
        return HalfSigmoid.apply(HalfProduct.apply(h * h, self.second)).reshape(-1, 1, SIDE, SIDE)


def export(module, example, path, inputs, outputs, opset=13, fixed=False, domains=None):
    axes = {} if fixed else {name: {0: 'n'} for name in inputs + outputs}
    torch.onnx.export(module, example, path, input_names=inputs, output_names=outputs, opset_version=opset,
                      dynamic_axes=axes, custom_opsets=domains)


def decoders():
    """Name, module, options of its export, and what is done to the file then."""
    for opset in (11, 13, 17):
        yield f'opset {opset}', Decoder(1, False), {'opset': opset}, None
    yield 'colours, channels last', Decoder(3, True), {}, None
    yield 'colours, planar', Decoder(3, False), {}, None
    fused = nn.Sequential(Fused(), Decoder(1, False, nn.Tanh))
    yield 'FusedMatMul and Gelu of com.microsoft', fused, {'domains': {'com.microsoft': 1}}, None
    yield 'fixed batch of 16', Decoder(1, False), {'fixed': True}, None
    yield 'half precision', Half(), {}, None
    if onnx is not None:
        convert = onnx.version_converter.convert_version
        yield 'opset 21', Decoder(1, False), {'opset': 17}, lambda model: convert(model, 21)
        yield 'weights beside', Decoder(1, False), {}, 'beside'


def decoded(path, module, z):
    """What the user's own decoder makes of z, without zdist."""
    if onnxruntime is None:
        with torch.no_grad():
            return module(torch.tensor(z).to(next(module.parameters()).dtype)).float().numpy()
    session = onnxruntime.InferenceSession(path)
    (port,) = session.get_inputs()
    fed = z.astype('float16') if port.type == 'tensor(float16)' else z
    size = port.shape[0] if isinstance(port.shape[0], int) else len(fed)
    blocks = []
    for start in range(0, len(fed), size):
        block = fed[start : start + size]
        padded = numpy.concatenate([block, numpy.zeros((size - len(block), LATENTS), fed.dtype)])
        blocks.append(session.run(None, {port.name: padded})[0][: len(block)])
    return numpy.concatenate(blocks).astype('float32')


def sampled(zdist, path):
    """What a file that zdist wrote makes of the noise."""
    if onnxruntime is not None:
        return onnxruntime.InferenceSession(path).run(None, {'noise': NOISE})[0]
    numpy.save('noise.npy', NOISE)
    subprocess.run([*zdist, 'sample', path, '--noise', 'noise.npy', '--out', 'drawn.npy', '--quiet'], check=True,
                   stdout=subprocess.DEVNULL)
    return numpy.load('drawn.npy')


def check(zdist, number, name, module, options, after):
    channels, last = (3, module.last) if 'colours' in name else (1, False)
    dtype = torch.float16 if isinstance(module, Half) else torch.float32
    images = torch.rand(IMAGES, SIDE, SIDE, channels) if last else torch.rand(IMAGES, channels, SIDE, SIDE)
    images[:, :3] = images[:, :3].round()
    encoder, decoder, out = f'encoder{number}.onnx', f'decoder{number}.onnx', f'repair{number}'
    export(Encoder(channels, last), images[:2], encoder, ['x'], ['mu', 'log_var'])
    example = torch.zeros(16 if options.get('fixed') else 2, LATENTS, dtype=dtype)
    export(module, example, decoder, ['z'], ['image'], **options)
    if after == 'beside':
        onnx.save(onnx.load(decoder), decoder, save_as_external_data=True, location='weights.bin', size_threshold=0)
    elif after is not None:
        onnx.save(after(onnx.load(decoder)), decoder)
    numpy.save('images.npy', images.numpy())
    found = subprocess.run([*zdist, 'repair', '--encoder', encoder, '--decoder', decoder, '--data', 'images.npy',
                            '--samplers', 'full-gaussian', '--out', out, '--quiet'], stdout=subprocess.PIPE, text=True)
    assert found.returncode == 0, f'{name}: zdist repair ended with {found.returncode}'
    z = sampled(zdist, f'{out}/sampler.onnx')
    expected = decoded(decoder, module, z).reshape(len(NOISE), -1)
    image = sampled(zdist, f'{out}/generator.onnx').reshape(len(NOISE), -1)
    worst = abs(image - expected).max()
    # Half precision keeps ten bits of each value on the way.
    assert worst < (5e-3 if dtype is torch.float16 else 2e-6), (name, worst)
    print(f'  {name}: largest difference {worst:.1e}')


if onnxruntime is None:
    print('  no onnxruntime in Python: zdist runs the generators, PyTorch the decoders')
for number, case in enumerate(decoders()):
    check(sys.argv[1:], number, *case)
