"""Say in words what a step does, and write out the numbers of one of its cells."""

from collections.abc import Sequence

from core.ops.elementwise import Subtract
from core.ops.losses import Loss, SquaredError
from core.program import Program, Step
from core.values import Phase, Role

_SHOWN_TERMS = 3


def title(program: Program, step: Step) -> str:
    """Return the headline of a step: ``Matrix product · layer 1: dense 32, ReLU``."""
    name = "Update" if step.phase is Phase.UPDATE and isinstance(step.op, Subtract) else step.op.title
    layer = next((layer for layer in program.layers if layer.number == step.layer), None)
    return f"{name} · layer {layer.number}: {layer.name}" if layer else name


def caption(program: Program, step: Step, names: Sequence[str]) -> str:
    """Return one sentence that says what the step is for."""
    kind, stem = type(step.op).__name__, _stem(step.output.key)
    if stem == "error" and any(isinstance(other.op, SquaredError) for other in program.steps):
        stem = "squared_error"
    subject = program.values.get(step.output.subject or "")
    text = (
        _BY_KEY.get((kind, stem))
        or (subject and _BY_SUBJECT.get((kind, step.output.role, subject.role)))
        or _BY_ROLE.get((kind, step.output.role))
        or _BY_KIND.get(kind)
    )
    if text is None and isinstance(step.op, Loss):
        text = "How far each sample's output is from its target: one number a sample."
    first, second = (*names, "", "")[:2]
    return (text or (step.op.__doc__ or step.op.title).split("\n")[0]).format(a=first, b=second)


def _stem(key: str) -> str:
    """Return the name of a value without the number of its layer."""
    stem, _, number = key.rpartition("_")
    return stem if number.isdigit() else key


