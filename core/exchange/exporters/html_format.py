"""One page for any browser: draws and reads digits, and asks nobody for anything."""

import base64
import hashlib
import html
import json
import re
from importlib.resources import files
from pathlib import Path
from typing import Any, ClassVar

from core.base.arrays import ByteArray
from core.base.errors import ExportError
from core.exchange.exporter import EXPORTERS, Checked
from core.exchange.formats.packed import pack, unpack
from core.exchange.portable import Portable, outputs

_LINE = 120  # characters of weights
_DATA = '<script type="{kind}" id="{name}">(.*?)</script>'


class WebPage:
    """An `.html` file with everything in it.

    Its policy allows its own script and style, by their hashes, and nothing else: no
    request, no other code, whatever the classes are called.
    """

    label: ClassVar[str] = "Web page"
    help: ClassVar[str] = (
        "One page to draw digits on, which reads them in any browser, also without a network."
    )
    suffix: ClassVar[str] = ".html"
    precisions: ClassVar[tuple[str, ...]] = ("float32", "float16", "int8")
    tolerance: ClassVar[float] = 1e-6

    def encode(self, portable: Portable, precision: str) -> bytes:
        """Return the page as UTF-8."""
        stages, numbers = pack(portable, precision)
        style, script = _resource("digits.css"), _resource("digits.js")
        text = base64.b64encode(numbers).decode("ascii")
        network = {
            "shape": list(portable.image_shape),
            "output": portable.output,
            "precision": precision,
            "class_names": list(portable.class_names),
            "stages": stages,
        }
        facts = (f"{name}: {fact}" for name, fact in portable.facts.items())
        values = {
            "NAME": html.escape(portable.name),
            "FACTS": html.escape(" · ".join(facts)),
            "STYLE": style,
            "STYLE_HASH": _hash(style),
            "SCRIPT": script,
            "SCRIPT_HASH": _hash(script),
            "NETWORK": _inside_script(network),
            "WEIGHTS": "\n".join(text[at : at + _LINE] for at in range(0, len(text), _LINE)),
        }
        page = _resource("digits.html.in")
        # A lone half of a surrogate pair in a name must not keep the page from being written.
        filled = re.sub("@@([A-Z_]+)@@", lambda match: values[match[1]], page)
        return filled.encode("utf-8", "replace")

    def check(self, path: Path, portable: Portable, images: ByteArray) -> Checked:
        """Read steps and weights back out of the page, and compute with them."""
        try:
            page = path.read_text("utf-8")
            network = json.loads(_data(page, "application/json", "network"))
            text = "".join(_data(page, "text/plain", "weights").split())
            numbers = base64.b64decode(text, validate=True)
            read = unpack(portable, network["stages"], numbers)
        except (ValueError, KeyError) as error:
            raise ExportError(path, "The web page cannot be read back.") from error
        return Checked(outputs(read, images), "the weights read back from the page")


def _resource(name: str) -> str:
    return files("resources").joinpath("exports", name).read_text("utf-8")


def _hash(text: str) -> str:
    """Return the source expression that allows this inline script or style, and no other."""
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode("ascii")


def _inside_script(value: Any) -> str:
    """Return JSON that cannot end the element it stands in; ASCII, on any page the same."""
    return json.dumps(value, separators=(",", ":")).replace("<", "\\u003c")


def _data(page: str, kind: str, name: str) -> str:
    found = re.search(_DATA.format(kind=kind, name=name), page, re.DOTALL)
    if found is None:
        raise ValueError(f"no element “{name}”")
    return found[1]


EXPORTERS.add("html", WebPage())
