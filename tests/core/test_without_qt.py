"""The core can be imported, and trains, where neither Qt nor anything else but NumPy is installed."""

import os
import subprocess
import sys
from pathlib import Path

import core

ROOT = Path(core.__file__).parent.parent
BLOCKED = ("PySide6", "shiboken6", "pyqtgraph", "ziamath", "viz_app", "torch", "sklearn", "scipy", "matplotlib", "PIL")

BLOCKER = f"""
import sys
from importlib.abc import MetaPathFinder

class Blocker(MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {BLOCKED!r}:
            raise ModuleNotFoundError(f"{{name}} is blocked")

sys.meta_path.insert(0, Blocker())
"""

IMPORT_ALL = """
import importlib, pkgutil
import core
names = [module.name for module in pkgutil.walk_packages(core.__path__, "core.")]
for name in names:
    importlib.import_module(name)
print(*names)
"""

TRAIN = """
import numpy as np
from core.iteration import compile_iteration
from core.layers import Dense
from core.network import Network
from core.optimizers import SGD
from core.run.trace import Trace

network = Network((2,), (Dense(8, "tanh"), Dense(2, "softmax")))
program = compile_iteration(network, "cross_entropy", SGD(1.0), 4)
data = {"x": np.array([[0, 0], [0, 1], [1, 0], [1, 1]]), "y": np.eye(2)[[0, 1, 1, 0]]}
trace = Trace(program, network.initial(1), lambda _: data)
print(float(trace.array("loss", 0)), float(trace.array("loss", 300)))
"""


def run(program: str) -> str:
    """Run Python in a process of its own, with everything but NumPy blocked."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join((str(ROOT), os.environ.get("PYTHONPATH", "")))}
    command = [sys.executable, "-c", BLOCKER + program]
    done = subprocess.run(command, env=environment, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_every_module_can_be_imported() -> None:
    names = run(IMPORT_ALL).split()
    assert {"core.values", "core.ops.linear", "core.run.trace", "core.notation", "core.run.gradcheck"} <= set(names)
    files = [path for path in (ROOT / "core").rglob("*.py") if path.name != "__init__.py"]
    assert len([name for name in names if (ROOT / name.replace(".", "/")).with_suffix(".py").exists()]) == len(files)


def test_a_network_trains() -> None:
    before, after = map(float, run(TRAIN).split())
    assert after < 0.1 < before


def test_the_blocker_blocks() -> None:
    assert run("try:\n    import PySide6\nexcept ModuleNotFoundError:\n    print('blocked')").strip() == "blocked"
