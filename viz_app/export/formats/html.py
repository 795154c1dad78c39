"""A web page in one file: keys, a slider, words for each step; it asks for nothing from the network."""

import json
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import replace
from html import escape
from importlib.resources import files
from pathlib import Path
from string import Template

from viz_app.export.formats.base import About, Format, Holds
from viz_app.export.formats.svg import svg_of
from viz_app.export.pages import Page
from viz_app.frame.parts import Part
from viz_app.paint.theme import Theme, theme_of
from viz_app.picture.elements import Picture

_NARROW = 400, 660
"""The size that a picture is arranged for on a phone that is held upright, in pixels."""
_NARROW_EM = 16.0


class WebPage(Format):
    """A page with every picture as SVG, once for wide screens and once for phones."""

    name = "html"
    title = "web page"
    endings = (".html", ".htm")
    holds = Holds.ALL
    vector = True

    def write(self, pages: Iterable[Page], path: Path, about: About) -> Iterator[None]:
        sections, theme = [], None
        for number, page in enumerate(pages):
            sections.append(_section(page, number))
            theme = theme_of(page.look)
            yield
        assert theme is not None, "there is at least one page"
        path.write_text(_page(sections, about, theme), encoding="utf-8")


def _page(sections: list[str], about: About, theme: Theme) -> str:
    template = Template(files("resources").joinpath("export/page.html").read_text(encoding="utf-8"))
    tones = {tone.name.lower(): color for tone, color in theme.tones.items()}
    return template.substitute(
        tones,
        title=escape(f"NetStep: {about.title}"),
        heading=escape(about.title),
        base=theme.base,
        border=theme.border,
        on_accent=theme.on_accent,
        scheme="dark" if theme.dark else "light",
        count=len(sections),
        last=len(sections) - 1,
        milliseconds=json.dumps(round(about.timing.step * 1000)),
        sections="\n".join(sections),
    )


def _section(page: Page, number: int) -> str:
    wide = _data(page, page.picture)
    narrow = _data(page, _without_caption(page).arranged(_NARROW, _NARROW_EM))
    width, height = page.look.size
    alternative = escape(page.alternative, quote=True)
    loading = "" if number == 0 else " hidden"
    live = f"<p class='live'>{escape(page.frame.live)}</p>" if page.frame.live else ""
    return f"""<section id="step-{number}" aria-label="{escape(page.title, quote=True)}"{loading}>
<picture>
<source media="screen and (max-aspect-ratio: 1/1)" srcset="{narrow}" width="{_NARROW[0]}" height="{_NARROW[1]}">
<img src="{wide}" width="{width}" height="{height}" alt="{alternative}">
</picture>
<div class="words"><h2>{escape(page.title)}</h2><p>{escape(page.frame.caption)}</p>
<p class="equation">{escape(page.frame.equation_text)}</p>{live}
<details><summary>Why this step?</summary><p>{escape(page.frame.reason)}</p>
<pre>{escape(page.frame.source)}</pre></details></div>
</section>"""


def _without_caption(page: Page) -> Page:
    """Return a page whose picture leaves out the caption, which would be tiny: it stands in words below."""
    options = page.frame.options
    parts = options.parts - {Part.CAPTION} or options.parts
    return replace(page, frame=replace(page.frame, options=replace(options, parts=parts)))


def _data(page: Page, picture: Picture) -> str:
    svg = svg_of(picture, page.look, page.title, page.alternative)
    return f"data:image/svg+xml;base64,{b64encode(svg.encode()).decode()}"
