"""What a feature of the window consists of: panels, commands, what it shows, how it ends."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import SimpleNamespace

from PySide6.QtWidgets import QWidget

from gui.session.action import ActionSpec
from gui.session.messages import Message
from gui.session.targets import Show


def _nothing(*_arguments: object) -> None:
    """Do nothing."""


def _as_it_is(message: Message) -> Message:
    return message


def _at_once(then: Callable[[], None]) -> None:
    then()


@dataclass(frozen=True, slots=True)
class Placed:
    """A panel and its place.

    Attributes:
        key: stable name: the layout of the window is remembered under it.
        title: of its tab or dock.
        place: "left", "right" or "centre"; "below" the tabs; the "foot" of the window; or a
            place that another feature's panel has for widgets (see `Feature.hosts`).
        widget: what stands there.
        view: its entry in the menu View, of the key "view." and the panel's.
        on_placed: called with the panel that has taken it in as a host.
    """

    key: str
    title: str
    place: str
    widget: QWidget
    view: ActionSpec | None = None
    on_placed: Callable[[QWidget], object] = _nothing


@dataclass(frozen=True, slots=True)
class Command:
    """A command, what it does, and the group of a menu in which it stands."""

    spec: ActionSpec
    do: Callable[[], object]
    group: str


@dataclass(frozen=True, slots=True, eq=False)
class Feature:
    """One feature, built.

    Attributes:
        key: the name of its folder.
        panels: what it puts into the window.
        commands: what it adds to the menus.
        shows: what it shows, by the type of target.
        hosts: places in its panels for widgets of others; each puts one there, and returns
            the panel.
        start: called when the window is there.
        amend: adds what it has to say to a message that is about to be said.
        before_close: asks what is to be asked before the window closes, then calls on.
        keep_now: writes a copy of unsaved work: the program may be ended from outside.
        keep_last: writes a last copy: the training has ended, and the program is about to.
        shut_down: brings to disk what is to be kept, when the training has ended; is told
            whether the user agreed to close. No matter how often.
        parts: its models, controllers and panels by name, for tests and the tour.
    """

    key: str
    panels: tuple[Placed, ...] = ()
    commands: tuple[Command, ...] = ()
    shows: Mapping[type, Show] = field(default_factory=dict)
    hosts: Mapping[str, Callable[[QWidget], QWidget]] = field(default_factory=dict)
    start: Callable[[], object] = _nothing
    amend: Callable[[Message], Message] = _as_it_is
    before_close: Callable[[Callable[[], None]], None] = _at_once
    keep_now: Callable[[], object] = _nothing
    keep_last: Callable[[], object] = _nothing
    shut_down: Callable[[bool], object] = _nothing
    parts: SimpleNamespace = field(default_factory=SimpleNamespace)
