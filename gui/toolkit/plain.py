"""Words in the window: plain text, whatever they say.

Qt takes a label, a tooltip or a message box for HTML as soon as its words look like it, and
loads the pictures it names, from anywhere. Names and descriptions come from files of
others. So no widget shows words by itself: labels are `TextLabel`s, tooltips go through
`set_tooltip` or `tip_text`, words on buttons and in menus through `button_text`. They also
spell out what would hide in the text (see `core.base.printable`) and shorten what has no end.
"""

import re
from html import escape
from typing import Protocol

from PySide6.QtCore import Property, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtGui import Qt as QtText
from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from core.base.printable import printable
from gui.style.dressing import looks_dark

_LONGEST_WORD = 40  # characters; longer ones would widen the panel they stand in
_LONGEST_TIP, _LONGEST_TEXT = 2_000, 4_000
_LONGEST_CHOICE = 28  # characters; a list of classes would widen the panel it stands in
_NEVER_SHORTENED = 3  # characters
_CLASS_BOX = 11  # characters: "All classes"
_FEW_LETTERS_PX = 48
_WRAPPED_PX = 120  # what a paragraph is asked for that has a word longer than any line
_TIP_LINE = 80  # characters from which a tooltip is broken into lines
# Chinese, Japanese and Korean are broken anywhere; paths behind each slash.
_WORD = re.compile(
    r"[^\s/\\\-\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\U00020000-\U0003ffff]"
    f"{{{_LONGEST_WORD + 1},}}"
)
_HEAD, _TAIL = 24, 12  # characters that are left of a longer word: a name's ending tells much


class HasToolTip(Protocol):
    """A widget or a command."""

    def setToolTip(self, text: str, /) -> None:
        """Show these words when the mouse rests on it."""


def shortened(text: str) -> str:
    """Return `text` with "…" in the middle of each word that no line could hold."""
    if len(text) <= _LONGEST_WORD:
        return text
    return _WORD.sub(lambda word: f"{word[0][:_HEAD]}…{word[0][-_TAIL:]}", text)


def one_line(text: str, most: int) -> str:
    """Return `text` visible and on one line, with "…" in its middle beyond `most` characters."""
    text = printable(text)
    half = most // 2
    return text if len(text) <= most else f"{text[: most - half]}…{text[-half + 1 :]}"


def tip_text(*paragraphs: str, heading: str = "") -> str:
    """Return a tooltip that shows these paragraphs as they are, broken into lines.

    Qt breaks only HTML into lines, so longer texts become that, with every sign escaped.
    """
    parts = [printable(part)[:_LONGEST_TIP] for part in paragraphs if part]
    whole = "\n".join(parts)
    broken = max(map(len, parts), default=0) > _TIP_LINE
    if not (heading or broken or QtText.mightBeRichText(whole)):
        return whole
    first = f"<b>{_html(heading)}</b>: " if heading else ""
    return "".join(
        f"<p>{first if number == 0 else ''}{_breakable(part)}</p>"
        for number, part in enumerate(parts)
    )


def set_tooltip(target: HasToolTip, *paragraphs: str, heading: str = "") -> None:
    """Show these words, as they are, when the mouse rests on a widget or a command."""
    target.setToolTip(tip_text(*paragraphs, heading=heading))


def copy_tips(source: QWidget, target: QWidget) -> None:
    """Give a widget the tooltip and the help of another one."""
    target.setToolTip(source.toolTip())
    target.setWhatsThis(source.whatsThis())


def set_help(target: QWidget, heading: str, text: str) -> None:
    """Say what a widget is, for Qt's "What's this?"."""
    target.setWhatsThis(f"<b>{_html(heading)}</b><p>{_html(text)}</p>")


def button_text(text: str) -> str:
    """Return words for a button, a menu or a tab: "&" is no mark of a key in them."""
    return printable(text).replace("&", "&&")


def class_box() -> QComboBox:
    """Return a list for names of classes, which do not set its width."""
    box = QComboBox()
    box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
    box.setMinimumContentsLength(_CLASS_BOX)
    return box


def add_choice(box: QComboBox, text: str, data: object = None) -> None:
    """Add an entry that is shortened if it is long, then with the whole text as tooltip."""
    shown = one_line(text, _LONGEST_CHOICE)
    box.addItem(shown, data)
    if shown != printable(text):
        box.setItemData(box.count() - 1, tip_text(text), Qt.ItemDataRole.ToolTipRole)


