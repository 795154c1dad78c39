"""Write a PyTorch script: the network with its weights, one forward pass, the loss, and one step of training."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from textwrap import wrap

import numpy as np

from core.experiment import Experiment
from core.ops.longhand import dropout_mask, text_of
from core.ops.losses.named import loss_name
from core.optimizers import OPTIMIZERS
from core.values import Array, Role
from viz_app.takeaway.snapshot import Snapshot
from viz_app.takeaway.torch.network import Model, write_network
from viz_app.takeaway.torch.pieces import PIECES
from viz_app.takeaway.torch.training import MERGED, Training, write_loss, write_training
from viz_app.takeaway.torch.writing import UnsayableError, Weight

_WIDTH = 110
_AFTER = 'print("loss of the same batch after the step:", loss_of(network(*inputs), y).item())'
_TRACKED = "num_batches_tracked"


@dataclass(frozen=True, eq=False)
class TorchScript:
    """A script, the arrays that it reads from an npz file beside it, and what its weights are made of."""

    text: str
    beside: Mapping[str, Array]
    weights: Mapping[str, Weight]


def needed(experiment: Experiment) -> Sequence[str]:
    """Return the keys of the values that a script is made of.

    Raises
    ------
    UnsayableError
        If there is no network that is trained.
    """
    if experiment.network is None or not experiment.loss:
        raise UnsayableError(
            f"{experiment.preset} is no network with a loss, so there is none to write for PyTorch; "
            "its steps can be taken as a NumPy script."
        )
    program = experiment.program
    loss = [] if program.loss is None else [program.loss]
    return [*(value.key for value in program.inputs), *loss]


def torch_script(experiment: Experiment, values: Snapshot, archive_name: str) -> TorchScript:
    """Return the network of an experiment as a PyTorch script, with the weights and the batch of an iteration.

    Parameters
    ----------
    experiment : Experiment
        What is trained.
    values : Snapshot
        With what is ``needed``.
    archive_name : str
        The name of the file beside the script.

    Raises
    ------
    UnsayableError
        If something has no words in PyTorch; the message is a sentence that says why.
    """
    needed(experiment)
    assert experiment.network is not None
    name = loss_name(experiment.loss)
    batch = next(value.shape[0] for value in values.program.data if value.role is Role.INPUT)
    model = write_network(experiment.network, batch, {MERGED[name]} if name in MERGED else ())
    rule = OPTIMIZERS[experiment.options.optimizer]
    training = write_training(values.program, values.arrays, rule, model.weights)
    writer = _Writer(experiment, values, model, training, archive_name)
    return TorchScript(writer.text(), dict(writer.arrays()), model.weights)


@dataclass(frozen=True)
class _Writer:
    experiment: Experiment
    values: Snapshot
    model: Model
    training: Training
    archive_name: str

    def text(self) -> str:
        blocks = [
            self._head(),
            "from pathlib import Path\n\nimport numpy as np\nimport torch\nfrom torch import nn\n"
            "from torch.nn import functional as F",
            *(f"\n{text}" for text in self._definitions()),
            "\n" + self._opening(),
            self._network(),
            self._optimizer(),
            self._step(),
        ]
        return "\n\n".join(block for block in blocks if block) + "\n"

    def arrays(self) -> Mapping[str, Array]:
        """Return the weights as PyTorch calls them, the batch, and what the optimizer remembers."""
        given = self.values.arrays
        made = {f"weights|{name}": _laid_out(weight, given) for name, weight in self.model.weights.items()}
        tracked = {
            name.removesuffix("running_mean") + _TRACKED: np.array(self.values.iteration)
            for name in made
            if name.endswith("running_mean")
        }
        batch = {key: given[key] for key in (*self.model.inputs, "y")}
        return {**made, **tracked, **batch, **{f"state|{key}": a for key, a in self.training.state.items()}}

    def _head(self) -> str:
        values = self.values
        about = (
            f"It needs PyTorch and NumPy. The weights and the batch are those with which iteration {values.iteration} "
            f"begins; they are in {self.archive_name}, beside this file."
        )
        first = f'"""The network {values.name} of NetStep in PyTorch: one forward pass, and one step of training.'
        return "\n".join([first, "", *wrap(about, _WIDTH), '"""'])

    def _definitions(self) -> Sequence[str]:
        merged = self.model.bare is not None
        masks = [text_of(dropout_mask)] if "Dropout" in self.model.pieces else []
        pieces = [PIECES[name].strip() for name in self.model.pieces]
        tokens = self.values.arrays["y"].ndim == 3
        return [*masks, *pieces, *self.model.classes, write_loss(self.experiment.loss, merged=merged, tokens=tokens)]

    def _opening(self) -> str:
        return (
            f"torch.set_default_dtype(torch.{self.values.dtype})\n"
            f'with np.load(Path(__file__).with_name("{self.archive_name}")) as file:\n'
            "    arrays = {name: torch.from_numpy(file[name]) for name in file.files}\n"
            f"inputs = [{', '.join(f'arrays[{name!r}]' for name in self.model.inputs)}]\n"
            'y = arrays["y"]'
        ).replace("'", '"')

    def _network(self) -> str:
        lines = [
            "network = Network()",
            'weights = {name.removeprefix("weights|"): array for name, array in arrays.items() '
            'if name.startswith("weights|")}',
            "network.load_state_dict(weights)",
        ]
        fixed = [name for name, weight in self.model.weights.items() if self._is_fixed(name, weight)]
        if fixed:
            lines += ["for name in (", *(f'    "{name}",' for name in fixed), "):  # what is not trained",
                      "    network.get_parameter(name).requires_grad_(False)"]  # fmt: skip
        if "Dropout" in self.model.pieces:
            seed, turn = (self.values.arrays[key][()] for key in ("mask_seed", "turn"))
            kind = f"np.{self.values.dtype}"
            lines.append(f"Dropout.seed, Dropout.turn = {kind}({seed}), {kind}({turn})")
        return "\n".join(lines)

    def _is_fixed(self, name: str, weight: Weight) -> bool:
        """Tell whether a parameter is not trained."""
        roles = {self.values.program.values[key].role for key in weight.keys}
        if weight.fixed or roles == {Role.RUNNING}:
            return weight.fixed
        trained = {key in self.values.program.updates for key in weight.keys}
        if len(trained) > 1:
            names = ", ".join(weight.keys)
            raise UnsayableError(f"PyTorch has {names} in one tensor, {name}, of which only a part is frozen here.")
        return trained == {False}

    def _optimizer(self) -> str:
        lines = [f"optimizer = {self.training.optimizer}"]
        if self.training.state:
            steps = self.training.steps
            first = "{}" if steps is None else f'{{"step": torch.tensor({float(steps)})}}'
            lines += [
                "for name, parameter in network.named_parameters():  # what it remembers of earlier iterations",
                '    start = f"state|{name}|"',
                "    held = {key.removeprefix(start): array for key, array in arrays.items() if key.startswith(start)}",
                f"    optimizer.state[parameter] = {first} | held",
            ]
        return "\n".join(lines)

    def _step(self) -> str:
        last = {"softmax": "out.softmax(-1)", "sigmoid": "out.sigmoid()", None: "out"}[self.model.bare]
        running = any(name.endswith("running_mean") for name in self.model.weights)
        changes = running or "Dropout" in self.model.pieces  # so another pass would not be the same
        shown = self.values.arrays[self.values.program.loss or ""][()]
        lines = [
            "network.train()",
            "out = network(*inputs)",
            "loss = loss_of(out, y)",
            f"prediction = {last}",
            'print("prediction of the first sample:", prediction[0].tolist())',
            f'print("loss of the batch:", loss.item(), "(NetStep: {shown})")',
            "",
            "optimizer.zero_grad()",
            "loss.backward()",
            *self.training.treatments.splitlines(),
            "optimizer.step()",
            *(["Dropout.turn += 1"] if "Dropout" in self.model.pieces else []),
            *([] if changes else [_AFTER]),
        ]
        return "\n".join(lines)


def _laid_out(weight: Weight, arrays: Mapping[str, Array]) -> Array:
    return np.ascontiguousarray(weight.layout(*(arrays[key] for key in weight.keys)))
