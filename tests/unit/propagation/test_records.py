"""Records are kept in memory or in files, readable while they grow, and a stored run goes on where it stopped."""

from __future__ import annotations

import errno
import gc
import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tenon.propagation import (
    DEFAULT_RECORDS,
    RECORDS,
    InventoryRule,
    OrderRule,
    Parameters,
    RationingRule,
    boario_compatible,
    propagate,
)
from tenon.propagation._records import FolderSink
from tenon.propagation._run import Run
from tenon.schema import (
    CapacityShock,
    ParameterError,
    Result,
    Scenario,
    SourceError,
    Status,
    StorageError,
    SupplyNetwork,
)
from tests.strategies import firms
from tests.unit.propagation.samples import BREAD, bread, during, every_shock, named, plain_shocks, quietly, scenario

DAYS = 75
OUTAGE = scenario(CapacityShock(target=named("mill"), loss=0.5, timing=during(3, 40, 9)), days=DAYS)
SOME = ("production", "limiting", "total_production")


class Interrupt:
    """A progress callback that interrupts after a number of days, as Ctrl-C does."""

    def __init__(self, after: int) -> None:
        self.after = after

    def __call__(self, done: int, total: int) -> None:
        assert total == DAYS
        if done == self.after:
            raise KeyboardInterrupt


def assert_same(result: Result, expected: Result) -> None:
    """Compare two runs bit by bit."""
    assert set(result.values.variables) == set(expected.values.variables)
    for name in expected.values.data_vars:
        np.testing.assert_array_equal(result.values[name].to_numpy(), expected.values[name].to_numpy(), err_msg=name)
    assert result.residuals == expected.residuals
    assert result.status is expected.status


def runs() -> Iterator[tuple[str, SupplyNetwork, tuple[Scenario, ...], Parameters]]:
    """Yield a run for each way to exchange goods."""
    network, rules = firms(5), Parameters(restocking_days=9.0, overproduction_days=30.0)
    plain = tuple(scenario(*plain_shocks()[k:], days=DAYS, name=f"run {k}") for k in range(5))
    full = (replace(every_shock(), horizon_days=DAYS),)
    smallest = RationingRule.SMALLEST_ORDER_FIRST
    yield "dense", network.to_dense(), plain[:2], rules
    yield "batch", network.to_dense(), plain, rules
    yield "sparse", network, full, rules
    yield "per link", network, full, replace(rules, inventory_rule=InventoryRule.PER_LINK, rationing=smallest)
    yield "fixed shares", network, full, replace(rules, order_rule=OrderRule.FIXED_SHARES)
    yield "quirks", network.to_dense(), plain[:1], boario_compatible(restocking_days=9.0)


RUNS = list(runs())


def test_every_record_is_a_file_with_the_same_figures_as_in_memory(tmp_path: Path) -> None:
    stored = quietly(BREAD, OUTAGE, store=tmp_path / "deep" / "run")
    assert_same(stored, quietly(BREAD, OUTAGE))
    files = {path.stem for path in (tmp_path / "deep" / "run").glob("*.npy")}
    assert files == set(RECORDS)
    production = np.load(tmp_path / "deep" / "run" / "production.npy")
    np.testing.assert_array_equal(production[:, 0, :], stored.values["production"].isel(scenario=0))


def test_files_can_be_read_while_they_grow(tmp_path: Path) -> None:
    seen: dict[int, Any] = {}

    def look(done: int, total: int) -> None:
        assert total == DAYS
        if done in {1, 20, 50}:
            seen[done] = {name: np.load(tmp_path / f"{name}.npy") for name in SOME}

    result = quietly(BREAD, OUTAGE, records=SOME, store=tmp_path, progress=look)
    for done, arrays in seen.items():
        for name, array in arrays.items():
            final = np.moveaxis(result.values[name].to_numpy(), 0, 1)
            np.testing.assert_array_equal(array, final[:done])


@pytest.mark.parametrize("records", [SOME, (), ("inventories",), DEFAULT_RECORDS])
def test_only_the_records_asked_for_are_kept(records: tuple[str, ...]) -> None:
    result = quietly(BREAD, OUTAGE, records=records)
    assert {name for name in RECORDS if name in result.values} == set(records)
    assert result.values["production_lost"].sum() > 0


