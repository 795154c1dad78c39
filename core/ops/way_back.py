"""Say what the steps are for that bring a gradient back through products, quotients, differences, squares and roots."""

from core.ops.base import Purpose

OTHER_FACTOR = Purpose(
    "What comes back, times the other factor.",
    why="The product rule: a cell of one factor moves the product by as much as the cell that it is multiplied with.",
    look="Where {b} is 0 nothing comes back: there the other factor did not count.",
)
OVER_DIVISOR = Purpose(
    "What comes back, over the same divisor.",
    why="What was divided on the way there is divided on the way back: a change of the numerator counts 1/{b}.",
    look="Where {b} is small, a small change of the numerator makes a large one: {c} is large there.",
)
FALLS = Purpose(
    "The result once more over the divisor: how fast the quotient falls where the divisor grows.",
    why="The derivative of a/b by b is −(a/b)/b; this is it without the minus, which comes after.",
    look="The pattern of {c} is that of {a} where {b} is the same everywhere.",
)
TIMES_FALL = Purpose(
    "What comes back, times how fast the quotient falls.",
    why="The chain rule: the gradient of the result times the derivative of the result by the divisor.",
    look="Where {a} and {b} have one sign, a larger divisor would lower the loss.",
)
FALLING = Purpose(
    "The sign turns: a larger divisor makes a smaller quotient.",
    why="The derivative of a quotient by its divisor is negative where the quotient is positive.",
    look="Each cell of {c} is that of {b} with the other sign.",
)
TAKEN_OFF = Purpose(
    "What was taken off gets what comes back with the other sign.",
    why="Where what is taken off grows by 1, the difference falls by 1.",
    look="Each cell of {c} is that of {b} with the other sign.",
)
TIMES_SQUARED = Purpose(
    "What comes back, times the number that was squared.",
    why="The derivative of a square is twice the number; the 2 comes after.",
    look="Numbers near 0 get little back: there a square is flat.",
)
TWICE = Purpose(
    "Twice that: the derivative of a square is two times the number.",
    why="A square is the number times itself, so a change counts in both factors.",
    look="The pattern of {c} is that of {b}.",
)
OVER_ROOT = Purpose(
    "What comes back, over the root.",
    why="The derivative of a root is one half over the root; the half comes after.",
    look="Small roots get much back: there a root is steep.",
)
HALF = Purpose(
    "Half of that: the derivative of a root is one half over the root.",
    why="Two equal factors make the number below the root, so each answers for half of it.",
    look="The pattern of {c} is that of {b}.",
)
