"""Wire the window, all of it: frames go down to the panels, and what they ask for goes up into the session."""

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QAbstractButton, QComboBox, QWidget

from viz_app.panels.browser import BrowserPanel
from viz_app.panels.data import DataPanel
from viz_app.panels.data_offer import DataOfferPanel
from viz_app.panels.editor import EditorPanel
from viz_app.panels.guest import GuestPanel
from viz_app.panels.inspector.panel import InspectorPanel
from viz_app.panels.kernel.panel import KernelPanel
from viz_app.panels.network import NetworkPanel
from viz_app.panels.own_input import OwnInputPanel
from viz_app.panels.playground.panel import PlaygroundPanel
from viz_app.panels.playground.settings import PlaneSettingsPanel
from viz_app.panels.presenter import PresenterPanel
from viz_app.panels.quiz import QuizPanel
from viz_app.panels.stage import StagePanel
from viz_app.panels.training.confusion import ConfusionPanel
from viz_app.panels.training.curves import CurvesPanel
from viz_app.panels.training.layer_stats import LayerStatsPanel
from viz_app.panels.training.options import OptionsPanel
from viz_app.panels.training.watch import WatchPanel
from viz_app.panels.transport import TransportPanel
from viz_app.widgets.fields.number_field import NumberField
from viz_app.widgets.timeline.timeline import Timeline
from viz_app.window.actions.availability import Availability
from viz_app.window.actions.slots import choice_slots, slots
from viz_app.window.bringing.data_sets import DataSets
from viz_app.window.choices import Choices
from viz_app.window.commands import Commands
from viz_app.window.docking.boxes import leave_wheel
from viz_app.window.finding.finder import Finder
from viz_app.window.handlers import Handlers
from viz_app.window.panels import PrefetchesFrames, ShowsExperiments, ShowsFrames
from viz_app.window.parts import Parts
from viz_app.window.presentation.wiring import PresentationWiring, wire_quiz


def wire(parts: Parts, handlers: Handlers) -> None:
    """Connect everything of a window; a panel that is new needs lines here only for what it asks for."""
    commands, choices = handlers.commands, handlers.choices
    _wire_down(parts, commands, choices)
    parts.session.frame_changed.connect(Availability(parts).show_frame)
    _wire_up(parts, commands)
    parts.panels[EditorPanel].apply_requested.connect(handlers.networks.apply)
    _wire_own_input(parts, handlers)
    _wire_sessions(parts, handlers)
    _wire_browser(parts, handlers.data_sets)
    _wire_opening_of_data(parts, handlers.data_sets)
    _wire_finding(parts, handlers.finder)
    parts.panels[StagePanel].menu_requested.connect(handlers.map_menu.open)
    for name, slot in slots(parts, handlers).items():
        parts.actions[name].triggered.connect(slot)
    for name, choose in choice_slots(handlers).items():
        parts.actions.groups[name].triggered.connect(choose)
    _wire_presentation(parts, handlers)
    wire_quiz(parts, handlers.quizzing, parts.panels[QuizPanel])
    parts.panels[QuizPanel].left.connect(commands.focus_stage)
    parts.session.frame_changed.connect(handlers.quizzing.show_frame)
    QGuiApplication.styleHints().colorSchemeChanged.connect(choices.follow_system)
    _wire_keyboard(parts, commands)


def _wire_down(parts: Parts, commands: Commands, choices: Choices) -> None:
    """Send what the session and the player say to whoever shows it."""
    session, player, panels = parts.session, parts.player, parts.panels
    for receiver in (*panels, player, parts.typesetter):
        if isinstance(receiver, ShowsFrames):
            session.frame_changed.connect(receiver.show_frame)
        if isinstance(receiver, PrefetchesFrames):
            session.frame_prefetched.connect(receiver.prefetch_frame)
        if isinstance(receiver, ShowsExperiments):
            session.experiment_changed.connect(receiver.show_experiment)
    session.experiment_changed.connect(parts.docks.show_experiment)  # once the panels are shown or hidden
    session.experiment_changed.connect(choices.remember_preset)
    session.settings_refused.connect(panels[KernelPanel].show_refusals)
    for playground in (panels[PlaygroundPanel], panels[PlaneSettingsPanel]):
        session.settings_refused.connect(playground.show_refusals)
    for options in (panels[DataPanel], panels[OptionsPanel]):
        session.options_refused.connect(options.show_refusals)
    session.edit_refused.connect(panels[EditorPanel].show_refusal)
    session.message.connect(panels[StagePanel].show_message)
    session.faulted.connect(player.pause)
    session.halted.connect(player.pause)
    session.gradient_checked.connect(panels[InspectorPanel].show_check)
    player.playing_changed.connect(panels[TransportPanel].show_playing)
    player.speed_changed.connect(panels[TransportPanel].show_speed)
    session.trainer.training_changed.connect(panels[TransportPanel].show_training)
    session.trainer.training_changed.connect(panels[NetworkPanel].set_live)
    session.trainer.layers_passed.connect(panels[NetworkPanel].show_passing)
    session.trainer.iteration_passed.connect(session.watches.look)
    session.trainer.iteration_passed.connect(session.measuring.look)
    session.measuring.changed.connect(panels[LayerStatsPanel].show_measured)
    session.trainer.judged.connect(session.judging.take)
    session.judging.judged.connect(panels[ConfusionPanel].show_judgement)
    session.judging.forgotten.connect(panels[ConfusionPanel].forget)
    session.watches.changed.connect(panels[WatchPanel].show_watched)
    session.breakpoints.changed.connect(commands.show_breakpoints)
    session.experiment_changed.connect(commands.show_breakpoints)
    session.guests.told.connect(panels[GuestPanel].show_visited)
    panels[GuestPanel].appeared.connect(parts.docks.make_room_soon)
    session.trainer.goal_changed.connect(panels[OptionsPanel].show_goal)
    session.trainer.progressed.connect(panels[TransportPanel].show_progress)