def test_an_unknown_record_is_refused_with_the_nearest() -> None:
    with pytest.raises(ParameterError, match=r"there is no record 'prodution'; did you mean 'production'\?"):
        propagate(BREAD, OUTAGE, records=("prodution",))


def test_records_too_large_for_memory_are_refused_before_the_run() -> None:
    network = firms(1, agents=2000, products=2000, regions=1).to_dense()
    with pytest.raises(ParameterError, match=r"need 32\.\d GB of memory \(limit 4 GB\).* give a store folder"):
        quietly(network, scenario(days=1000), records=("inventories",))


@pytest.mark.parametrize("store", [False, True])
def test_an_interrupt_leaves_the_finished_days(store: bool, tmp_path: Path) -> None:
    folder = tmp_path if store else None
    result = quietly(BREAD, OUTAGE, store=folder, progress=Interrupt(40))
    whole = quietly(BREAD, OUTAGE)
    assert result.status is Status.INTERRUPTED
    assert result.values.sizes["day"] == 40
    for name in RECORDS:
        np.testing.assert_array_equal(result.values[name], whole.values[name].isel(day=slice(40)))
        if store:
            assert len(np.load(tmp_path / f"{name}.npy")) == 40


def test_recovery_after_the_interrupt_is_not_claimed() -> None:
    short = scenario(CapacityShock(target=named("mill"), loss=0.5, timing=during(3, 10)), days=DAYS)
    assert quietly(BREAD, short).values["recovery_day"].sel(agent="mill").item() == 13
    result = quietly(BREAD, short, progress=Interrupt(12))
    assert np.isnan(result.values["recovery_day"].sel(agent="mill").item())
    assert result.values["recovery_day"].sel(agent="bakery").item() == 0


