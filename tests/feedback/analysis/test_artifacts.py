"""Models are plain arrays; a changed number is noticed."""

import numpy as np
import pytest

from feedback.analysis.artifacts import ModelDamaged, checksum, checksums, load, model_version, save


class TestSave:
    def test_gives_back_what_was_saved(self, tmp_path):
        arrays = {"weights": np.arange(3, dtype=np.float16), "names": np.array(["a", "bc"])}

        noted = save("toy", arrays, folder=tmp_path)

        assert checksums(tmp_path) == {"toy": noted}
        assert load("toy", folder=tmp_path)["names"].tolist() == ["a", "bc"]

    def test_notices_a_changed_number(self, tmp_path):
        save("toy", {"weights": np.zeros(3)}, folder=tmp_path)
        np.savez_compressed(tmp_path / "toy.npz", weights=np.array([0.0, 0.0, 1e-9]))

        with pytest.raises(ModelDamaged):
            load("toy", folder=tmp_path)


class TestChecksum:
    def test_sees_names_types_and_shapes(self):
        one = checksum({"a": np.zeros(4, np.float32)})

        assert one != checksum({"b": np.zeros(4, np.float32)})
        assert one != checksum({"a": np.zeros(2, np.float64)})
        assert one != checksum({"a": np.zeros((2, 2), np.float32)})


class TestLoad:
    @pytest.mark.parametrize("name", ["urgency", "sentiment", "tone", "topic"])
    def test_finds_every_committed_model_sound(self, name):
        assert load(name)


def test_the_version_is_twelve_hexadecimal_digits():
    assert len(model_version()) == 12
    assert int(model_version(), 16) >= 0
