"""Warnings about scans that a model was not trained for, on the phantom (CSF 30, GM 70, WM 100)."""

import numpy as np
import pytest
from IQTLib.methods.base import LowField
from IQTLib.models.input_checks import misfits
from IQTLib.physics.acquisition import SliceProfile
from phantom import CSF, GM, SPACING, labels, noisy, phantom

SIGMA = 1.4  # SNR 71 in white and 50 in grey matter
TRAINED = {"simulator": {"distribution": {"mean": [71, 50], "covariance": [[25, 0], [0, 25]]}}}


def told(data: np.ndarray, mask: np.ndarray, *, noise: float = SIGMA, contrast="T1w", spacing=SPACING) -> list[str]:
    low = LowField(data, mask, noise, SliceProfile(3, 1), np.ones((1, 1, 1), np.float32))
    return misfits(low, contrast=contrast, training=TRAINED, spacing=(spacing,) * 3)


def test_a_scan_like_those_of_the_training_is_not_remarked_on():
    assert told(noisy(phantom(), SIGMA).data, labels() > 0) == []


@pytest.mark.parametrize(("sigma", "white", "grey"), [(7.0, 14, 10), (0.7, 143, 100)])
def test_noise_outside_the_training_is_reported_with_the_numbers(sigma, white, grey):
    [sentence] = told(noisy(phantom(), sigma).data, labels() > 0, noise=sigma)
    found = [int(word) for word in sentence.replace(",", "").replace(":", "").split() if word.isdigit()]
    assert found[:2] == pytest.approx([white, grey], rel=0.1)
    assert found[2:] == [56, 86, 35, 65]  # three standard deviations of 5 around 71 and 50


def test_inverted_contrast_is_reported():
    inverted = np.array([0, 100, 100 + CSF - GM, CSF], np.float32)[labels()]  # bright fluid, dark white matter
    sentences = told(noisy(phantom().with_data(inverted), SIGMA).data, labels() > 0)
    assert any("unlike in a T1w brain" in sentence for sentence in sentences)


def test_the_contrast_check_applies_to_t1w_only():
    assert told(noisy(phantom(), 7).data, labels() > 0, noise=7, contrast="FLAIR") == []


def test_a_mask_of_implausible_size_is_reported():
    [sentence] = told(phantom().data, labels() > 0, spacing=2 * SPACING)
    assert "holds 7.3" in sentence
    assert "is this a brain MRI?" in sentence


def test_a_card_without_a_simulator_says_nothing_of_noise():
    low = LowField(noisy(phantom(), 7).data, labels() > 0, 7, SliceProfile(3, 1), np.ones((1, 1, 1), np.float32))
    assert misfits(low, contrast="T1w", training={}, spacing=(SPACING,) * 3) == []
