"""Read the hand-written lists of words and expressions that live beside the code. Pure."""

from importlib.resources import files


def read_rows(name: str) -> list[list[str]]:
    """Return the cells of each row of the tab-separated file ``name`` in this folder.

    Blank lines and lines that begin with # are skipped.
    """
    lines = (files("feedback.analysis") / name).read_text(encoding="utf-8").splitlines()
    return [line.split("\t") for line in lines if line.strip() and not line.startswith("#")]
