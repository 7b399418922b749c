"""The exported page is opened in a real browser, drawn on, and asked."""

import base64
import hashlib
import io
import json
import re
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import numpy as np
import pytest
from PIL import Image
from scipy.special import erf

import core.recipe.recipe  # noqa: F401 - fills the registries
from core.base.errors import ExportError
from core.exchange.exporter import EXPORTERS, export
from core.exchange.exporters.html_format import WebPage
from core.exchange.portable import outputs, probabilities, rounded
from core.imaging.ink import draw
from core.nn.layer import activation_choices
from tests.support.browser import CHROMIUM, Browser
from tests.support.networks import HOSTILE, network, pictures

IMAGES = pictures()
PEN = 9.0  # units, half the width of the page's pen
needs_browser = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")


@pytest.fixture(scope="module")
def browser(tmp_path_factory):
    home = tmp_path_factory.mktemp("browser") / "home"
    home.mkdir()
    made = Browser(home)
    yield made
    made.close()


def written(tmp_path, portable, precision="float32"):
    path = tmp_path / "digits.html"
    path.write_bytes(WebPage().encode(portable, precision))
    return path


def shown(browser, tmp_path, portable, precision="float32"):
    browser.open(written(tmp_path, portable, precision).as_uri())
    return browser


def asked(browser, images, function="outputs"):
    rows = json.dumps(images.reshape(len(images), -1).tolist())
    return np.array(browser.run(f"{rows}.map((pixels) => Array.from({function}(pixels)))"))


def place(browser, across, down):
    """Return where a point of the paper, 0..1 both ways, lies in the window."""
    left, top, width, height = browser.run(
        "(() => { const r = paper.getBoundingClientRect();"
        " return [r.left, r.top, r.width, r.height]; })()"
    )
    return left + across * width, top + down * height


def seven(browser):
    """Return two lines of a seven, as points of the window."""
    bar = [place(browser, 0.25 + 0.05 * k, 0.2 + 0.002 * k) for k in range(10)]
    leg = [place(browser, 0.7 - 0.02 * k, 0.22 + 0.06 * k) for k in range(11)]
    return bar, leg


def drawn(browser):
    """Return the strokes that the page has, and the image it made of them."""
    browser.run("new Promise(requestAnimationFrame)")
    strokes = [np.array(stroke) for stroke in browser.run("strokes")]
    return strokes, np.array(browser.run("Array.from(image)"), np.uint8)


# Without a browser --------------------------------------------------------------------------


@pytest.mark.parametrize("precision", WebPage.precisions)
def test_the_export_reads_the_weights_back(tmp_path, precision):
    portable = network("gelu", batch=True)
    labels = outputs(portable, IMAGES).argmax(axis=1).astype(np.uint8)
    done = export(tmp_path / "x.html", portable, "html", precision, IMAGES, labels)
    assert done.worst < 1e-9
    assert done.size == (tmp_path / "x.html").stat().st_size


