from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    chaos = parser.getgroup("chaos")
    chaos.addoption("--submissions", type=int, default=2000, help="how many the visitors submit")
    chaos.addoption("--kills", type=int, default=12, help="how often something is killed or wiped")
    chaos.addoption("--seed", type=int, default=1, help="of the dice that choose the victims")