def _wire_up(parts: Parts, commands: Commands) -> None:
    """Send what the panels ask for to whoever does it."""
    navigation, cells, viewing = parts.session.navigation, parts.session.cells, parts.session.viewing
    player, panels = parts.player, parts.panels
    stage, network, inspector = panels[StagePanel], panels[NetworkPanel], panels[InspectorPanel]
    data, transport = panels[DataPanel], panels[TransportPanel]
    # From the pictures: what the mouse does.
    stage.cell_hovered.connect(cells.hover)
    stage.cell_clicked.connect(parts.session.quiz.touch)  # before another cell is asked for by that
    stage.cell_clicked.connect(cells.focus)
    stage.cell_opened.connect(cells.open)
    stage.choice_requested.connect(viewing.choose)
    network.cell_hovered.connect(cells.hover)
    network.value_requested.connect(navigation.go_to_value)
    network.fold_requested.connect(parts.session.folding.toggle)
    panels[Timeline].step_requested.connect(navigation.go_to_stop)
    # From the inspector and the data: what is asked of a cell, and what is run.
    inspector.cell_open_requested.connect(cells.open)
    inspector.reach_requested.connect(cells.show_reach)
    inspector.step_requested.connect(navigation.reveal)
    inspector.gradient_check_requested.connect(cells.check_gradient)
    panels[CurvesPanel].iteration_requested.connect(navigation.go_to_iteration)
    data.preset_requested.connect(commands.open_preset)
    data.options_requested.connect(commands.set_options)
    data.row_requested.connect(viewing.set_row)
    panels[GuestPanel].label_requested.connect(parts.session.guests.set_label)
    panels[GuestPanel].leave_requested.connect(parts.session.guests.dismiss)
    panels[GuestPanel].learn_requested.connect(commands.learn)
    panels[KernelPanel].settings_requested.connect(commands.set_settings)
    panels[OptionsPanel].options_requested.connect(commands.set_options)
    panels[OptionsPanel].goal_requested.connect(parts.session.trainer.set_goal)
    # From the training tabs: what is watched, and where the run halts.
    watch, session = panels[WatchPanel], parts.session
    panels[LayerStatsPanel].wanted_changed.connect(session.measuring.set_wanted)
    panels[ConfusionPanel].wanted_changed.connect(session.judging.set_wanted)
    panels[ConfusionPanel].sample_requested.connect(commands.look_at)
    watch.watch_requested.connect(session.watches.add)
    watch.unwatch_requested.connect(session.watches.remove)
    watch.value_requested.connect(navigation.go_to_value)
    watch.breakpoint_requested.connect(session.breakpoints.add)
    watch.breakpoint_removed.connect(session.breakpoints.remove)
    watch.breakpoint_switched.connect(session.breakpoints.set_on)
    for playground in (panels[PlaygroundPanel], panels[PlaneSettingsPanel]):
        playground.settings_requested.connect(commands.set_settings)
        playground.options_requested.connect(commands.set_options)
    panels[PlaygroundPanel].neuron_opened.connect(cells.open)
    # From the transport and the clock: where in the run.
    transport.action_requested.connect(commands.trigger)
    transport.speed_requested.connect(player.set_speed)
    transport.iteration_requested.connect(navigation.go_to_iteration)
    transport.step_requested.connect(navigation.go_to_step)
    player.advance_requested.connect(navigation.advance)