def short_name(name: str, metrics: QFontMetrics, room: float) -> str:
    """Return as much of a class's name as fits; of three characters nothing is left out."""
    if len(name) <= _NEVER_SHORTENED:
        return name
    return metrics.elidedText(name, Qt.TextElideMode.ElideRight, int(room)) or "…"


def title_text(text: str) -> str:
    """Return words for a window's title: "[*]" is not the mark of unsaved work in them."""
    return printable(text).replace("[*]", "[*][*]")


class TextLabel(QLabel):
    """A label that shows its text as it is, on one line unless it wraps.

    A word longer than any line is shortened; the tooltip then has the whole text.

    Args:
        text: what it says.
        parent: as for every widget.
        lines: keep line breaks in the text. Whoever sets it then makes names in it one line.
    """

    dark = Property(bool, lambda _self: looks_dark())  # the style sheet asks

    def __init__(
        self, text: str = "", parent: QWidget | None = None, *, lines: bool = False
    ) -> None:
        super().__init__(parent)
        self._lines, self._given, self._tip = lines, "", ""
        self.setTextFormat(Qt.TextFormat.PlainText)
        if text:
            self.setText(text)

    def minimumSizeHint(self) -> QSize:
        """Need no more room for a shortened word than for others."""
        least = super().minimumSizeHint()
        if self.wordWrap() and self._tip:
            least.setWidth(min(least.width(), _WRAPPED_PX))
        return least

    @property
    def given(self) -> str:
        """The text before anything in it was spelt out or shortened."""
        return self._given

    def setText(self, text: str) -> None:
        """Show another text."""
        self._given = text
        if len(text) > _LONGEST_TEXT:  # no page of it is read in a label
            text = f"{text[:_LONGEST_TEXT]}…"
        parts = text.split("\n") if self._lines else [text]
        whole = [printable(part) for part in parts]
        shown = "\n".join(shortened(part) for part in whole)
        super().setText(shown)
        self._whole_in_tooltip("" if shown == "\n".join(whole) else tip_text(*whole))

    def _whole_in_tooltip(self, tip: str) -> None:
        """Show this where there is no other tooltip; "" takes it away."""
        if tip != self._tip and self.toolTip() in ("", self._tip):
            self.setToolTip(tip)
            self._tip = tip


def section_title(text: str) -> TextLabel:
    """Return the title of a part of the window."""
    label = TextLabel(text)
    label.setProperty("role", "section")
    return label


class LineLabel(TextLabel):
    """One line that ends in "…" where it does not fit; the tooltip then has the whole text."""

    def minimumSizeHint(self) -> QSize:
        """Need room for a few letters only."""
        least = super().minimumSizeHint()
        return QSize(min(least.width(), _FEW_LETTERS_PX), least.height())

    def setText(self, text: str) -> None:
        """Show another text."""
        super().setText(text)
        self._look()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Find out whether the text fits."""
        super().resizeEvent(event)
        self._look()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Draw the text, or as much of it as fits."""
        if self._fits():
            super().paintEvent(event)
            return
        painter, place = QPainter(self), self.contentsRect()
        words = self.fontMetrics().elidedText(
            self.text(), Qt.TextElideMode.ElideRight, place.width()
        )
        self.style().drawItemText(
            painter,
            place,
            self.alignment().value,
            self.palette(),
            self.isEnabled(),
            words,
            self.foregroundRole(),
        )

    def _fits(self) -> bool:
        return self.fontMetrics().horizontalAdvance(self.text()) <= self.contentsRect().width()

    def _look(self) -> None:
        whole = self.text() == printable(self.given) and self._fits()
        self._whole_in_tooltip("" if whole else tip_text(self.given))


def _breakable(text: str) -> str:
    """Escape a text, and let its endless words be broken after every `_LONGEST_WORD` signs."""
    cut = _WORD.sub(
        lambda word: "\u200b".join(
            word[0][at : at + _LONGEST_WORD] for at in range(0, len(word[0]), _LONGEST_WORD)
        ),
        text,
    )
    return escape(cut, quote=False)


def _html(text: str) -> str:
    return escape(printable(text), quote=False)
