"""Who may import whom: kptracker.lib <- statements <- demands <- the site."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

# Imports and files, no database.
pytestmark = pytest.mark.once

ROOT = Path(__file__).resolve().parents[2]
RUFF = shutil.which("ruff") or str(Path(sys.executable).with_name("ruff"))


def objections(path: str, code: str) -> str:
    """Return what the linter says about code at a path (which need not exist)."""
    done = subprocess.run(
        [RUFF, "check", "--select", "TID251", "--no-cache", "--stdin-filename", path, "-"],
        input=code,
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    return done.stdout if done.returncode else ""


@pytest.mark.parametrize(
    ("path", "code"),
    [
        ("kptracker/lib/x.py", "import statements.models\n"),
        ("kptracker/lib/x.py", "from demands.models import Demand\n"),
        ("statements/x.py", "from demands.models import Demand\n"),
        ("statements/models/x.py", "import demands\n"),
        ("statements/x.py", "def f():\n    from demands import actions\n"),
    ],
)
def test_the_linter_refuses_to_look_up(path: str, code: str) -> None:
    assert "TID251" in objections(path, code)


@pytest.mark.parametrize(
    ("path", "code"),
    [
        (
            "statements/x.py",
            "from kptracker.lib import publishing\nfrom statements import models\n",
        ),
        ("demands/x.py", "from statements.models import Meeting\nfrom demands import actions\n"),
        ("kptracker/views.py", "from demands.models import Demand\nimport statements\n"),
    ],
)
def test_the_linter_allows_to_look_down(path: str, code: str) -> None:
    assert objections(path, code) == ""


@pytest.mark.parametrize(
    ("folder", "above"),
    [("kptracker/lib", ("statements", "demands")), ("statements", ("demands",))],
)
def test_no_import_or_lazy_reference_looks_up(folder: str, above: tuple[str, ...]) -> None:
    found = []
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names: list[str] = []
            if isinstance(node, ast.Import):
                names = [alias.name for alias in node.names]
            elif isinstance(node, ast.ImportFrom) and not node.level:
                names = [node.module or ""]
            elif isinstance(node, ast.Constant) and isinstance(node.value, str):
                # "demands.Demand" as Django's lazy reference, or import_string's path.
                names = [node.value] if node.value.count(".") and " " not in node.value else []
            found += [f"{path}: {name}" for name in names if name.split(".")[0] in above]
    assert found == []