_BY_KEY = {
    ("Subtract", "error"): "Softmax and cross-entropy together leave the difference of output and target.",
    ("Subtract", "squared_error"): "The derivative of half the squared error is the error itself.",
    ("Divide", "ratio"): "The slope of the logarithm is one over its argument; the target picks whose.",
    ("Scale", "slope"): "Cross-entropy is minus the logarithm, so its slope has the other sign.",
    ("Reshape", "rows"): "All tokens of all samples below each other: one product serves them all.",
    ("MatMul", "q"): "The query of each token: what it looks for in the others.",
    ("MatMul", "k"): "The key of each token: what it can be found by.",
    ("MatMul", "v"): "The value of each token: what it has to give.",
    ("MatMul", "scores"): "Each query meets each key: their dot product says how well they match.",
    ("MatMul", "heads"): "Each token takes from every value as much as its weight for it.",
    ("Scale", "scaled"): "Dot products grow with the width of a head; divided by its root they keep their size.",
    ("Softmax", "weights"): "Each row becomes weights that add up to 1: how much a token looks at each other.",
    ("Reshape", "concat"): "The heads of a token side by side, as one row.",
    **{("Reshape", f"{x}_split"): "Cut each token's row into one piece a head." for x in "qkv"},
    **{("Transpose", f"{x}_heads"): "The heads come first: each attends by itself." for x in "qkv"},
    ("Transpose", "joined"): "The tokens come first again, with all their heads.",
    ("Reshape", "flat"): "Each sample's maps become one row, in raster order; no number changes.",
    ("Reshape", "out"): "Back to sequences: for each sample its tokens, below each other.",
    ("Slice", "last"): "Only the last token goes on: the question, which has looked at all others.",
    ("Reshape", "row"): "One token a sample is one row a sample.",
}
_BY_SUBJECT = {
    ("MatMul", Role.GRADIENT, Role.WEIGHT): "What came in times the delta that came back, added up over the samples.",
    ("MatMul", Role.GRADIENT, Role.OUT): "Each delta goes back along the weights it came by, and all paths add up.",
    ("Scale", Role.GRADIENT, Role.OUT): "The loss is a mean over the batch, so each sample counts 1/N.",
}
_BY_ROLE = {
    ("MatMul", Role.SUM): "Each row of {a} meets each column of {b}: their dot product is one weighted sum.",
    ("MatMul", Role.NET): "Each row of {a} meets each column of {b}: their dot product is one weighted sum.",
    ("MatMul", Role.GRADIENT): "The chain rule as a matrix product: each cell adds up what every path contributes.",
    ("Subtract", Role.DELTA): "Softmax and cross-entropy together leave the difference of output and target.",
    ("Subtract", Role.GRADIENT): "The derivative of half the squared error is the error itself.",
    ("Subtract", Role.UPDATED): "The update: before, minus the change, is after. The next iteration starts from here.",
    ("Scale", Role.CHANGE): "The learning rate η says how far to go down the gradient.",
    ("Scale", Role.DELTA): "The loss is a mean over the batch, so each sample's error counts 1/N.",
    ("Scale", Role.GRADIENT): "What was scaled on the way there is scaled by the same number on the way back.",
    ("SumRows", Role.GRADIENT): "A bias reaches every sample, so its gradient adds up over the rows.",
    ("Hadamard", Role.DELTA): "The chain rule through the activation: cell times cell, the same place in both.",
    ("CausalMask", Role.GRADIENT): "Nothing goes back to what was hidden.",
    **{("Reshape", role): "Back into the shape that it had on the way there." for role in (Role.GRADIENT, Role.DELTA)},
    ("Transpose", Role.GRADIENT): "Back into the order of axes that it had on the way there.",
}
_BY_KIND = {
    "MatMul": "Each row of {a} meets each column of {b}: their dot product is one cell.",
    "AddBias": "One bias for each neuron, added to every sample's row.",
    "ReLU": "What is negative becomes 0; what is positive stays.",
    "Sigmoid": "Each number is squashed into the range from 0 to 1.",
    "Tanh": "Each number is squashed into the range from −1 to 1.",
    "Softmax": "Exponentials, divided by their sum: each row becomes probabilities.",
    "CrossEntropy": "Minus the logarithm of the probability that the output gives to the target.",
    "SquaredError": "Half the sum of the squared differences between output and target.",
    "Mean": "The loss of the batch is the mean over its samples.",
    "Hadamard": "Cell times cell: the same place in both.",
    "ReLUDerivative": "The slope of ReLU: 1 where its argument was positive, 0 elsewhere.",
    "SigmoidDerivative": "The slope of the sigmoid, from its own value.",
    "Scale": "Every cell times the same number.",
    "Add": "Gradients that arrive on several paths add up.",
    "Subtract": "Cell minus cell: the same place in both.",
    "SoftmaxJacobian": "How each probability moves with each score: one square matrix a sample.",
    "Divide": "Cell by cell, the one over the other: the same place in both.",
    "CausalMask": "A token may not look ahead: what lies right of the diagonal is hidden.",
    "SoftmaxGradient": "The chain rule through softmax: each gradient less the row's weighted mean, times its share.",
    "Conv2d": "The kernel slides over the image; at each place, window times kernel, all added up.",
    "AddChannelBias": "One bias for each filter, added to every cell of its map.",
    "MaxPool2d": "Of every window only the largest number stays.",
    "AveragePool2d": "Every window becomes the mean of its cells.",
    "MaxPool2dGradient": "The delta of a window goes to its winner alone; the others had no say.",
    "AveragePool2dGradient": "The delta of a window is shared out evenly among its cells.",
    "SumChannels": "A bias reaches every cell of its map, so its gradient adds up over all of them.",
    "Conv2dKernelGradient": "For each tap: the cells that it met, times the deltas that came of them, added up.",
    "Conv2dInputGradient": "For each cell: the deltas that it reached, times the taps it went by: the kernel, flipped.",
    "Embed": "Only the last token went on, so only it gets a gradient; the others get 0.",
    "RowTimesJacobian": "The chain rule written out: each sample's row times its own Jacobian.",
}
