"""The models are what the texts in the repository make them."""

import os
import subprocess
import sys

import numpy as np
import pytest
from django.conf import settings

from feedback.analysis.artifacts import checksums, load
from feedback.analysis.training import corpus


class TestBuildModels:
    @pytest.mark.slow
    @pytest.mark.timeout(900)
    @pytest.mark.parametrize("name", ["tone", "topic"])
    def test_reproduces_the_stored_model_bit_for_bit(self, name):
        # The last bit of a product depends on the kernel: this one runs on every processor with AVX2.
        environment = os.environ | {"OPENBLAS_CORETYPE": "Haswell"}
        built = subprocess.run(
            [sys.executable, "manage.py", "build_models", "--check", name],
            cwd=settings.BASE_DIR, env=environment, capture_output=True, text=True, check=False,
        )  # fmt: skip

        assert (built.returncode, built.stdout.splitlines()[:1]) == (0, [f"{name} {checksums()[name]}"]), (
            built.stderr
        )

    def test_stored_urgency_with_the_cases_of_the_repository(self):
        cases = corpus.cases()
        stored = load("urgency")

        assert stored["case_texts"].tolist() == [case.text for case in cases]
        assert stored["case_categories"].tolist() == [case.category for case in cases]
        assert len(stored["known"]) == len(stored["known_weights"]) > len(cases)
        assert np.isfinite(stored["voice_weights"]).all()
