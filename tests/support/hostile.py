"""Names as a stranger may choose them, and eyes for what they do to the window."""

import ctypes
import os
import re
import struct
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QKeySequence, QTextDocument
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QPushButton, QWidget

# Everything below 32 but line breaks of our own; bidi controls; what has no width.
ACTING = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_OUR_TAGS = {"p", "b", "h3", "ol", "li"}
# What labels of pyqtgraph's menu and of Qt's file dialog say, always.
_LIBRARY = {
    *("Opacity", "&Look in:", "&Directory:", "Directory:", "File &name:"),
    *("Files of &type:", "Files of type:"),
}
_BREAK = "\u200b"  # put into endless words of a tooltip, so that it can be broken into lines
_OPENED = 0x20  # IN_OPEN


def class_names(picture: Path) -> list[str]:
    """Return ten names; the first shows `picture` wherever it is taken for HTML."""
    return [
        f'<img src="file://{picture}">',
        "<b>bold</b>",
        "R&D &x",
        "esc\x1b[31m\x07",
        "gpj.\u202egnp",
        "two\nlines",
        "100 %s %d {0}",
        "un[*]saved",
        "W" * 64,
        "<i>a\tb\u2066c</i>&lt;",
    ]


class Watch:
    """Tells whether anybody has opened a file since it began."""

    def __init__(self, path: Path) -> None:
        libc = ctypes.CDLL(None, use_errno=True)
        self._handle = libc.inotify_init1(os.O_NONBLOCK)
        assert self._handle >= 0
        assert libc.inotify_add_watch(self._handle, os.fsencode(path), _OPENED) >= 0

    @property
    def opened(self) -> bool:
        """True from the first time the file was opened; asking forgets it."""
        try:
            return len(os.read(self._handle, 4096)) >= struct.calcsize("iIII")
        except BlockingIOError:
            return False

    def close(self) -> None:
        """Watch no longer."""
        os.close(self._handle)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.found.add(tag if not attrs else f"{tag} with attributes")


def foreign_html(text: str) -> set[str]:
    """Return the tags that Qt would obey in `text` and that are none of ours."""
    if not QtText.mightBeRichText(text):
        return set()
    tags = _Tags()
    tags.feed(text)
    return tags.found - _OUR_TAGS


def all_widgets() -> Iterator[QWidget]:
    """Walk every widget of the program, shown or hidden."""
    for top in QApplication.topLevelWidgets():
        yield top
        yield from top.findChildren(QWidget)


def words_of(widget: QWidget) -> Iterator[tuple[str, str]]:
    """Walk all that a widget says: (how, text)."""
    yield "accessible name", widget.accessibleName()
    yield "accessible description", widget.accessibleDescription()
    yield "title", widget.windowTitle()
    yield "tooltip", widget.toolTip()
    yield "status tip", widget.statusTip()
    yield "help", widget.whatsThis()
    for action in widget.actions():
        yield from (("action", action.text()), ("action's tooltip", action.toolTip()))
    if isinstance(widget, QComboBox):
        for row in range(widget.count()):
            yield "choice", widget.itemText(row)
            yield "choice's tooltip", str(widget.itemData(row, Qt.ItemDataRole.ToolTipRole) or "")
    if isinstance(widget, (QLabel, QPushButton)):
        yield "text", widget.text()


def faults(own_words: set[QWidget] = frozenset()) -> list[str]:
    """Return what is wrong with any widget; those in `own_words` may show HTML of ours."""
    found = []
    for widget in all_widgets():
        where = f"{type(widget).__name__} {widget.objectName()!r}"
        plain = not isinstance(widget, QLabel) or widget.textFormat() is Qt.TextFormat.PlainText
        plain = plain or widget.objectName() == "qtooltip_label"  # looked at by itself
        if not plain and widget.window() not in own_words and widget.text() not in _LIBRARY:
            found.append(f"{where} takes {widget.text()!r} for what it looks like")
        for how, text in words_of(widget):
            if ACTING.search(text.replace(_BREAK, "") if "tooltip" in how else text):
                found.append(f"{where}, {how}: {text!r} holds signs that act or hide")
            if "tip" in how or how == "help":
                found += [f"{where}, {how}: {text!r}"] if foreign_html(text) else []
        documents = widget.findChildren(QTextDocument)
        found += [f"{where} holds a picture" for one in documents if "<img" in one.toHtml()]
    return found


def mnemonic(button: QPushButton | QAction) -> str:
    """Return the key that a button's or a menu's text marks by "&"; "" for none."""
    return QKeySequence.mnemonic(button.text()).toString()
