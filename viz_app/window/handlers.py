"""Put together what does what menus, keys and panels ask for."""

from dataclasses import dataclass

from viz_app.window.bringing.data_sets import DataSets
from viz_app.window.bringing.images import Images
from viz_app.window.bringing.inputs import Inputs
from viz_app.window.bringing.networks import Networks
from viz_app.window.choices import Choices
from viz_app.window.commands import Commands
from viz_app.window.finding.finder import Finder
from viz_app.window.parts import Parts
from viz_app.window.presentation.presenting import Presenting
from viz_app.window.presentation.quizzing import Quizzing
from viz_app.window.sessions import Sessions, Title
from viz_app.window.takeaway.copies import Copies
from viz_app.window.takeaway.map_menu import MapMenu
from viz_app.window.takeaway.takeaways import TakeAways


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
    takeaways: TakeAways
    map_menu: MapMenu
    presenting: Presenting
    quizzing: Quizzing
    sessions: Sessions
    title: Title

    @classmethod
    def of(cls, parts: Parts) -> "Handlers":
        """Return the handlers of a window."""
        commands, choices, networks = Commands(parts), Choices(parts), Networks(parts)
        copies, takeaways = Copies(parts), TakeAways(parts)
        images, data_sets = Images(parts, commands), DataSets(parts, commands)
        return cls(
            commands,
            choices,
            networks,
            Inputs(parts, commands),
            images,
            data_sets,
            copies,
            Finder(parts),
            takeaways,
            MapMenu(parts, copies, takeaways),
            Presenting(parts),
            Quizzing(parts),
            Sessions(parts, commands, choices, networks, images, data_sets),
            Title(parts),
        )
