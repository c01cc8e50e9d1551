"""Store trained models as plain arrays in .npz files, never pickle, each with a checksum of its contents."""

import hashlib
import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

TRAINED = Path(__file__).parent / "trained"
CHECKSUMS = "checksums.json"

Arrays = Mapping[str, NDArray[Any]]


class ModelDamaged(RuntimeError):
    """A model file does not match its checksum."""


def checksum(arrays: Arrays) -> str:
    """Return the SHA-256 of names, types, shapes and values, whatever the compression of the file."""
    digest = hashlib.sha256()
    for name in sorted(arrays):
        array = np.ascontiguousarray(arrays[name])
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return digest.hexdigest()


def save(name: str, arrays: Arrays, *, folder: Path = TRAINED) -> str:
    """Write ``arrays`` as model ``name``, record its checksum in the same folder, and return the checksum."""
    folder.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(folder / f"{name}.npz", allow_pickle=False, **dict(arrays))
    known = checksums(folder)
    known[name] = checksum(arrays)
    (folder / CHECKSUMS).write_text(json.dumps(known, indent=2, sort_keys=True) + "\n", encoding="utf-8")
    return known[name]


def checksums(folder: Path = TRAINED) -> dict[str, str]:
    """Return the recorded checksum of each model in ``folder``."""
    file = folder / CHECKSUMS
    return dict(json.loads(file.read_text(encoding="utf-8"))) if file.exists() else {}


def load(name: str, *, folder: Path = TRAINED) -> dict[str, NDArray[Any]]:
    """Read model ``name``. Raises ModelDamaged when its contents do not match the recorded checksum."""
    with np.load(folder / f"{name}.npz", allow_pickle=False) as stored:
        arrays = {key: stored[key] for key in stored.files}
    if checksum(arrays) != checksums(folder).get(name):
        raise ModelDamaged(f"{name}.npz does not match {CHECKSUMS}; run manage.py build_models")
    return arrays


def difference(arrays: Arrays, others: Arrays) -> float:
    """Return the largest difference between corresponding numbers, infinite when anything but numbers differs."""
    if arrays.keys() != others.keys():
        return float("inf")
    found = 0.0
    for name, array in arrays.items():
        other = others[name]
        if array.shape != other.shape or array.dtype != other.dtype:
            return float("inf")
        if not np.array_equal(array, other):
            is_numbers = np.issubdtype(array.dtype, np.number)
            found = max(found, float(np.abs(array - other).max()) if is_numbers else float("inf"))
    return found


@cache
def model_version() -> str:
    """Return twelve hexadecimal digits that change whenever any model changes."""
    noted = checksums()
    return hashlib.sha256("".join(f"{name}={noted[name]};" for name in sorted(noted)).encode()).hexdigest()[
        :12
    ]