@pytest.mark.parametrize(
    "damage",
    [
        lambda page: page.replace(b'id="weights"', b'id="gone"'),
        lambda page: page.replace(b'"kind":"dense"', b'"find":"dense"'),
        lambda page: page[: len(page) // 3],
        lambda page: page.replace(b"\n</script>\n<script>", b"AAAA\n</script>\n<script>"),
    ],
)
def test_a_page_that_was_damaged_does_not_pass(tmp_path, damage):
    path = written(tmp_path, network())
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(ExportError):
        WebPage().check(path, network(), IMAGES)


def test_the_same_network_gives_the_same_bytes():
    assert WebPage().encode(network(), "int8") == WebPage().encode(network(), "int8")


def test_the_policy_allows_this_script_and_style_and_nothing_else():
    page = WebPage().encode(network(names=HOSTILE), "float32").decode()
    policy = re.search(r'http-equiv="Content-Security-Policy" content="([^"]+)"', page)[1]
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules.pop("default-src") == "'none'"
    for kind, element in (("script-src", "script"), ("style-src", "style")):
        (content,) = re.findall(f"<{element}>(.*?)</{element}>", page, re.DOTALL)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert rules.pop(kind) == f"'sha256-{digest}'"
    assert all(value == "'none'" for value in rules.values())


def test_nothing_in_the_page_points_outside():
    page = WebPage().encode(network(), "float32").decode()
    assert not re.search(r"https?:|\bsrc=|href=|@import|url\(", page)


def test_it_is_in_the_menu():
    assert EXPORTERS["html"].suffix == ".html"


# In a browser -------------------------------------------------------------------------------


@needs_browser
@pytest.mark.parametrize("activation", [key for key, _ in activation_choices()])
@pytest.mark.parametrize("batch", [False, True])
def test_every_activation_computes_the_same(browser, tmp_path, activation, batch):
    portable = network(activation, batch=batch)
    found = asked(shown(browser, tmp_path, portable), IMAGES)
    np.testing.assert_allclose(found, outputs(portable, IMAGES), atol=1e-12)


@needs_browser
@pytest.mark.parametrize("precision", WebPage.precisions)
@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_any_precision_depth_scaling_and_output(browser, tmp_path, precision, output):
    portable = network("tanh", (9, 8, 7, 6, 5), output=output, standardized=True, shape=(8, 6))
    images = pictures(shape=(8, 6))
    shown(browser, tmp_path, portable, precision)
    shorter = rounded(portable, precision)
    np.testing.assert_allclose(asked(browser, images), outputs(shorter, images), atol=1e-7)
    found = asked(browser, images, "probabilities")
    np.testing.assert_allclose(found, probabilities(shorter, images), atol=1e-7)


@needs_browser
def test_numbers_of_16_bits_and_the_error_function_are_exact(browser, tmp_path):
    shown(browser, tmp_path, network())
    bits = np.arange(1 << 16, dtype=np.uint16)
    halves = bits.view(np.float16).astype(float)
    finite = np.isfinite(halves)
    found = np.array(browser.run(f"{bits[finite].tolist()}.map(half)"))
    np.testing.assert_array_equal(found, halves[finite])
    x = np.linspace(-7, 7, 2001)
    found = np.array(browser.run(f"{x.tolist()}.map(erf)"))
    np.testing.assert_allclose(found, erf(x), rtol=1e-14)


@needs_browser
@pytest.mark.parametrize("pointer", ["mouse", "pen", "touch"])
def test_a_digit_drawn_in_it_is_framed_and_read_as_the_program_does(browser, tmp_path, pointer):
    portable = network("relu", (40,))
    shown(browser, tmp_path, portable)
    for line in seven(browser):
        if pointer == "touch":
            browser.touch(line)
        else:
            browser.draw(line, pointer)
    strokes, image = drawn(browser)
    assert len(strokes) == 2
    if pointer == "pen":
        assert {value for stroke in strokes for value in stroke[:-1, 2]} == {0.5}
    wanted = draw(strokes, PEN)
    # The program computes in float32; a grey level may fall to the other side.
    assert np.abs(image.reshape(28, 28).astype(int) - wanted).max() <= 1
    shares = probabilities(portable, image[None])[0]
    np.testing.assert_allclose(asked(browser, image[None], "probabilities")[0], shares, atol=1e-5)
    best = portable.class_names[int(shares.argmax())]
    assert browser.run("element('best').textContent") == best
    texts = browser.run("[...document.querySelectorAll('.value')].map((cell) => cell.textContent)")
    assert [float(text.split()[0]) for text in texts] == pytest.approx(100 * shares, abs=0.051)
    assert browser.run("element('spoken').textContent").startswith(best)


@needs_browser
@pytest.mark.parametrize(
    "strokes",
    [
        [[[140, 140, 1]]],
        [[[0, 0, 1], [280, 280, 1]]],
        [[[100, 20, 0.2], [105, 260, 1.0]], [[90, 140, 0.0], [150, 141, 0.5]]],
        [[[3 * k, 140 + 100 * np.sin(k / 9), 0.5 + 0.5 * np.cos(k)] for k in range(90)]],
        [[[10, 10, 1], [10, 10, 1], [10.001, 10, 1]]],
    ],
)
@pytest.mark.parametrize("radius", [0.5, 9, 60])
def test_any_drawing_is_framed_as_the_program_does(browser, tmp_path, strokes, radius):
    shown(browser, tmp_path, network())
    found = np.array(browser.run(f"Array.from(framed({json.dumps(strokes)}, {radius}))"))
    wanted = draw([np.array(stroke) for stroke in strokes], radius)
    assert wanted.any()
    assert np.abs(found.reshape(28, 28) - wanted).max() <= 1


@needs_browser
def test_a_network_of_another_size_gets_a_smaller_square(browser, tmp_path):
    shown(browser, tmp_path, network(shape=(20, 16)))
    browser.draw(seven(browser)[0])
    strokes, image = drawn(browser)
    small = Image.fromarray(draw(strokes, PEN)).resize((16, 16), Image.Resampling.BILINEAR)
    wanted = np.zeros((20, 16), int)
    wanted[2:18] = np.asarray(small)
    assert np.abs(image.reshape(20, 16) - wanted).max() <= 2


@needs_browser
def test_undo_takes_back_a_line_and_clear_all_of_them(browser, tmp_path):
    shown(browser, tmp_path, network())
    assert browser.run("element('undo').disabled && element('clear').disabled")
    for line in seven(browser):
        browser.draw(line)
    browser.run("element('undo').click()")
    assert len(drawn(browser)[0]) == 1
    browser.draw(seven(browser)[1])
    browser.run("element('clear').click()")
    strokes, image = drawn(browser)
    assert strokes == []
    assert not image.any()
    assert browser.run("element('best').textContent") == "–"
    browser.draw(seven(browser)[0])
    key = {"key": "z", "code": "KeyZ", "windowsVirtualKeyCode": 90, "modifiers": 2}
    browser.send("Input.dispatchKeyEvent", type="keyDown", **key)
    assert drawn(browser)[0] == []


@needs_browser
def test_no_name_runs_or_breaks_anything(browser, tmp_path):
    portable = network(names=HOSTILE)
    shown(browser, tmp_path, portable)
    assert browser.run("network.class_names") == list(HOSTILE)
    assert browser.run("[...document.querySelectorAll('dt')].map((t) => t.textContent)") == list(
        HOSTILE
    )
    assert browser.run("document.title") == portable.name
    assert browser.run("document.scripts.length") == 3
    np.testing.assert_allclose(asked(browser, IMAGES), outputs(portable, IMAGES), atol=1e-12)


@needs_browser
def test_from_a_server_it_asks_for_nothing_but_itself_and_obeys_its_policy(browser, tmp_path):
    written(tmp_path, network())
    asked_for = []

    class Handler(SimpleHTTPRequestHandler):
        def log_message(self, *_):
            asked_for.append(self.path)

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=tmp_path))
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        browser.open(f"http://127.0.0.1:{server.server_port}/digits.html")
        browser.draw(seven(browser)[0])
        drawn(browser)
        assert browser.complaints == []
        assert len(browser.requests) == 1
        assert asked_for == ["/digits.html"]
        # The policy is in force: what the page did not bring is refused.
        refused = browser.run(
            "new Promise((done) => {"
            " document.addEventListener('securitypolicyviolation',"
            "  (event) => done(event.effectiveDirective));"
            " const script = document.createElement('script');"
            " script.textContent = 'window.broken = true'; document.body.append(script); })"
        )
        assert refused.startswith("script-src")
        assert browser.run("window.broken === undefined")
        assert browser.run("fetch('digits.html').then(() => 'fetched', () => 'refused')") == (
            "refused"
        )
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@needs_browser
@pytest.mark.parametrize(("scheme", "lightest"), [("light", True), ("dark", False)])
def test_it_is_light_or_dark_as_the_reader_likes(browser, tmp_path, scheme, lightest):
    shown(browser, tmp_path, network())
    features = [{"name": "prefers-color-scheme", "value": scheme}]
    browser.send("Emulation.setEmulatedMedia", features=features)
    browser.run("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")
    picture = np.asarray(Image.open(io.BytesIO(browser.picture())).convert("L"))
    browser.send("Emulation.setEmulatedMedia", features=[])
    assert (picture[2, 2] > 128) == lightest


