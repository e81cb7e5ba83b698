from __future__ import annotations

import ast
import re
from pathlib import Path

from django.utils import translation

from tenon.web.audit.labels import WORDS, in_words
from tenon.web.rooms.labels import DONE
from tenon.web.rooms.rules import Action

WEB = Path(__file__).resolve().parents[3] / "src" / "tenon" / "web"


def recorded_actions() -> set[str]:
    """Return every action that stands in the code: what is given to ``record``, and what looks like it."""
    nodes = [node for path in WEB.rglob("*.py") for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))]
    calls = [node for node in nodes if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "record"]
    given = [item.value for call in calls for item in call.args if isinstance(item, ast.Constant)]
    texts = [node.value for node in nodes if isinstance(node, ast.Constant)]
    alike = [text for text in texts if isinstance(text, str) and re.fullmatch(r"[a-z]+\.[a-z_]+", text)]
    return {text for text in given if isinstance(text, str)} | {text for text in alike if text.split(".")[0] in WORDS}


def test_everything_that_is_recorded_has_words() -> None:
    # What happens to a finding is recorded under the name of its event.
    actions = recorded_actions() | {f"finding.{action}" for action in (*Action, *DONE)}
    assert len(actions) > 20
    missing = {word for action in actions for word in action.split(".")} - set(WORDS)
    assert missing == set(), "say these words in tenon.web.audit.labels"


def test_an_action_is_said_in_the_language_of_the_page() -> None:
    assert in_words("finding.return") == "hazard · sent back"
    with translation.override("zh-hans"):
        assert in_words("finding.return") == "隐患 · 退回"


def test_a_word_of_another_time_stays_as_it_is() -> None:
    assert in_words("finding.weighed") == "hazard · weighed"
