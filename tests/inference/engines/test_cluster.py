"""Which cluster is used and how many workers fit it, found out without one."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from stancelab.errors import ConfigError
from stancelab.extras import is_installed

if not is_installed("ray"):
    pytest.skip("the extra ray is not installed", allow_module_level=True)
from stancelab.inference.engines import cluster  # isort: skip (sets what Ray reads when it is imported)
import ray


def nodes(*resources: dict[str, float]) -> list[dict[str, Any]]:
    return [{"Alive": True, "Resources": each} for each in resources]


def test_workers_fit_nodes_not_their_sum(monkeypatch: pytest.MonkeyPatch) -> None:
    found = [
        *nodes({"CPU": 7.0}, {"CPU": 3.0, "GPU": 1.0}, {"memory": 1.0}),
        {"Alive": False, "Resources": {"CPU": 99}},
    ]
    monkeypatch.setattr(ray, "nodes", lambda: found)
    assert cluster.fitting_workers(1, on_gpu=False) == 10
    assert cluster.fitting_workers(4, on_gpu=False) == 1
    assert cluster.fitting_workers(1, on_gpu=True) == 1
    assert cluster.has_gpus()
    with pytest.raises(ConfigError) as error:
        cluster.fitting_workers(8, on_gpu=False)
    assert str(error.value) == (
        "predict.threads: a worker needs 8 cores, and no node of the Ray cluster has that: the largest has 7 cores, "
        "all have 1 GPU. Ask for less, or say with predict.workers how many workers are to wait for such nodes"
    )


@pytest.mark.parametrize("form", ["127.0.0.1:{}", "ray://127.0.0.1:{}"])
def test_an_address_at_which_nothing_answers_is_one_line(form: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:  # it is bound and does not listen, so that nobody else does
        taken.bind(("127.0.0.1", 0))
        address = form.format(taken.getsockname()[1])
        with pytest.raises(ConfigError) as error, cluster.connected(address, 1):
            pass
        assert str(error.value).startswith(f"predict.address: no Ray cluster answers at {address} (")
        assert "\n" not in str(error.value)
        monkeypatch.setenv("RAY_ADDRESS", address)
        with pytest.raises(ConfigError, match="no Ray cluster answers"), cluster.connected(None, 1):
            pass
    assert not ray.is_initialized()
