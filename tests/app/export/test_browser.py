"""The web page in a browser, from a file: keys, slider, play, a phone, paper, and nothing to complain of.

Chromium and its driver are started once for all of it; without them, or without Selenium, the tests are skipped.
"""

import re
import shutil
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pypdfium2
import pytest

from core.presets import open_preset
from viz_app.export.formats import format_named
from viz_app.export.job import Job, export_all
from viz_app.export.look import Look, Timing
from viz_app.frame.parts import USUAL_PARTS, Part
from viz_app.frame.place import Place

pytest.importorskip("selenium", reason="Selenium is not installed")
BROWSERS = [shutil.which(name) for name in ("chromium", "chromium-browser", "google-chrome")]
BROWSER, DRIVER = next(filter(None, BROWSERS), None), shutil.which("chromedriver")
pytestmark = pytest.mark.skipif(not (BROWSER and DRIVER), reason="Chromium or its driver is not installed")

STEPS = range(4)
PHONE = 360, 740
_SIZE = re.compile(r"font-size=\"([0-9.]+)")
LEAST_ON_A_PHONE = 10.5
"""What half of the text has at least on a phone, in its pixels."""


@pytest.fixture(scope="module")
def page(qapp: object, tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return the address of a page of a few steps, with all that a look can add."""
    path = tmp_path_factory.mktemp("web") / "näher & <weiter>.html"
    experiment = open_preset("sigmoid-3-4-2")
    look = Look((1280, 720), parts=USUAL_PARTS | {Part.TIMELINE, Part.CODE})
    places = [Place(0, step) for step in STEPS]
    job = Job("a < b", experiment.trace(), places, format_named("html"), path, look, Timing(step=0.05))
    export_all(job, lambda done, total: None)
    return path.as_uri()


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Start a browser without a screen and without a network."""
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = str(BROWSER)
    profile = f"--user-data-dir={tmp_path_factory.mktemp('profile')}"
    for argument in ("headless=new", "no-sandbox", "disable-gpu", "disable-dev-shm-usage", "proxy-server=127.0.0.1:9"):
        options.add_argument(f"--{argument}")
    options.add_argument(profile)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(executable_path=DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def opened(browser: Any, page: str) -> Iterator[Any]:
    """Open the page anew on a wide screen; in the end nothing was complained of, and nothing asked for."""
    _screen(browser, 1280, 900, mobile=False)
    browser.get("about:blank")
    browser.get(page)
    yield browser
    assert [entry for entry in browser.get_log("browser") if entry["level"] != "INFO"] == []
    asked = browser.execute_script("return performance.getEntriesByType('resource').map(entry => entry.name)")
    assert [name for name in asked if not name.startswith("data:")] == []


def _screen(browser: Any, width: int, height: int, *, mobile: bool) -> None:
    metrics = {"width": width, "height": height, "deviceScaleFactor": 2 if mobile else 1, "mobile": mobile}
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", metrics)


def _press(browser: Any, *names: str) -> None:
    from selenium.webdriver import ActionChains, Keys

    actions = ActionChains(browser, duration=0)
    for name in names:
        actions.send_keys(getattr(Keys, name))
    actions.perform()


def _shown(browser: Any) -> int:
    """Return the one step that is shown; slider, counter and address say the same."""
    sections = "Array.from(document.querySelectorAll('section'))"
    seen = browser.execute_script(f"return {sections}.flatMap((one, k) => one.offsetHeight ? [k] : [])")
    assert len(seen) == 1
    slider, text = browser.execute_script(
        "return [document.getElementById('slider').value, document.getElementById('place').value]"
    )
    assert (slider, text) == (str(seen[0]), f"{seen[0] + 1} / {len(STEPS)}")
    return int(seen[0])


def test_keys_walk_through_the_steps_and_stay_at_the_ends(opened: Any) -> None:
    walked = [_shown(opened)]
    for name in ("ARROW_RIGHT", "PAGE_DOWN", "ARROW_LEFT", "END", "ARROW_RIGHT", "PAGE_UP", "HOME", "ARROW_LEFT"):
        _press(opened, name)
        walked.append(_shown(opened))
    assert walked == [0, 1, 2, 1, 3, 3, 2, 0, 0]


def test_slider_and_buttons_go_where_they_say(opened: Any) -> None:
    from selenium.webdriver import ActionChains
    from selenium.webdriver.common.by import By

    slider = opened.find_element(By.ID, "slider")
    end = slider.size["width"] // 2 - 8
    ActionChains(opened, duration=0).move_to_element_with_offset(slider, end, 0).click().perform()
    assert _shown(opened) == 3
    _press(opened, "ARROW_LEFT")  # the slider has the keyboard: one step, and not two
    assert _shown(opened) == 2
    for name, place in (("next", 3), ("next", 3), ("back", 2)):
        opened.find_element(By.ID, name).click()
        assert _shown(opened) == place


def test_play_runs_to_the_end_and_stops(opened: Any) -> None:
    from selenium.webdriver.common.by import By
    from selenium.webdriver.support.ui import WebDriverWait

    play = opened.find_element(By.ID, "play")
    play.click()
    WebDriverWait(opened, 20, 0.02).until(lambda _: play.get_attribute("aria-pressed") == "false")
    assert _shown(opened) == 3


def test_an_address_leads_to_a_step(opened: Any, page: str) -> None:
    for end, place in (("#3", 2), ("#99", 3), ("#0", 3), ("#x", 3)):
        opened.execute_script(f"location.hash = '{end}'")
        assert _shown(opened) == place
    opened.get("about:blank")
    opened.get(f"{page}#2")
    assert _shown(opened) == 1


def test_a_phone_shows_all_of_it_large_enough(opened: Any) -> None:
    _screen(opened, *PHONE, mobile=True)
    wide, image, buttons = opened.execute_script(
        """const image = document.querySelector('section:not([hidden]) img'), box = image.getBoundingClientRect();
        const nav = Array.from(document.querySelectorAll('nav > *')).map(one => one.getBoundingClientRect());
        return [document.documentElement.scrollWidth, [box.left, box.right, image.naturalWidth, image.naturalHeight],
                nav.map(one => [one.left, one.right, one.width, one.height])]"""
    )
    assert wide <= PHONE[0]
    left, right, natural_width, natural_height = image
    assert 0 <= left < right <= PHONE[0]
    assert natural_height > natural_width, "the arrangement for phones"
    svg = opened.execute_script(
        "return decodeURIComponent(escape(atob(document.querySelector('section img').currentSrc.split(',')[1])))"
    )
    sizes = [float(size) for size in _SIZE.findall(svg)]
    assert min(sizes) * (right - left) / natural_width > 7, "the smallest are the numbers in thumbnails of maps"
    assert np.median(sizes) * (right - left) / natural_width > LEAST_ON_A_PHONE
    assert all(0 <= start < end <= PHONE[0] for start, end, *_ in buttons)
    assert all(width >= 40 and height >= 40 for *_, width, height in buttons[:3]), "as large as a finger"


def test_every_picture_is_told_in_words(opened: Any) -> None:
    told = opened.execute_script("return Array.from(document.querySelectorAll('img')).map(image => image.alt)")
    assert len(told) == len(set(told)) == len(STEPS)
    assert all(len(words) > 40 for words in told)


def test_each_step_is_printed_on_a_sheet_of_its_own(opened: Any, tmp_path: Path) -> None:
    for landscape in (False, True):
        printed = opened.execute_cdp_cmd("Page.printToPDF", {"printBackground": False, "landscape": landscape})
        path = tmp_path / "printed.pdf"
        path.write_bytes(b64decode(printed["data"]))
        document = pypdfium2.PdfDocument(path)
        assert len(document) == len(STEPS)
        for sheet in document:
            drawn = sheet.render(scale=0.5).to_numpy()
            assert (drawn < 128).mean() > 0.01, "the sheet has a picture on it"
            text = sheet.get_textpage().get_text_bounded()
            assert "forward" in text, "from the top of the picture"
            assert "update" in text, "to its end, where the timeline is"
            assert "Why this step?" in text
        document.close()
