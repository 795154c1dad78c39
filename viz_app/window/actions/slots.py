"""Say what every action does: a new action needs a line here, and one in the menus."""

from collections.abc import Callable, Mapping

from viz_app.panels.stage import StagePanel
from viz_app.widgets.timeline.timeline import Timeline
from viz_app.window.handlers import Handlers
from viz_app.window.parts import Parts

Slots = Mapping[str, Callable[..., object]]


def slots(parts: Parts, handlers: Handlers) -> Slots:
    """Return what every action does."""
    return {**_ways(parts, handlers), **_runs(parts, handlers), **_files(parts, handlers), **_views(parts, handlers)}


def _ways(parts: Parts, handlers: Handlers) -> Slots:
    """Return what moves along the steps."""
    navigation = parts.session.navigation
    commands = handlers.commands
    folding = parts.session.folding
    bookmarks = parts.session.bookmarks
    return {
        "step": commands.step,
        "back": commands.back,
        "enter": navigation.enter,
        "leave": navigation.leave,
        "first": navigation.first,
        "last": navigation.last,
        "next_layer": commands.next_layer,
        "previous_layer": commands.previous_layer,
        "next_bookmark": bookmarks.go_next,
        "previous_bookmark": bookmarks.go_previous,
        "bookmark": bookmarks.toggle,
        "list_bookmarks": handlers.finder.open_bookmarks,
        "find": handlers.finder.open,
        "fold": folding.fold,
        "fold_all": folding.fold_all,
        "unfold_all": folding.unfold_all,
        "hide_copies": folding.hide_copies,
        "timeline_in": parts.panels[Timeline].zoom_in,
        "timeline_out": parts.panels[Timeline].zoom_out,
    }


def _runs(parts: Parts, handlers: Handlers) -> Slots:
    """Return what plays, trains and changes the run."""
    player = parts.player
    commands = handlers.commands
    return {
        "play": commands.play,
        "faster": player.faster,
        "slower": player.slower,
        "train": commands.train,
        "stop_training": parts.session.trainer.stop,
        "watch": commands.watch,
        "breakpoint": commands.toggle_breakpoint,
        "leave_guest": parts.session.guests.dismiss,
        "learn_guest": commands.learn,
        "inference": parts.session.inferring.toggle,
        "restart": commands.restart,
        "check_gradient": commands.check_gradient,
        "clear": commands.clear,
    }


def _files(parts: Parts, handlers: Handlers) -> Slots:
    """Return what opens, saves and takes away."""
    commands = handlers.commands
    networks = handlers.networks
    inputs = handlers.inputs
    images = handlers.images
    data_sets = handlers.data_sets
    copies = handlers.copies
    takeaways = handlers.takeaways
    sessions = handlers.sessions
    return {
        "open": sessions.open,
        "save_session": sessions.save,
        "save_session_as": sessions.save_as,
        "open_weights": commands.open_weights,
        "save_weights": commands.save_weights,
        "export": commands.export,
        "export_picture": commands.export_picture,
        "edit_network": networks.edit,
        "open_network": networks.open,
        "save_network": networks.save,
        "own_input": inputs.open,
        "open_image": images.open,
        "paste_image": images.paste,
        "open_data": data_sets.open,
        "browse_data": data_sets.browse,
        "quit": parts.window.close,
        "copy_numbers": copies.rows,
        "copy_latex": copies.latex,
        "copy_formula": copies.formula,
        "copy_picture": copies.picture,
        "copy_operation": takeaways.copy_operation,
        "copy_iteration": takeaways.copy_iteration,
        "save_map": takeaways.save_map,
        "save_step_values": takeaways.save_step_values,
        "save_values": takeaways.save_values,
        "save_script": takeaways.save_script,
        "save_network_code": takeaways.save_network,
        "save_curves": takeaways.save_curves,
        "save_curves_picture": takeaways.save_curves_picture,
    }


def _views(parts: Parts, handlers: Handlers) -> Slots:
    """Return what changes how the window looks, and what it shows besides."""
    commands = handlers.commands
    choices = handlers.choices
    return {
        "larger": choices.larger,
        "smaller": choices.smaller,
        "grey_images": choices.choose_grey_images,
        "decimal_comma": choices.choose_comma,
        "captions": choices.choose_captions,
        "hold_colors": parts.session.viewing.hold_colors,
        "why": commands.explain,
        "reset_view": parts.panels[StagePanel].canvas.reset_view,
        "full_screen": commands.toggle_full_screen,
        "reset_layout": choices.reset_layout,
        "present": handlers.presenting.toggle,
        "quiz": handlers.quizzing.toggle,
        "answer": handlers.presenting.type_answer,
        "reveal": parts.session.quiz.reveal,
        "keys": parts.keys.toggle,
        "about": commands.show_about,
    }


def choice_slots(handlers: Handlers) -> Slots:
    """Return what every submenu of choices does."""
    commands, choices = handlers.commands, handlers.choices
    return {
        "extent": handlers.quizzing.choose_extent,
        "preset": commands.choose_preset,
        "theme": choices.choose_theme,
        "notation": choices.choose_notation,
        "digits": choices.choose_digits,
        "colors": choices.choose_colors,
        "scale": choices.choose_scale,
    }