def _wire_own_input(parts: Parts, handlers: Handlers) -> None:
    """Connect the window for an input of one's own both ways, and whatever is dropped."""
    panel, inputs, images = parts.panels[OwnInputPanel], handlers.inputs, handlers.images
    parts.session.guests.changed.connect(panel.show_guest)
    panel.drafted.connect(inputs.predict)
    panel.guest_requested.connect(inputs.show)
    panel.back_requested.connect(inputs.dismiss)
    panel.open_requested.connect(images.open)
    panel.paste_requested.connect(images.paste)
    panel.cancel_requested.connect(images.cancel)
    panel.picture_requested.connect(images.slide_over)
    writing = parts.session.writing
    writing.changed.connect(panel.show_written)
    panel.text_typed.connect(writing.type)
    panel.taste_chosen.connect(writing.set_taste)
    panel.wished.connect(inputs.wish)
    images.file_brought.connect(handlers.sessions.open_path)


def _wire_sessions(parts: Parts, handlers: Handlers) -> None:
    """Connect what saves and opens sessions, and the title, which names them."""
    session, saving, sessions = parts.session, parts.session.saving, handlers.sessions
    sessions.recent.path_requested.connect(sessions.open_path)
    saving.written.connect(sessions.recent.remember)
    saving.opened.connect(sessions.show_opened)
    session.experiment_changed.connect(handlers.title.show)
    saving.path_changed.connect(handlers.title.show)
    saving.work.changed.connect(handlers.title.mark)


def _wire_presentation(parts: Parts, handlers: Handlers) -> None:
    """Let the presenter's panel ask, and every presentation be wired when it begins."""
    PresentationWiring(parts, handlers.commands, handlers.presenting, handlers.quizzing)
    presenter = parts.panels[PresenterPanel]
    presenter.black_requested.connect(handlers.presenting.toggle_black)
    presenter.end_requested.connect(handlers.presenting.end)


def _wire_browser(parts: Parts, data_sets: DataSets) -> None:
    """Connect the browser of samples both ways."""
    session, browser = parts.session, parts.panels[BrowserPanel]
    session.judging_all.judged.connect(browser.show_judgement)
    session.judging_all.progressed.connect(browser.show_progress)
    session.judging_all.forgotten.connect(browser.forget)
    session.targets.changed.connect(browser.show_originals)
    browser.wanted_changed.connect(session.judging_all.set_wanted)
    browser.look_requested.connect(data_sets.look_at)
    browser.start_requested.connect(data_sets.start_from)
    browser.target_requested.connect(data_sets.set_target)
    browser.undo_requested.connect(data_sets.undo_targets)
    browser.open_requested.connect(data_sets.open)
    browser.paste_requested.connect(data_sets.paste)


def _wire_opening_of_data(parts: Parts, data_sets: DataSets) -> None:
    """Connect the window that opens data both ways."""
    data, panel = parts.session.data, parts.panels[DataOfferPanel]
    data.changed.connect(panel.show_found)
    data.progressed.connect(panel.show_progress)
    panel.files_requested.connect(data_sets.ask_file)
    panel.folder_requested.connect(data_sets.ask_folder)
    panel.source_requested.connect(data_sets.look)
    panel.paste_requested.connect(data_sets.paste)
    panel.answer_requested.connect(data.choose)
    panel.download_requested.connect(data.download)
    panel.cancel_requested.connect(data.cancel)
    panel.take_requested.connect(data_sets.take)


def _wire_finding(parts: Parts, finder: Finder) -> None:
    """Connect the search, and show the bookmarks on the timeline."""
    session, overlay = parts.session, parts.finder
    overlay.query_changed.connect(finder.look)
    overlay.chosen.connect(finder.go)
    session.experiment_changed.connect(finder.show_experiment)
    session.bookmarks.changed.connect(parts.panels[Timeline].show_bookmarks)


def _wire_keyboard(parts: Parts, commands: Commands) -> None:
    """Give the keyboard back to the stage after a button, a choice, or a number that was typed."""
    late, latecomers = (parts.panels[KernelPanel], parts.panels[PlaneSettingsPanel]), _Latecomers(parts, commands)
    _wire_fields(parts.window, parts, commands)
    for panel in late:
        leave_wheel(panel)
        panel.made.connect(latecomers.welcome)


def _wire_fields(widget: QWidget, parts: Parts, commands: Commands) -> None:
    for button in widget.findChildren(QAbstractButton):
        button.clicked.connect(commands.focus_stage)
    for box in widget.findChildren(QComboBox):
        box.activated.connect(commands.focus_stage)
    for field in widget.findChildren(NumberField):
        field.entered.connect(commands.focus_stage)
        field.refused.connect(parts.panels[StagePanel].show_message)


class _Latecomers(QObject):
    """Wires the fields of a panel that are made later than the window."""

    def __init__(self, parts: Parts, commands: Commands) -> None:
        super().__init__(parts.window)
        self._parts, self._commands = parts, commands

    def welcome(self) -> None:
        """Give the fields of the panel that asks what all fields have."""
        panel = self.sender()
        assert isinstance(panel, QWidget)
        leave_wheel(panel)
        _wire_fields(panel, self._parts, self._commands)
