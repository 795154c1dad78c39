"""The pages of the own input, in the order of their tabs."""

from collections.abc import Callable

from viz_app.panels.own_input.draw import DrawPage
from viz_app.panels.own_input.image import ImagePage
from viz_app.panels.own_input.numbers import NumbersPage
from viz_app.panels.own_input.page import InputPage
from viz_app.panels.own_input.text import TextPage

PAGES: tuple[Callable[[], InputPage], ...] = (ImagePage, DrawPage, NumbersPage, TextPage)
