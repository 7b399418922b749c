"""A field for one number within limits: typed, stepped, and never silently changed."""

from PySide6.QtCore import QCoreApplication, QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence, QWheelEvent
from PySide6.QtWidgets import QAbstractSpinBox, QSizePolicy, QWidget

from core.base.fields import Limits
from gui.toolkit.canvas.gesture_ids import GestureIds
from gui.toolkit.forms.numbers import is_unfinished, number_text, range_text, read_number, stepped
from gui.toolkit.restyle import set_style_property

_MIN_WIDTH_PX, _FRAME_PX, _BUTTONS_PX = 44, 18, 20
_HEIGHT_PX, _AROUND_TEXT_PX = 28, 10
_TEXT_MARGIN_PX = 6  # the style sheet cannot set it: numbers line up with the texts of combos
_COMMANDS = (
    Qt.KeyboardModifier.ControlModifier
    | Qt.KeyboardModifier.AltModifier
    | Qt.KeyboardModifier.MetaModifier
)
_PASSING = (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason)


class NumberField(QAbstractSpinBox):
    """Edits one whole or real number.

    What is typed counts when Enter is pressed, the field is left, or anything else is
    clicked or triggered. Until then, and whenever it cannot be used, the last good value
    stays in force.

    Signals:
        edited(value, gesture): the user changed the value (an int in a field of whole
            numbers); steps in quick succession have the same gesture.
        problem_changed(str): what is wrong with the text, "" once it is right again.
    """

    edited = Signal(object, int)
    problem_changed = Signal(str)

    def __init__(self, limits: Limits, *, whole: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._limits, self._whole = limits, whole
        self._value: float = int(limits.low) if whole else limits.low
        self._typing = False  # the text is the user's, and not yet the value
        self._problem = ""
        self._gestures = GestureIds()
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # the wheel must not take the focus
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(limits.label)
        self.setAccessibleDescription(f"{limits.help} {range_text(limits)}".strip())
        self.lineEdit().setTextMargins(_TEXT_MARGIN_PX, 0, 0, 0)
        self.lineEdit().textEdited.connect(self._judge)
        self._write()

    # -- value ---------------------------------------------------------------------------

    def value(self) -> float:
        """Return the value in force; an int in a field of whole numbers."""
        return self._value

    @property
    def problem(self) -> str:
        """The sentence about text that cannot be used, or ""."""
        return self._problem

    def show_value(self, value: float) -> None:
        """Show a value; nothing is emitted. Typing in progress stays if it is no other."""
        if value != self._value:
            self._value = value
            self._gestures.end()
            self._revert()

    def commit(self) -> bool:
        """Make what was typed the value. Returns False, with a problem, if it cannot be."""
        if not self._typing:
            return True
        try:
            value = read_number(self.text(), self._limits, whole=self._whole)
        except ValueError as error:
            self._set_problem(str(error))
            return False
        changed, self._value = value != self._value, value
        self._revert()
        if changed:
            self.edited.emit(value, self._gestures.single())
        return True

    # -- stepping ------------------------------------------------------------------------

    def stepBy(self, steps: int) -> None:
        """Step from what was typed, or from the value in force if that cannot be used."""
        if not self.commit():
            self._revert()
        value = stepped(self._value, steps, self._limits, whole=self._whole)
        changed, self._value = value != self._value, value
        self._revert()
        self.selectAll()
        if changed:
            self.edited.emit(value, self._gestures.stepping())

    def stepEnabled(self) -> QAbstractSpinBox.StepEnabledFlag:
        """Tell Qt which arrows have somewhere to go."""
        flags = QAbstractSpinBox.StepEnabledFlag.StepNone
        if self._value < self._limits.high:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepUpEnabled
        if self._value > self._limits.low:
            flags |= QAbstractSpinBox.StepEnabledFlag.StepDownEnabled
        return flags

    # -- text ----------------------------------------------------------------------------

    def _write(self) -> None:
        unit = "" if self.hasFocus() else self._limits.unit
        self.lineEdit().setText(number_text(self._value) + unit)
        self.lineEdit().setCursorPosition(0)  # else a narrow field shows the end

    def _revert(self) -> None:
        """Show the value in force in place of what was typed."""
        self._typing = False
        self._watch(False)
        self._set_problem("")
        self._write()

    def _watch(self, on: bool) -> None:
        app = QCoreApplication.instance()
        if app is not None and on:
            app.installEventFilter(self)
        elif app is not None:
            app.removeEventFilter(self)

    def _judge(self, text: str) -> None:
        """Look at the text while it is typed; what more typing may mend is no problem yet."""
        if not self._typing:
            self._typing = True
            self._watch(True)
        problem = ""
        try:
            read_number(text, self._limits, whole=self._whole)
        except ValueError as error:
            if not is_unfinished(text, self._limits, whole=self._whole):
                problem = str(error)
        self._set_problem(problem)

    def _set_problem(self, problem: str, *, kept: bool = False) -> None:
        set_style_property(self, "invalid", bool(problem) and not kept)
        if problem != self._problem:
            self._problem = problem
            self.problem_changed.emit(problem)

    # -- events --------------------------------------------------------------------------

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take over what was typed before a click elsewhere acts on it.

        Tool buttons and menus do not take the focus, so "type 20, click Train" would
        otherwise train with the old number.
        """
        if (
            event.type() == QEvent.Type.MouseButtonPress
            and isinstance(watched, QWidget)
            and watched is not self
            and not self.isAncestorOf(watched)
        ):
            self.commit()
        return False

    def event(self, event: QEvent) -> bool:
        """Take over what was typed before a shortcut acts; leave undo to the window."""
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return super().event(event)
        if _is_undo(event):
            event.setAccepted(self._typing)
            return self._typing
        handled = super().event(event)
        if self._typing and _is_command(event) and not event.isAccepted():
            self.commit()
        return handled

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter takes over; Esc and undo give up what was typed."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if self.commit():
                self.selectAll()
        elif event.key() == Qt.Key.Key_Escape or _is_undo(event):
            event.setAccepted(self._typing)
            if self._typing:
                self._revert()
                self.selectAll()
        else:
            super().keyPressEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Show the bare number, ready to be overwritten."""
        if not self._typing:
            self._set_problem("")
            self._write()
        super().focusInEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Take over what was typed, or say what was kept in its place."""
        super().focusOutEvent(event)
        if event.reason() in _PASSING:
            return
        self._gestures.end()
        if self.commit():
            self._write()
        else:
            problem = self._problem
            self._revert()
            self._set_problem(f"{problem} {number_text(self._value)} was kept.", kept=True)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Turn only in a focused field, so that scrolling a panel changes nothing."""
        if self.hasFocus():
            super().wheelEvent(event)
        else:
            event.ignore()

    # -- size ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        """Ask for room for the longest number this field can hold, and its unit."""
        kind = int if self._whole else float
        ends = [number_text(kind(end)) for end in (self._limits.low, self._limits.high)]
        width = max(self.fontMetrics().horizontalAdvance(end + self._limits.unit) for end in ends)
        bare = self.buttonSymbols() == QAbstractSpinBox.ButtonSymbols.NoButtons
        around = _FRAME_PX + (0 if bare else _BUTTONS_PX)
        return QSize(width + around, self._height())

    def minimumSizeHint(self) -> QSize:
        """Be content with a few digits."""
        return QSize(_MIN_WIDTH_PX, self._height())

    def _height(self) -> int:
        """Return the height of a combo box, which Qt's own hint is a little above."""
        return max(_HEIGHT_PX, self.fontMetrics().height() + _AROUND_TEXT_PX)


def _is_command(event: QKeyEvent) -> bool:
    """Tell whether a key may trigger something elsewhere: F5 or Ctrl+S, not Ctrl alone."""
    key = event.key()
    alone = Qt.Key.Key_Shift <= key <= Qt.Key.Key_ScrollLock  # Ctrl, Alt, Meta and the locks
    return key >= Qt.Key.Key_F1 or (bool(event.modifiers() & _COMMANDS) and not alone)


def _is_undo(event: QKeyEvent) -> bool:
    standard = QKeySequence.StandardKey
    return event.matches(standard.Undo) or event.matches(standard.Redo)
