"""Say how the labels and small controls of the panels look; the theme's style sheet says the rest."""

from importlib.resources import files

from viz_app.paint.theme import Theme
from viz_app.picture.elements import Tone

_MONO = "font-family: monospace"


def panel_style(theme: Theme, text: float) -> str:
    """Return the style sheet of the panels in the colours of a theme, for a size of text, in pixels."""
    muted, accent, warning = (theme.tones[tone] for tone in (Tone.MUTED, Tone.ACCENT, Tone.WARNING))
    return f"""
        QDockWidget > QScrollArea {{ background: {theme.base}; }}
        QTabWidget > QStackedWidget > QWidget, QTabWidget > QTabBar {{ background: {theme.base}; }}
        QTabWidget QScrollArea > QWidget > QWidget {{ background: {theme.base}; }}
        QTabWidget > QTabBar::tab {{ padding: 6px 4px; }}
        QTabWidget QLabel#heading {{ font-weight: 600; padding-top: 6px; }}
        QLabel#about, QLabel#empty, QLabel#hint {{ color: {muted}; }}
        QLabel#source {{ color: {muted}; }}
        QToolButton#disclosure {{ padding-left: 0; border-left: none; }}
        QLabel#answer {{ font-weight: 600; }}
        QLabel#reason {{ color: {warning}; }}
        QFrame#layer {{ background: {theme.window}; border: 1px solid {theme.border}; border-radius: 8px; }}
        QFrame#layer[broken="true"] {{ border: 2px solid {warning}; }}
        QFrame#layer QLabel, QFrame#layer QWidget#field {{ background: transparent; }}
        QFrame#drop {{ background: {accent}; border: none; }}
        QLabel#dropHint {{
            background: #d8{theme.base[1:]}; border: 4px solid {accent}; border-radius: 12px; font-weight: 600;
        }}
        QWidget#paper {{ background: {theme.base}; }}
        QLabel#layerTitle, QLabel#summary {{ font-weight: 600; }}
        QLabel#edge {{ {_MONO}; color: {theme.tones[Tone.TEXT]}; }}
        QLabel#keeping {{ color: {accent}; }}
        QLabel#keeping[anew="true"] {{ color: {muted}; }}
        QLabel#listing {{ {_MONO}; }}
        QToolButton#small {{ padding: 2px; }}
        QToolButton#small:focus {{ padding: 1px; }}
        QComboBox[invalid="true"], QTableView[invalid="true"] {{ border: 2px solid {warning}; }}
        QTableView::item {{ padding: 0; }}
        QFrame#find {{ background: {theme.base}; border: 1px solid {theme.border}; border-radius: 10px; }}
        QFrame#find QLabel {{ background: transparent; }}
        QFrame#help {{ background: {theme.base}; border: 1px solid {theme.border}; border-radius: 10px; }}
        QFrame#help QLabel, QFrame#help #paper, QFrame#help #qt_scrollarea_viewport {{ background: transparent; }}
        QFrame#help QLabel#heading {{ font-weight: 700; color: {accent}; padding-top: 8px; }}
        QFrame#help QLabel#key {{
            {_MONO}; background: {theme.hover}; border: 1px solid {theme.border}; border-radius: 4px; padding: 1px 6px;
        }}
        {_arrows(theme)}
        QAbstractSpinBox#cell {{ padding: 3px 2px; }}
        QAbstractSpinBox#cell:focus {{ padding: 2px 1px; }}
        QAbstractSpinBox#cell::up-button, QAbstractSpinBox#cell::down-button {{ width: 0; margin: 0; }}
        QAbstractSpinBox#cell::up-arrow, QAbstractSpinBox#cell::down-arrow {{ image: none; }}
        QTabWidget > QTabBar {{ font-size: {round(0.9 * text)}px; }}
        QWidget#guest {{ font-weight: 600; }}
        QLabel#name {{ font-size: {round(1.25 * text)}px; font-weight: 600; }}
        QLabel#value {{ font-size: {round(1.7 * text)}px; font-weight: 600; {_MONO}; }}
        QLabel#live, QLabel#source, QLabel#check {{ {_MONO}; font-size: {round(0.95 * text)}px; }}
        QTableView {{ {_MONO}; font-size: {round(0.92 * text)}px; }}
        QHeaderView::section {{ font-size: {round(0.92 * text)}px; padding: 4px 3px; }}
    """


def _arrows(theme: Theme) -> str:
    """Return the look of the arrows of number fields and choices, which Qt draws bare once a border is styled."""
    up, down, check = (_path(name) for name in ("up", "down", f"check-{theme.name}"))
    accent = theme.tones[Tone.ACCENT]
    return f"""
        QAbstractSpinBox::up-button, QAbstractSpinBox::down-button, QComboBox::drop-down {{
            border: none; background: transparent; width: 18px;
        }}
        QAbstractSpinBox::up-button {{ subcontrol-position: top right; margin: 2px 2px 0 0; }}
        QAbstractSpinBox::down-button {{ subcontrol-position: bottom right; margin: 0 2px 2px 0; }}
        QAbstractSpinBox::up-button:hover, QAbstractSpinBox::down-button:hover {{ background: {theme.hover}; }}
        QAbstractSpinBox::up-arrow {{ image: url("{up}"); width: 10px; height: 10px; }}
        QAbstractSpinBox::down-arrow, QComboBox::down-arrow {{ image: url("{down}"); width: 10px; height: 10px; }}
        QCheckBox::indicator, QListView::indicator {{
            width: 14px; height: 14px; border: 1px solid {theme.tones[Tone.MUTED]}; border-radius: 4px;
            background: {theme.base};
        }}
        QCheckBox::indicator:checked, QListView::indicator:checked {{
            background: {accent}; border-color: {accent}; image: url("{check}");
        }}
    """


def _path(name: str) -> str:
    """Return where an icon lies, as style sheets write it."""
    return str(files("resources").joinpath("icons", f"{name}.svg")).replace("\\", "/")
