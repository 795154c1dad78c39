"""Put together what does what menus, keys and panels ask for."""

from dataclasses import dataclass

from viz_app.window.choices import Choices
from viz_app.window.commands import Commands
from viz_app.window.copies import Copies
from viz_app.window.data_sets import DataSets
from viz_app.window.finding.finder import Finder
from viz_app.window.images import Images
from viz_app.window.inputs import Inputs
from viz_app.window.networks import Networks
from viz_app.window.parts import Parts


@dataclass(frozen=True)
class Handlers:
    """What does what is asked for; each has a subject of its own."""

    commands: Commands
    choices: Choices
    networks: Networks
    inputs: Inputs
    images: Images
    data_sets: DataSets
    copies: Copies
    finder: Finder

    @classmethod
    def of(cls, parts: Parts) -> "Handlers":
        """Return the handlers of a window."""
        commands = Commands(parts)
        return cls(
            commands,
            Choices(parts),
            Networks(parts),
            Inputs(parts),
            Images(parts, commands),
            DataSets(parts, commands),
            Copies(parts),
            Finder(parts),
        )
