"""The mouse over a plot of curves."""

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication


def wheel(plot, turn=120):
    viewport = plot.view_widget().viewport()
    place = QPointF(viewport.rect().center())
    QApplication.sendEvent(
        viewport,
        QWheelEvent(
            place, viewport.mapToGlobal(place), QPoint(), QPoint(0, turn),
            Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier,
            Qt.ScrollPhase.NoScrollPhase, False,
        ),
    )  # fmt: skip


def place_of(plot, step, value):
    """Return where in the viewport a point of the curve is."""
    view = plot.view_widget()
    box = view.getPlotItem().getViewBox()
    return view.mapFromScene(box.mapViewToScene(QPointF(step, value)))


def hover(plot, qtbot, step, value):
    """Move the mouse about a point of the curve until it is noticed; return the iteration."""
    told = []
    plot.hovered.connect(told.append)
    viewport, place = plot.view_widget().viewport(), place_of(plot, step, value)

    def noticed():  # pyqtgraph passes over moves that follow each other within 10 ms
        QTest.mouseMove(viewport, place + QPoint(0, len(told) % 2))
        QTest.mouseMove(viewport, place + QPoint(0, 2))
        return bool(told) and told[-1] is not None

    qtbot.waitUntil(noticed)
    plot.hovered.disconnect(told.append)
    return told[-1]


def leave(plot):
    QApplication.sendEvent(plot, QEvent(QEvent.Type.Leave))


def colour_in(image, theme):
    """Return which curve a piece of a picture shows: "training", "validation", or ""."""

    def apart(one, other):
        return sum(map(abs, np.subtract(one, other)))

    pixels = [
        image.pixelColor(x, y).getRgb()[:3]
        for x in range(image.width())
        for y in range(image.height())
    ]
    ground = pixels[0]
    boldest = max(pixels, key=lambda pixel: apart(pixel, ground))
    if apart(boldest, ground) < 60:
        return ""
    colours = {name: QColor(getattr(theme, name)) for name in ("training", "validation")}
    return min(colours, key=lambda name: apart(boldest, colours[name].getRgb()[:3]))
