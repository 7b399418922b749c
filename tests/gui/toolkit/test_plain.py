"""Labels, tooltips and buttons say what they are given, and are no wider than their place."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import Qt as QtText
from PySide6.QtGui import QTextDocument
from PySide6.QtWidgets import QWidget

from core.base.printable import printable
from gui.toolkit.plain import (
    LineLabel,
    TextLabel,
    add_choice,
    button_text,
    class_box,
    one_line,
    set_tooltip,
    shortened,
    tip_text,
    title_text,
)

LONG = "an-ending-tells-much/" + "x" * 200 + "END.h5"


@given(text=st.text(max_size=200), prefix=st.sampled_from(["", "<b>x</b>", "<p>", "&lt;", "a<i>"]))
def test_a_tooltip_shows_every_sign_and_no_html(text, prefix):
    text = " ".join(printable(prefix + text).split())
    tip = tip_text(text)
    if not QtText.mightBeRichText(tip):
        assert tip == text
        return
    document = QTextDocument()
    document.setHtml(tip)
    assert document.toPlainText().replace("\u200b", "").split() == text.split()


def test_paragraphs_and_a_heading_of_a_tooltip():
    assert tip_text("one", "two") == "one\ntwo"
    assert tip_text("") == ""
    assert tip_text("a < b", heading="SGD & co") == "<p><b>SGD &amp; co</b>: a &lt; b</p>"
    assert tip_text("word " * 40, "<i>").endswith("</p><p>&lt;i&gt;</p>")


def test_a_word_without_end_is_shortened_in_a_label_and_whole_in_its_tooltip(qtbot):
    label = TextLabel(LONG)
    qtbot.addWidget(label)
    label.setWordWrap(True)
    assert label.textFormat() is Qt.TextFormat.PlainText
    assert label.text() == f"an-ending-tells-much/{'x' * 24}…{'x' * 6}END.h5"
    assert label.given == LONG
    assert "END.h5" in label.toolTip().replace("\u200b", "")
    assert label.minimumSizeHint().width() < 400
    label.setText("short")
    assert label.toolTip() == ""
    set_tooltip(label, "of its own")
    label.setText(LONG)
    assert label.toolTip() == "of its own"


def test_line_breaks_are_kept_only_where_they_are_wanted(qtbot):
    for label, shown in ((TextLabel(), r"a\nb\x1b"), (TextLabel(lines=True), "a\nb\\x1b")):
        qtbot.addWidget(label)
        label.setText("a\nb\x1b")
        assert label.text() == shown


def test_a_line_that_does_not_fit_ends_in_dots_and_is_whole_in_the_tooltip(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    label = LineLabel("many words that need more room than there is", parent)
    parent.resize(500, 40)
    parent.show()
    label.resize(400, 20)
    assert label.toolTip() == ""
    whole = label.grab().toImage()
    label.resize(90, 20)
    assert label.toolTip() == label.given
    assert label.minimumSizeHint().width() < 90
    assert label.grab().toImage() != whole.copy(0, 0, 90, 20)
    label.resize(400, 20)
    assert label.toolTip() == ""


@pytest.mark.parametrize("text", ["數字" * 80, "path/of/parts-and-parts/" * 20, "some words " * 30])
def test_what_can_be_broken_into_lines_is_not_shortened(text):
    assert shortened(text) == text


def test_marks_in_names_mark_nothing():
    assert button_text("R&D\x1b") == r"R&&D\x1b"
    assert title_text("a[*]b\u202e") == r"a[*][*]b\u202e"
    assert one_line("0123456789", 8) == "0123…789"
    assert one_line("0\n9", 8) == r"0\n9"


def test_a_list_of_long_names_is_narrow_and_tells_them_whole(qtbot):
    box = class_box()
    qtbot.addWidget(box)
    narrow = box.minimumSizeHint().width()
    add_choice(box, "<b>" + "W" * 60, 7)
    add_choice(box, "a\tb")
    assert [len(box.itemText(0)), box.itemText(1)] == [28, r"a\tb"]
    assert box.itemData(0) == 7
    tip = box.itemData(0, Qt.ItemDataRole.ToolTipRole)
    assert tip.replace("\u200b", "") == f"<p>&lt;b&gt;{'W' * 60}</p>"
    assert box.itemData(1, Qt.ItemDataRole.ToolTipRole) is None
    assert box.minimumSizeHint().width() == narrow
