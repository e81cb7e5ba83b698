"""Workers that are killed again and again, on an SQLite file of their own: what remains is checked.

``python -m tests.web.runs.crashes 200`` kills two hundred times; the test beside this file does it five times.
"""

from __future__ import annotations

import os
import random
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

ROOT = Path(__file__).resolve().parents[3]
_LEASE_SECONDS = "2"
_STUDIES = 3
_PATIENCE_SECONDS = 300


def program(folder: Path, *arguments: str) -> tuple[list[str], dict[str, str]]:
    """Return a command of the platform on a data folder, with its environment."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("TENON_WEB_", "DATABASE_URL"))}
    path = os.pathsep.join([str(ROOT / "src"), str(ROOT)])
    return [sys.executable, "-m", *arguments], {**kept, "TENON_WEB_DATA": str(folder), "PYTHONPATH": path}


def call(folder: Path, *arguments: str) -> str:
    command, environment = program(folder, *arguments)
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def worker(folder: Path) -> subprocess.Popen[bytes]:
    # Pauses between attempts grow to ten minutes; nobody waits for them here.
    ask(folder, "UPDATE runs_job SET run_at = created WHERE state = 'queued'")
    command, environment = program(folder, "tenon.web", "worker", "--lease-seconds", _LEASE_SECONDS)
    return subprocess.Popen(command, env=environment, cwd=ROOT)


def children(pid: int) -> list[int]:
    try:
        return [int(word) for word in Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii").split()]
    except OSError:
        return []


def is_gone(pid: int) -> bool:
    """Say whether a process came to its end, even if whoever inherited it has not looked yet."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state == "Z"


def ask(folder: Path, query: str) -> list[tuple[object, ...]]:
    connection = sqlite3.connect(folder / "tenon.sqlite3", timeout=20)
    try:
        with connection:
            return connection.execute(query).fetchall()
    finally:
        connection.close()


def unfinished(folder: Path) -> int:
    (row,) = ask(folder, "SELECT count(*) FROM runs_job WHERE state IN ('queued', 'leased')")
    return int(str(row[0]))


def fill(count: int) -> None:
    """Ask for studies; runs in a process of its own, on the data folder of the environment."""
    import django

    django.setup()
    from django.db import transaction

    from tests.web.runs.building import asked, outage
    from tests.web.worlds import member, organization, person, viewer

    with transaction.atomic():
        plant = organization("Plant")
        analyst = viewer(member(plant, "analyst", person(f"analyst-{uuid.uuid4().hex}-")))
        for number in range(count):
            if number % 2:
                table = {"table": "world-2022", "scenario": "supplier-outage-2022", "days": 60}
                study = asked(analyst, plant, kind=_kind("table stress"), parameters=table)
            else:
                study = outage(analyst, plant)
            # However often its workers are killed, it is tried again.
            type(study.job).objects.filter(pk=study.job_id).update(max_attempts=10_000)


def _kind(name: str) -> object:
    from tenon.web.runs.configurations import StudyKind

    return StudyKind(name)


def survive(folder: Path, rounds: int, seed: int = 0) -> str:
    """Kill a worker, or the process of its study, in each round; then let one work to the end, and check all."""
    call(folder, "tenon.web", "migrate", "-v0")
    chance = random.Random(seed)  # noqa: S311 - moments to kill at
    asked_for = 0
    for _ in range(rounds):
        if not unfinished(folder):
            call(folder, "tests.web.runs.crashes", "fill", str(_STUDIES))
            asked_for += _STUDIES
        _kill_once(folder, chance)
    _work_to_the_end(folder)
    return check(folder, asked_for)


def _kill_once(folder: Path, chance: random.Random) -> None:
    running = worker(folder)
    time.sleep(chance.uniform(2.0, 14.0))
    studies = children(running.pid)
    if studies and chance.random() < 1 / 3:
        os.kill(studies[0], signal.SIGKILL)
        time.sleep(chance.uniform(0.0, 1.0))
        studies = children(running.pid)
    running.kill()
    running.wait()
    until = time.monotonic() + 10
    while not all(is_gone(pid) for pid in studies):
        assert time.monotonic() < until, "the process of a study outlives its killed worker"
        time.sleep(0.05)


def _work_to_the_end(folder: Path) -> None:
    running = worker(folder)
    try:
        until = time.monotonic() + _PATIENCE_SECONDS
        while unfinished(folder):
            assert running.poll() is None, "the worker ended by itself"
            assert time.monotonic() < until, f"{unfinished(folder)} jobs are stuck"
            time.sleep(0.2)
    finally:
        running.terminate()
        # Where nothing was left to do, it may be ended before it listens.
        assert running.wait(30) in {0, -signal.SIGTERM}


def check(folder: Path, asked_for: int) -> str:
    """Check that every study is there, done once, with its whole report, and the record whole."""
    states = ask(folder, "SELECT state, count(*) FROM runs_job GROUP BY state")
    assert states == [("done", asked_for)], states
    done = ask(folder, "SELECT subject_id, count(*) FROM audit_entry WHERE action = 'study.done' GROUP BY subject_id")
    assert [count for _, count in done] == [1] * asked_for
    for study in (folder / "studies").iterdir():
        names = {item.name for item in (study / "report").iterdir()}
        assert {"report.html", "result.nc", "summary.json"} <= names
        assert not list(study.glob(".report.*")), "a draft was left"
    call(folder, "tenon.web", "verify_record")
    attempts = ask(folder, "SELECT sum(fence) FROM runs_job")[0][0]
    return f"{asked_for} studies done, each once, in {attempts} attempts."


if __name__ == "__main__":
    if sys.argv[1] == "fill":
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tenon.web.config.settings")
        fill(int(sys.argv[2]))
    else:
        with tempfile.TemporaryDirectory() as made:
            print(survive(Path(made), int(sys.argv[1])))  # noqa: T201 - it talks to whoever runs it
