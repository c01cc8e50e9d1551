"""Unit vectors that lie around a few directions: groups whose right answer is known."""

from __future__ import annotations

import numpy as np


def blobs(groups: int, each: int, *, spread: float = 0.35, seed: int = 1) -> tuple[np.ndarray, np.ndarray]:
    """Return unit vectors around ``groups`` directions and the direction of each."""
    generator = np.random.default_rng(seed)
    centres = generator.normal(size=(groups, 64))
    member = np.repeat(np.arange(groups), each)
    points = centres[member] + spread * np.sqrt(64) * generator.normal(size=(len(member), 64)) / 8
    return (points / np.linalg.norm(points, axis=1, keepdims=True)).astype(np.float32), member
