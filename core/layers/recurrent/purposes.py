"""Say what the steps of a layer that is unrolled over time are for."""

from core.ops.base import Purpose

NOW = Purpose(
    "The token of this time step, of every sample.",
    why="A recurrent layer reads one token at a time, and carries on what it made of those before.",
    look="{c} is a copy of one token of {a}; no number changes.",
)
NOTHING_YET = Purpose(
    "Before the first token nothing is remembered: zeros.",
    why="Every time step reads a state before it, and the first one finds this.",
    look="All cells of {c} are 0, so weights that read it have no effect yet.",
)
OF_INPUT = Purpose(
    "What the token says: each row of {a} meets each column of {b}.",
    why="The same weights read the token in every time step, so what is learnt at one holds at all.",
    look="A cell of {c} is large where a token has what a column of {b} looks for.",
)
OF_STATE = Purpose(
    "What the memory says: each row of {a} meets each column of {b}.",
    why="The state before comes back in here; this is the loop of the network, unrolled.",
    look="A cell of {c} is large where the state before has what a column of {b} looks for.",
)
OF_NO_STATE = Purpose(
    OF_STATE.says,
    why=OF_STATE.why,
    look="This is the first time step: {a} is 0, and so is {c}.",
)
BOTH = Purpose(
    "What the token says, plus what the memory says.",
    why="One weighted sum over both: the token decides in the light of what came before it.",
    look="Where {a} and {b} have opposite signs, token and memory disagree.",
)
BIAS = Purpose(
    "One bias for each unit, added to every sample's row.",
    why="It says what happens where neither token nor memory has a say.",
    look="Every row of {c} differs from its row in {a} by the same numbers.",
)
NEW_STATE = Purpose(
    "The new state: what is remembered of all tokens so far.",
    why="It bends the sum, and keeps it small, however often it comes around.",
    look="Follow {c} from time step to time step: what of the first token is left at the end?",
)
FORGET = Purpose(
    "The forget gate: which share of each cell is kept, from 0 (erased) to 1 (kept).",
    why="A cell of memory keeps its number as long as its gate is near 1; so it can bridge many time steps.",
    look="A column near 1 holds on to its cell; near 0, it makes room for something new.",
)
INPUT = Purpose(
    "The input gate: how much of what is new is written into each cell, from 0 to 1.",
    why="Not every token is worth remembering; this gate decides which one is.",
    look="It is near 1 where something is to be written, and near 0 where it is to be ignored.",
)
CANDIDATE = Purpose(
    "The candidate: what would be written, from −1 to 1.",
    why="What is written and whether it is written are decided apart: this is what.",
    look="Compare {c} with the input gate: only where that is open this counts.",
)
OUTPUT = Purpose(
    "The output gate: how much of each cell is shown, from 0 to 1.",
    why="A cell can keep what is not yet needed; this gate decides when it is shown.",
    look="Where {c} is near 0 the cell stays hidden, and keeps what it has.",
)
KEPT = Purpose(
    "What is kept: the forget gate times the cell state before.",
    why="It is a product and no matrix: a cell meets nothing but its own gate, so its gradient comes back "
    "through time by that factor alone.",
    look="Where {a} is near 1, {c} is {b}; where it is near 0, {b} is forgotten.",
)
ADDED = Purpose(
    "What is written: the input gate times the candidate.",
    why="The gate says how much of the candidate enters each cell.",
    look="Where {a} is near 0 nothing is written, whatever {b} is.",
)
CELL = Purpose(
    "The new cell state: what was kept, plus what is written.",
    why="It is a sum, so the gradient goes on unchanged to what was kept: that is how an LSTM remembers over many "
    "time steps.",
    look="Where nothing is written, {c} is {a}.",
)
SQUASHED = Purpose(
    "The cell state, squashed into the range from −1 to 1.",
    why="A sum over time can grow; what others read should not.",
    look="{c} has the signs of {a}.",
)
SHOWN = Purpose(
    "The new state: the output gate times the squashed cell state.",
    why="The cell remembers; the state is what of it is shown to the next time step, and to the next layer.",
    look="Where {a} is near 0 the cell is hidden, though it remembers.",
)
RESET = Purpose(
    "The reset gate: how much of the memory the candidate sees, from 0 to 1.",
    why="Where the past does not matter, the candidate should be made from the token alone.",
    look="Where {c} is near 0 the candidate forgets the state before.",
)
UPDATE = Purpose(
    "The update gate: which share of each unit stays as it was, from 0 to 1.",
    why="One gate decides about both sides: what is not kept is replaced.",
    look="A column near 1 holds on to its unit; near 0 it takes the candidate.",
)
SEEN = Purpose(
    "What the candidate sees of the memory: the reset gate times what the memory says.",
    why="The gate acts behind the product with the weights, as in PyTorch: it turns what each unit hears up or down.",
    look="Where {a} is near 0 the memory is silent.",
)
NET_OF_BOTH = Purpose(
    "What the token says, plus what the candidate sees of the memory.",
    why="The candidate is made from both, as a state of a simple recurrent layer would be.",
    look="Where {b} is 0 the token decides alone.",
)
BIAS_OF_STATE = Purpose(
    "One bias for each unit, added to what the memory says.",
    why="The reset gate will turn both down together, so the memory has a bias of its own.",
    look="Every row of {c} differs from its row in {a} by the same numbers.",
)
REST = Purpose(
    "What the update gate leaves: 1 minus its share.",
    why="What is kept and what is replaced are shares of one whole.",
    look="{b} and {c} add up to 1 in every cell.",
)
REPLACED = Purpose(
    "What is written: the candidate, as far as the update gate leaves room.",
    why="A unit takes the candidate in the share in which it lets go of what it had.",
    look="Where {a} is near 0 nothing is written, whatever {b} is.",
)
STAYS = Purpose(
    "What stays: the update gate times the state before.",
    why="Where the gate is near 1 a number is handed on unchanged, and its gradient comes back unchanged.",
    look="Where {a} is near 1, {c} is {b}.",
)
MIXED = Purpose(
    "The new state: what is written, plus what stays.",
    why="It is a mean of candidate and old state, weighted by the update gate.",
    look="Each cell of {c} lies between the candidate and the state before.",
)
JOINED = Purpose(
    "The states of the time steps beside each other; no number changes.",
    why="What follows is to see what was remembered at every time step.",
    look="No number changes.",
)
SEQUENCE = Purpose(
    "Back to sequences: for each sample its states, below each other.",
    why="What follows wants to know again which states belong to which time step.",
    look="No number changes.",
)
