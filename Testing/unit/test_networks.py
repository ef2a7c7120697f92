"""The two deep networks: their size as specified, their shapes, and what their parts promise."""

import math

import numpy as np
import pytest
import torch
from IQTLib.errors import InputError
from IQTLib.methods.networks.ddl.generator import CodeEncoder, DictionaryGenerator
from IQTLib.methods.networks.ddl.network import DeepDictionary
from IQTLib.methods.networks.layers import Conv3d, CubicUpsample, keys_matrix
from IQTLib.methods.networks.unet.network import AnisotropicUNet
from torch import nn

SLIGHTLY = 1e-5


@pytest.fixture(autouse=True)
def _seeded():
    torch.manual_seed(0)


def parameters(network: nn.Module) -> int:
    return sum(parameter.numel() for parameter in network.parameters())


def on_paper(build) -> nn.Module:
    """A network without memory for its numbers."""
    with torch.device("meta"):
        return build()


def small_ddl(**options) -> DeepDictionary:
    network = DeepDictionary(8, 8, **options)
    network.store()
    return network


def grown(network: DeepDictionary) -> torch.Tensor:
    """What the network's dictionary would be in training, on its own draw of noise."""
    return network.generator(network.noise)


# Sizes
#
# The paper prints no number of parameters: these follow from our own specification of its layers,
# counted by hand there. They tell when a layer changes by accident, and nothing about agreement with the paper.


@pytest.mark.parametrize(
    ("factor", "filters", "count"),
    [(4, 16, 9_685_017), (8, 16, 9_692_185), (2, 16, 9_683_481), (4, 8, 2_424_173), (4, 4, 607_503)],
)
def test_unet_has_the_number_of_parameters_of_our_specification(factor, filters, count):
    """Ours, not the paper's: it prints none."""
    assert parameters(on_paper(lambda: AnisotropicUNet(factor, filters))) == count


@pytest.mark.parametrize(
    ("atoms", "filters", "count"),
    [(64, 64, 27_394_027), (128, 128, 109_526_827), (64, 32, 7_016_139), (128, 32, 7_553_227), (64, 16, 1_894_747),
     (64, 8, 600_939)],
)  # fmt: skip
def test_ddl_has_the_number_of_parameters_of_our_specification(atoms, filters, count):
    """Ours, not the paper's: it prints none."""
    network = on_paper(lambda: DeepDictionary(atoms, filters, complement="literal"))
    fuse = parameters(network.fuse)
    assert fuse == 2 * 5**3 + 1
    assert parameters(network) == count


def test_parts_of_ddl_64_have_the_sizes_derived_for_them():
    """As we read it: 2 N - 2 nodes of two 1^3 convs on q = 4 channels; the code is a grouped and a 1^3 conv."""
    network = on_paper(lambda: DeepDictionary(64, 64, complement="literal"))
    node = 2 * (4 * 4 + 4)
    assert parameters(network.generator) == 126 * node
    assert parameters(network.encoder) == 64 * 4 + 64 + 64 * 64 + 64
    assert parameters(network.generator) + parameters(network.encoder) == 9_520
    assert parameters(network.complement) == 64 * 64 * 8 + 64 + 64 * 64 + 64 == 36_992


def test_residual_costs_no_parameter():
    for build in (AnisotropicUNet, DeepDictionary):
        counts = {parameters(on_paper(lambda: build(residual=residual))) for residual in (True, False)}  # noqa: B023
        assert len(counts) == 1


# Shapes


