"""Say how the labels of the panels look; the theme's style sheet says the rest."""

from viz_app.picture import Tone
from viz_app.theme import Theme


def panel_style(theme: Theme, text: float) -> str:
    """Return the style sheet of the panels for a size of text, in pixels."""
    muted, accent = theme.tones[Tone.MUTED], theme.tones[Tone.ACCENT]
    mono = "font-family: monospace"
    return f"""
        QLabel#name {{ font-size: {round(1.25 * text)}px; font-weight: 600; }}
        QLabel#value {{ font-size: {round(1.7 * text)}px; font-weight: 600; {mono}; }}
        QLabel#about, QLabel#empty, QLabel#hint {{ color: {muted}; }}
        QLabel#live, QLabel#source, QLabel#check {{ {mono}; font-size: {round(0.95 * text)}px; }}
        QLabel#source {{ color: {muted}; }}
        QLabel#answer {{ font-weight: 600; }}
        QFrame#help {{ background: {theme.base}; border: 1px solid {theme.border}; border-radius: 10px; }}
        QFrame#help QLabel {{ background: transparent; }}
        QFrame#help QLabel#heading {{ font-weight: 700; color: {accent}; padding-top: 8px; }}
        QFrame#help QLabel#key {{
            {mono}; background: {theme.hover}; border: 1px solid {theme.border}; border-radius: 4px; padding: 1px 6px;
        }}
    """
