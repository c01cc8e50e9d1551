"""The models are what the texts in the repository make them."""

import os
import subprocess
import sys

import numpy as np
import pytest
from django.conf import settings

from feedback.analysis.artifacts import checksums, difference, load
from feedback.analysis.training import corpus


class TestBuildModels:
    @pytest.mark.slow
    @pytest.mark.timeout(900)
    @pytest.mark.parametrize("name", ["tone", "topic"])
    def test_reproduces_the_stored_model(self, name):
        # The last bit of a product depends on the kernel: with this one, of every processor with AVX2, it was the same.
        environment = os.environ | {"OPENBLAS_CORETYPE": "Haswell"}
        built = subprocess.run(
            [sys.executable, "manage.py", "build_models", "--check", name],
            cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert built.returncode == 0, built.stderr
        assert built.stdout.startswith(
            (f"{name} {checksums()[name]}", f"{name} is the stored one but for rounding")
        )

    def test_tells_another_model_from_one_that_is_rounded_otherwise(self):
        stored = load("tone")
        number = next(name for name in stored if stored[name].dtype == np.float32)

        assert difference(stored, stored) == 0
        assert difference(stored, stored | {number: stored[number] + np.float32(0.5)}) > 0.4
        assert difference(stored, stored | {number: stored[number][:1]}) == np.inf
        assert difference(stored, {}) == np.inf

    def test_stored_urgency_with_the_cases_of_the_repository(self):
        cases = corpus.cases()
        stored = load("urgency")

        assert stored["case_texts"].tolist() == [case.text for case in cases]
        assert stored["case_categories"].tolist() == [case.category for case in cases]
        assert len(stored["known"]) == len(stored["known_weights"]) > len(cases)
        assert np.isfinite(stored["voice_weights"]).all()
