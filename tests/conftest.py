"""What all tests share: tables kept on disk go to a folder of the run's own."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from pursuit.core import cache


@pytest.fixture(scope="session", autouse=True)
def _own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(cache.VARIABLE, str(tmp_path_factory.mktemp("cache")))
        yield