@pytest.mark.parametrize("patch", [16, 32, 48])
@pytest.mark.parametrize("build", [lambda: AnisotropicUNet(4, 2), small_ddl], ids=["unet", "ddl"])
def test_patches_become_cubes(build, patch):
    low = torch.rand(2, 1, patch, patch, patch // 4)
    with torch.no_grad():
        high = build().eval()(low)
    assert high.shape == (2, 1, patch, patch, patch)
    assert high.dtype == torch.float32


@pytest.mark.parametrize("factor", [2, 4, 8])
def test_unet_takes_every_multiple_it_names(factor):
    network = AnisotropicUNet(factor, 2).eval()
    x, y, z = network.multiple
    for times in (1, 3):
        with torch.no_grad():
            assert network(torch.rand(1, 1, x, y, z * times)).shape[2:] == (x, y, z * times * factor)


@pytest.mark.parametrize("scale", [(1, 1, 2), (1, 1, 3), (1, 1, 8), (2, 2, 2), (2, 1, 4)])
def test_ddl_takes_any_scale_per_axis(scale):
    network = small_ddl(scale=scale, residual=False).eval()
    with torch.no_grad():
        high = network(torch.rand(1, 1, 16, 8, 8))
    assert high.shape[2:] == tuple(n * s for n, s in zip((16, 8, 8), scale, strict=True))
    assert torch.isfinite(high).all()


def test_odd_factors_and_numbers_of_atoms_are_refused():
    with pytest.raises(InputError, match="2, 4 or 8"):
        AnisotropicUNet(3, 2)
    with pytest.raises(InputError, match="power of two"):
        DictionaryGenerator(48, (1, 1, 4))


# The base: cubic interpolation


@pytest.mark.parametrize("factor", [2, 3, 4, 8])
def test_keys_matrix_is_the_cubic_convolution_of_another_implementation(factor):
    """torch's bicubic resize has a = -0.75, PIL's a = -0.5: the kernel of Keys 1981, eq. 15, in its textbook form."""

    def kernel(s: float) -> float:
        s = abs(s)
        if s < 1:
            return 3 / 2 * s**3 - 5 / 2 * s**2 + 1
        return -1 / 2 * s**3 + 5 / 2 * s**2 - 4 * s + 2 if s < 2 else 0.0

    count = 7
    samples = np.random.default_rng(0).normal(size=count)
    padded = np.pad(samples, 3, mode="edge")
    wanted = [
        sum(padded[j + 3] * kernel(m / factor - j) for j in range(-3, count + 3) if abs(m / factor - j) < 2)
        for m in range(count * factor)
    ]
    np.testing.assert_allclose(keys_matrix(count, factor) @ samples, wanted, atol=SLIGHTLY)


def test_keys_matrix_agrees_with_pillow_between_samples():
    """PIL's bicubic (a = -0.5) enlarges about voxel centres: at factor 3 its middle samples lie on ours."""
    image = pytest.importorskip("PIL.Image")
    samples = np.random.default_rng(1).normal(size=9).astype(np.float32)
    large = np.asarray(image.fromarray(samples[None]).resize((27, 1), image.Resampling.BICUBIC))[0]
    ours = keys_matrix(9, 3) @ samples
    np.testing.assert_allclose(ours[6:-7], large[7:-6], atol=SLIGHTLY)


@pytest.mark.parametrize("factor", [2, 3, 4, 8])
def test_cubic_base_keeps_measured_slices_and_constants_and_is_exact_for_ramps(factor):
    base, low = CubicUpsample(factor), torch.randn(2, 1, 3, 3, 6)
    assert torch.equal(base(low)[..., ::factor], low)
    assert torch.allclose(base(torch.ones(1, 6)), torch.ones(1, 6 * factor), atol=SLIGHTLY)
    inside = slice(factor, 4 * factor + 1)
    ramp = base(torch.arange(6.0))[inside]
    assert torch.allclose(ramp, (torch.arange(6 * factor) / factor)[inside], atol=SLIGHTLY)


def test_cubic_base_repeats_a_single_slice():
    assert torch.allclose(CubicUpsample(4)(torch.full((1, 1), 3.0)), torch.full((1, 4), 3.0), atol=SLIGHTLY)


# The dictionary


def test_atoms_lie_between_minus_one_and_one_and_differ():
    for leaky in (True, False):
        atoms = DictionaryGenerator(64, (1, 1, 4), leaky=leaky)(torch.randn(1, 4, 1, 1, 1)).detach()
        assert atoms.shape == (1, 64, 1, 1, 4)
        assert atoms.abs().max() < 1
    assert len(torch.unique(atoms.flatten(1).round(decimals=4), dim=1)[0]) > 4


def test_every_node_of_the_tree_has_two_children_of_its_own():
    """Noise that changes nothing at one leaf's branch: its atom moves, no other one does."""
    generator = DictionaryGenerator(8, (1, 1, 4))
    noise = generator.noise()
    before = generator(noise).detach()
    with torch.no_grad():
        generator.levels[-1][5].layers[2].bias.add_(0.5)
    moved = (generator(noise) - before).detach().abs().amax((0, 2, 3, 4)) > 0
    assert moved.nonzero().flatten().tolist() == [5]
    with torch.no_grad():
        generator.levels[0][0].layers[2].bias.add_(0.5)
    moved = (generator(noise) - before).detach().abs().amax((0, 2, 3, 4)) > 0
    assert set(moved.nonzero().flatten().tolist()) <= {0, 1, 2, 3, 5}


def test_shuffling_permutes_the_atoms_and_gives_each_its_code():
    network = small_ddl().train()
    network.fresh, network.shuffling = False, True
    atoms, code = network.grown()
    straight = grown(network)
    where = torch.cdist(atoms[0].flatten(1), straight[0].flatten(1)).argmin(dim=1)
    assert sorted(where.tolist()) == list(range(8))
    assert where.tolist() != list(range(8))
    assert torch.equal(code, network.encoder(straight[:, where]))


def test_dictionary_is_fresh_each_time_until_it_is_frozen():
    network = small_ddl().train()
    assert not torch.equal(network.grown()[0], network.grown()[0])
    network.fresh = False
    assert torch.equal(network.grown()[0], network.grown()[0])
    assert torch.equal(network.grown()[0], grown(network))


def test_code_of_an_atom_comes_from_its_own_voxels_first():
    encoder = CodeEncoder(4, (1, 1, 4))
    assert encoder(torch.rand(1, 4, 1, 1, 4)).shape == (1, 4, 1, 1, 1)
    assert encoder.layers[0].weight.shape == (4, 1, 1, 1, 4)


# The whole of DDL


def test_stored_dictionary_gives_the_same_output_twice_also_after_saving():
    network, low = small_ddl().eval(), torch.rand(1, 1, 16, 16, 4)
    with torch.no_grad():
        first, second = network(low), network(low)
        copy = DeepDictionary(8, 8)
        copy.load_state_dict(network.state_dict())
        assert torch.equal(first, second)
        assert torch.equal(first, copy.eval()(low))


def test_storing_leaves_the_network_in_its_mode_and_keeps_what_grows_from_its_noise():
    network = DeepDictionary(8, 8).train()
    network.shuffling = True
    network.store()
    assert network.training
    assert torch.equal(network.dictionary, grown(network).detach())
    assert torch.equal(network.code, network.encoder(network.dictionary).detach())


def test_coefficients_are_a_softmax():
    network = small_ddl().eval()
    with torch.no_grad():
        coefficients = network.coefficients(torch.rand(2, 1, 16, 16, 4), network.code)
    assert coefficients.shape == (2, 8, 16, 16, 4)
    assert coefficients.min() >= 0
    assert torch.allclose(coefficients.sum(dim=1), torch.ones(2, 16, 16, 4), atol=SLIGHTLY)


def test_mix_paints_each_voxels_atom_into_its_block():
    """One-hot coefficients: block (x, y, z) of the high-field grid is the chosen atom."""
    network = small_ddl(scale=(2, 1, 4), residual=False)
    with torch.no_grad():  # the fused inside repeats the first of its two channels
        network.fuse.weight.zero_()
        network.fuse.weight[0, 0, 2, 2, 2] = 1
        network.fuse.bias.zero_()
    which = torch.randint(8, (1, 4, 5, 3))
    coefficients = nn.functional.one_hot(which, 8).movedim(-1, 1).float()
    with torch.no_grad():
        high = network.reconstruct(coefficients, network.dictionary)[0, 0]
    for x, y, z in np.ndindex(4, 5, 3):
        block = high[2 * x : 2 * x + 2, y : y + 1, 4 * z : 4 * z + 4]
        assert torch.allclose(block, network.dictionary[0, which[0, x, y, z]], atol=SLIGHTLY)


@pytest.mark.parametrize(("complement", "kernel"), [("centred", (1, 1, 2)), ("literal", (2, 2, 2))])
def test_complementary_map_touches_only_the_inside_along_slices(complement, kernel):
    """x' lives on z in [2, 4 k - 2), the 5-tap filter on z in [4, 4 k - 4): the margin keeps x."""
    network = small_ddl(complement=complement)
    assert network.complement[0].kernel_size == kernel
    coefficients = torch.softmax(torch.randn(1, 8, 8, 8, 4), dim=1)
    with torch.no_grad():
        plain = network.reconstruct(coefficients, network.dictionary)
        network.fuse.bias.add_(1)
        moved = (network.reconstruct(coefficients, network.dictionary) - plain).abs() > 0.5
    assert moved[..., 4:-4].all()
    assert not moved[..., :4].any()
    assert not moved[..., -4:].any()


def test_complementary_atoms_lie_across_the_borders_of_atoms():
    """With a filter that takes x' alone, high-field slices 4 ... 4 k - 5 show atoms that begin at slices 2, 6, 10."""
    network = small_ddl(residual=False)
    with torch.no_grad():
        network.fuse.weight.zero_()
        network.fuse.weight[0, 1, 2, 2, 2] = 1
        network.fuse.bias.zero_()
        network.complement[2].weight.zero_()
        network.complement[2].bias.copy_(torch.tensor([0, 40.0, 0, 0, 0, 0, 0, 0]))  # M' chooses atom 1 everywhere
        high = network.reconstruct(torch.softmax(torch.randn(1, 8, 4, 4, 4), dim=1), network.dictionary)[0, 0]
    atom = network.dictionary[0, 1, 0, 0]
    wanted = torch.cat([atom[2:], atom, atom[:2]])
    assert torch.allclose(high[..., 4:-4], wanted.expand(4, 4, 8), atol=SLIGHTLY)


def test_residual_adds_the_cubic_interpolation():
    for network in (small_ddl(), AnisotropicUNet(4, 2)):
        network, low = network.eval(), torch.rand(1, 1, 16, 16, 4)
        with torch.no_grad():
            whole = network(low)
            base, network.base = network.base, None
            assert torch.allclose(whole, network(low) + base(low), atol=SLIGHTLY)


def test_output_of_ddl_without_residual_is_bounded_by_its_atoms_at_the_margin():
    network = small_ddl(residual=False).eval()
    with torch.no_grad():
        high = network(5 * torch.randn(1, 1, 16, 16, 4))
    assert high[..., :4].abs().max() < 1


# Gradients


@pytest.mark.parametrize(
    "build",
    [
        lambda: AnisotropicUNet(2, 2),
        lambda: AnisotropicUNet(4, 2),
        lambda: AnisotropicUNet(8, 2, residual=False),
        small_ddl,
        lambda: small_ddl(complement="literal", residual=False),
    ],
)
def test_gradient_reaches_every_parameter(build):
    network = build().train()
    low = torch.rand(4, 1, 32, 32, 8)
    (network(low) ** 2).mean().backward()
    without = [name for name, p in network.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0]
    # A bias before batch normalisation is taken out again by it, and a dead ReLU is dead.
    assert [name for name in without if not name.endswith("bias")] == []
    assert all(p.grad is not None and torch.isfinite(p.grad).all() for p in network.parameters())


# Half precision on CPUs


def gradients(layer: nn.Module, data: torch.Tensor, *, half: bool) -> torch.Tensor:
    layer.zero_grad()
    with torch.autocast("cpu", torch.bfloat16, enabled=half):
        result = layer(data)
    (result.float() ** 2).mean().backward()
    return layer.weight.grad.clone()


def dirty_memory() -> None:
    """Leave NaN in freed memory, so that whoever reads uninitialised memory is found out."""
    for size in range(6, 20):
        torch.full((2**size,), math.nan)


@pytest.mark.parametrize("plane", [1, 2, 3, 4, 8])
def test_bfloat16_gradients_on_the_cpu_are_those_of_full_precision(plane):
    """oneDNN's, for 3^3 kernels on planes of 1 x 1 and 2 x 2 voxels, are what happened to lie in memory."""
    layer = Conv3d(16, 16, 3, padding=1).to(memory_format=torch.channels_last_3d)
    data = torch.randn(8, 16, plane, plane, 2)
    full = gradients(layer, data, half=False)
    for _ in range(3):
        dirty_memory()
        assert (gradients(layer, data, half=True) - full).norm() < 0.02 * full.norm()


@pytest.mark.parametrize("patch", [16, 32])
@pytest.mark.parametrize("build", [lambda: AnisotropicUNet(4, 2), small_ddl], ids=["unet", "ddl"])
def test_no_wide_kernel_sees_a_small_plane_in_bfloat16(build, patch):
    network, seen = build(), []

    def note(layer: nn.Module, inputs: tuple[torch.Tensor], result: torch.Tensor) -> None:
        seen.append((max(layer.kernel_size), min(inputs[0].shape[2:4]), result.dtype))

    for layer in network.modules():
        if isinstance(layer, nn.Conv3d):
            layer.register_forward_hook(note)
    with torch.autocast("cpu", torch.bfloat16), torch.no_grad():
        network(torch.rand(2, 1, patch, patch, patch // 4))
    assert torch.bfloat16 in {dtype for _, _, dtype in seen}
    assert all(dtype == torch.float32 for kernel, plane, dtype in seen if kernel == 3 and plane < 3)