@needs_browser
def test_on_a_telephone_nothing_is_cut_off(browser, tmp_path):
    browser.send(
        "Emulation.setDeviceMetricsOverride", width=320, height=640, deviceScaleFactor=2,
        mobile=True,
    )  # fmt: skip
    shown(browser, tmp_path, network(names=("a very long name of a class" * 3, *"123456789")))
    width, inside = browser.run("[document.documentElement.scrollWidth, window.innerWidth]")
    browser.send("Emulation.clearDeviceMetricsOverride")
    assert width == inside == 320


@needs_browser
def test_everything_has_a_name_for_screen_readers(browser, tmp_path):
    shown(browser, tmp_path, network())
    browser.send("Accessibility.enable")
    nodes = browser.send("Accessibility.getFullAXTree")["nodes"]
    browser.send("Accessibility.disable")
    told = {
        (node["role"]["value"], node.get("name", {}).get("value", ""))
        for node in nodes
        if not node["ignored"]
    }
    assert {("button", "Undo"), ("button", "Clear"), ("heading", "Your drawing")} <= told
    assert {("image", "Paper to draw on"), ("image", "The image that the network receives")} <= (
        {("image" if role in ("img", "Canvas") else role, name) for role, name in told}
    )
    assert not [role for role, name in told if role in ("button", "image", "img") and not name]