def test_an_interrupt_while_a_day_is_written_keeps_whole_days(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write = FolderSink.write

    def interrupted(self: FolderSink, day: int, values: dict[str, Any]) -> None:
        if day == 12:
            write(self, day, values)
            raise KeyboardInterrupt
        write(self, day, values)

    monkeypatch.setattr(FolderSink, "write", interrupted)
    result = quietly(BREAD, OUTAGE, store=tmp_path)
    assert result.status is Status.INTERRUPTED
    assert {len(np.load(tmp_path / f"{name}.npy")) for name in RECORDS} == {12}


def test_an_interrupt_before_the_first_day_ends_the_run(monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_run: Run, _day: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Run, "live", interrupted)
    with pytest.raises(KeyboardInterrupt):
        quietly(BREAD, OUTAGE)


@pytest.mark.parametrize(("network", "scenarios", "rules"), [run[1:] for run in RUNS], ids=[run[0] for run in RUNS])
@pytest.mark.parametrize("stop", [31, 74])
def test_a_resumed_run_equals_an_uninterrupted_one_bit_by_bit(
    network: SupplyNetwork, scenarios: tuple[Scenario, ...], rules: Parameters, stop: int, tmp_path: Path
) -> None:
    first = quietly(network, scenarios, rules, store=tmp_path, progress=Interrupt(stop))
    assert first.status is Status.INTERRUPTED
    days_done: list[int] = []
    resumed = quietly(
        network, scenarios, rules, store=tmp_path, resume=True, progress=lambda done, _: days_done.append(done)
    )
    assert_same(resumed, quietly(network, scenarios, rules))
    assert days_done[-1] == DAYS
    assert days_done[0] <= stop + 1


INSIDE = ["live", "records"]
"""Methods of a run that are called within a day, before and after its state is that of the next."""


def interrupt_inside(patch: pytest.MonkeyPatch, method: str, day: int, *, times: int) -> None:
    """Press Ctrl-C, once or twice, while a day is under way."""
    original = getattr(Run, method)
    calls = 0

    def pressed(self: Run, *arguments: Any) -> Any:
        nonlocal calls
        calls += 1
        if calls == day + 1:
            signal.raise_signal(signal.SIGINT)
            done = original(self, *arguments)
            if times == 2:
                signal.raise_signal(signal.SIGINT)
            return done
        return original(self, *arguments)

    patch.setattr(Run, method, pressed)


def day_of_checkpoint(folder: Path) -> int:
    with np.load(folder / "checkpoint.npz") as data:
        return int(json.loads(str(data["about"]))["day"])


@pytest.mark.parametrize(("network", "scenarios", "rules"), [run[1:] for run in RUNS], ids=[run[0] for run in RUNS])
def test_an_interrupt_between_days_leaves_a_checkpoint_of_the_day(
    network: SupplyNetwork, scenarios: tuple[Scenario, ...], rules: Parameters, tmp_path: Path
) -> None:
    quietly(network, scenarios, rules, store=tmp_path, progress=Interrupt(17))
    assert day_of_checkpoint(tmp_path) == 17
    days_done: list[int] = []
    resumed = quietly(
        network, scenarios, rules, store=tmp_path, resume=True, progress=lambda done, _: days_done.append(done)
    )
    assert_same(resumed, quietly(network, scenarios, rules))
    assert days_done[0] == 18


@pytest.mark.parametrize("method", INSIDE)
@pytest.mark.parametrize("day", [0, 17])
def test_an_interrupt_inside_a_day_waits_for_its_end(
    method: str, day: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_inside(patch, method, day, times=1)
        result = quietly(BREAD, OUTAGE, store=tmp_path)
    assert result.status is Status.INTERRUPTED
    assert result.values.sizes["day"] == day_of_checkpoint(tmp_path) == day + 1
    assert_same(quietly(BREAD, OUTAGE, store=tmp_path, resume=True), quietly(BREAD, OUTAGE))


@pytest.mark.parametrize("method", INSIDE)
@pytest.mark.parametrize(("day", "checkpoint"), [(17, 0), (44, 30)])
def test_a_second_interrupt_breaks_into_the_day_and_the_last_checkpoint_remains(
    method: str, day: int, checkpoint: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_inside(patch, method, day, times=2)
        result = quietly(BREAD, OUTAGE, store=tmp_path)
    # Also the totals count whole days only.
    assert_same(result, quietly(BREAD, OUTAGE, progress=Interrupt(day)))
    assert day_of_checkpoint(tmp_path) == checkpoint
    assert_same(quietly(BREAD, OUTAGE, store=tmp_path, resume=True), quietly(BREAD, OUTAGE))


def test_an_interrupt_in_the_first_day_leaves_the_beginning_to_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        interrupt_inside(patch, "live", 0, times=2)
        with pytest.raises(KeyboardInterrupt):
            quietly(BREAD, OUTAGE, store=tmp_path)
    assert day_of_checkpoint(tmp_path) == 0
    assert_same(quietly(BREAD, OUTAGE, store=tmp_path, resume=True), quietly(BREAD, OUTAGE))


@pytest.mark.parametrize("days", [60, 47])
def test_a_finished_run_is_read_again_without_computing(
    days: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    exact = replace(OUTAGE, horizon_days=days)
    expected = quietly(BREAD, exact, store=tmp_path)

    def forbidden(_run: Run, _day: int) -> None:
        raise AssertionError

    monkeypatch.setattr(Run, "live", forbidden)
    assert_same(quietly(BREAD, exact, store=tmp_path, resume=True), expected)


OTHERS: dict[str, tuple[SupplyNetwork, Scenario, Parameters]] = {
    "scenario": (BREAD, replace(OUTAGE, shocks=()), Parameters()),
    "horizon": (BREAD, replace(OUTAGE, horizon_days=DAYS + 1), Parameters()),
    "parameters": (BREAD, OUTAGE, Parameters(psi=0.7)),
    "labels": (bread(agents=("farm", "mill", "oven")), OUTAGE, Parameters()),
    "final demand": (bread(final_demand=BREAD.final_demand * 1.01), OUTAGE, Parameters()),
    "inventories": (bread(inventory_days=np.array([[11.0]])), OUTAGE, Parameters()),
    "capital": (bread(capital=BREAD.capital * 2), OUTAGE, Parameters()),
    "regions": (bread(region=np.array([0, 1, 1])), OUTAGE, Parameters()),
    "value added": (bread(value_added=BREAD.value_added * 2), OUTAGE, Parameters()),
}


@pytest.mark.parametrize(("network", "other", "rules"), OTHERS.values(), ids=list(OTHERS))
def test_resuming_another_run_is_refused(
    network: SupplyNetwork, other: Scenario, rules: Parameters, tmp_path: Path
) -> None:
    quietly(BREAD, OUTAGE, store=tmp_path, progress=Interrupt(35))
    with pytest.raises(SourceError, match=r"has another network, scenario, parameters or records than this one"):
        quietly(network, other, rules, store=tmp_path, resume=True)


def test_resuming_with_other_records_is_refused(tmp_path: Path) -> None:
    quietly(BREAD, OUTAGE, store=tmp_path, progress=Interrupt(35))
    with pytest.raises(SourceError, match=r"has another network, scenario, parameters or records than this one"):
        quietly(BREAD, OUTAGE, records=SOME, store=tmp_path, resume=True)


SIGN = """
import numpy as np
from tenon.propagation import boario_compatible
from tenon.propagation._run import Run
from tests.unit.propagation.samples import BREAD, every_shock, scenario
print(Run(BREAD, (scenario(),), boario_compatible()).signature())
"""


def test_the_fingerprint_of_a_run_is_the_same_in_every_process() -> None:
    """Else a run that was stored before a crash could not be resumed after it."""
    root = Path(__file__).resolve().parents[3]
    found = set()
    for seed in ("1", "2", "3"):
        environment = {**os.environ, "PYTHONHASHSEED": seed}
        done = subprocess.run(
            [sys.executable, "-c", SIGN], cwd=root, env=environment, capture_output=True, text=True, check=True
        )
        found.add(done.stdout)
    assert len(found) == 1


def test_resuming_without_a_folder_or_a_checkpoint_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParameterError, match="resume needs a store: runs in memory leave nothing to go on from"):
        propagate(BREAD, OUTAGE, resume=True)
    with pytest.raises(SourceError, match=r"checkpoint\.npz must hold the checkpoint of a stored run.*start the run"):
        propagate(BREAD, OUTAGE, store=tmp_path / "empty", resume=True)
    assert not (tmp_path / "empty").exists()


@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_truncated_checkpoint_is_refused(kept: float, tmp_path: Path) -> None:
    quietly(BREAD, OUTAGE, store=tmp_path, progress=Interrupt(35))
    checkpoint = tmp_path / "checkpoint.npz"
    content = checkpoint.read_bytes()
    checkpoint.write_bytes(content[: int(kept * len(content))])
    with pytest.raises(SourceError, match="must hold the checkpoint of a stored run, but could not be read"):
        quietly(BREAD, OUTAGE, store=tmp_path, resume=True)


def test_a_record_shorter_than_the_checkpoint_says_is_refused(tmp_path: Path) -> None:
    """Filling the missing days with zeros would be a wrong answer without a word."""
    quietly(BREAD, OUTAGE, store=tmp_path, progress=Interrupt(35))
    production = tmp_path / "production.npy"
    production.write_bytes(production.read_bytes()[:-400])
    with pytest.raises(SourceError, match=r"production\.npy"):
        quietly(BREAD, OUTAGE, store=tmp_path, resume=True)


def test_a_folder_with_records_is_not_overwritten(tmp_path: Path) -> None:
    store = tmp_path / "run"
    quietly(BREAD, OUTAGE, store=store)
    before = {path.name: path.read_bytes() for path in store.iterdir()}
    with pytest.raises(StorageError, match=r"already holds records; give another folder, or go on with .*resume=True"):
        quietly(BREAD, replace(OUTAGE, shocks=()), store=store)
    assert {path.name: path.read_bytes() for path in store.iterdir()} == before


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder", encoding="utf-8")
    with pytest.raises(StorageError, match=r"records could not be written to .*file.* on day 0"):
        quietly(BREAD, OUTAGE, store=tmp_path / "file" / "run")


class FullDisk:
    """A file that has no space left after some bytes."""

    def __init__(self, file: Any, room: int) -> None:
        self._file, self._room = file, room

    def write(self, data: bytes) -> int:
        if self._file.tell() + len(data) > self._room:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        return int(self._file.write(data))

    def __enter__(self) -> Any:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._file, name)


def fill_disk(monkeypatch: pytest.MonkeyPatch, name: str, room: int) -> Callable[[], None]:
    """Let files of a name run out of space; return how to undo it."""
    opened = Path.open

    def limited(self: Path, *arguments: Any, **options: Any) -> Any:
        file = opened(self, *arguments, **options)
        return FullDisk(file, room) if self.name == name else file

    monkeypatch.setattr(Path, "open", limited)
    return lambda: monkeypatch.setattr(Path, "open", opened)


def test_a_full_disk_ends_the_run_with_day_and_advice_and_leaves_days_to_read_and_resume(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    free_space = fill_disk(monkeypatch, "total_production.npy", 128 + 40 * 8)
    message = (
        rf"records could not be written to {tmp_path} on day 40 \(No space left on device\); days before it are "
        r"kept\. Free some space and run again with resume, or choose another folder\."
    )
    with pytest.raises(StorageError, match=message):
        quietly(BREAD, OUTAGE, store=tmp_path)
    gc.collect()
    free_space()
    whole = quietly(BREAD, OUTAGE)
    for name in RECORDS:
        kept = np.load(tmp_path / f"{name}.npy")
        np.testing.assert_array_equal(kept[:40, 0], whole.values[name].isel(scenario=0, day=slice(40)))
    assert_same(quietly(BREAD, OUTAGE, store=tmp_path, resume=True), whole)


@pytest.mark.parametrize("failing", ["checkpoint.draft", "production.npy"])
def test_no_file_stays_open_after_an_error(failing: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    if not Path("/proc/self/fd").is_dir():
        pytest.skip("open files are listed on Linux only")
    fill_disk(monkeypatch, failing, 800)
    with pytest.raises(StorageError, match="could not be written"):
        quietly(BREAD, OUTAGE, store=tmp_path)
    still_open = [path for path in Path("/proc/self/fd").iterdir() if str(tmp_path) in _target(path)]
    assert not still_open


def _target(path: Path) -> str:
    try:
        return str(path.readlink())
    except OSError:
        return ""


def test_a_checkpoint_that_cannot_be_written_leaves_the_old_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    savez = np.savez

    def crashing(file: Any, **arrays: Any) -> None:
        if file.name.endswith(".draft") and (tmp_path / "checkpoint.npz").exists():
            file.write(b"half of it")
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        savez(file, **arrays)

    with monkeypatch.context() as patch:
        patch.setattr(np, "savez", crashing)
        with pytest.raises(StorageError, match=r"on day 30 \(No space left on device\)"):
            quietly(BREAD, OUTAGE, store=tmp_path)
    gc.collect()
    assert not list(tmp_path.glob("*.draft"))
    with np.load(tmp_path / "checkpoint.npz") as data:
        assert '"day": 0' in str(data["about"])
    assert_same(quietly(BREAD, OUTAGE, store=tmp_path, resume=True), quietly(BREAD, OUTAGE))


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """Return a file system of 64 KiB."""
    mount, umount = shutil.which("mount"), shutil.which("umount")
    if mount is None or umount is None or os.geteuid() != 0:
        pytest.skip("a small file system can be mounted by root only")
    folder = tmp_path / "disk"
    folder.mkdir()
    done = subprocess.run(
        [mount, "-t", "tmpfs", "-o", "size=64k", "tmpfs", str(folder)], check=False, capture_output=True, text=True
    )
    if done.returncode:
        pytest.skip(f"no small file system could be mounted: {done.stderr}")
    yield folder
    gc.collect()
    subprocess.run([umount, "--lazy", str(folder)], check=True)


def test_a_disk_that_really_fills_ends_the_run_and_after_more_space_it_goes_on(small_disk: Path) -> None:
    network = firms(5, agents=30, products=3)
    hit = scenario(CapacityShock(target=named("agent 0"), loss=0.5, timing=during(2, 5)), days=DAYS)
    store = small_disk / "run"
    with pytest.raises(StorageError, match=r"on day \d+ \(No space left on device\); days before it are kept"):
        quietly(network, hit, store=store)
    gc.collect()
    mount = shutil.which("mount")
    assert mount is not None
    subprocess.run([mount, "-o", "remount,size=16m", str(small_disk)], check=True)
    expected = quietly(network, hit)
    if (store / "checkpoint.npz").exists():
        assert_same(quietly(network, hit, store=store, resume=True), expected)
    assert_same(quietly(network, hit, store=small_disk / "anew"), expected)
