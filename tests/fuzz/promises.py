"""What a program has said is safe, and what the next one must find of it."""

from dataclasses import dataclass, field
from typing import Any


@dataclass
class Promises:
    """What the lives so far have said is safe.

    Attributes:
        drawings, templates, theme: what is kept of them; None before anything was said.
        owed: recoverable networks, and the least step of the newest.
        saved: model files that were said to be whole, with the step they were saved at.
        heard: all that it said in this life.
        unsure: a save has begun, and it was not said yet what it did to `owed`.
    """

    drawings: list[str] = field(default_factory=list)
    templates: int = 0
    theme: str | None = None
    owed: tuple[int, int] = (0, 0)
    saved: dict[str, int] = field(default_factory=dict)
    unsure: bool = False
    heard: list[str] = field(default_factory=list)

    def hear(self, word: str, what: list[Any]) -> None:
        """Take note of what the program says."""
        self.heard.append(f"{word} {what}")
        match word, what:
            case "drawings", [list(keys)]:
                self.drawings = keys
            case "templates", [int(count)]:
                self.templates = count
            case "theme", [str(theme)]:
                self.theme = theme
            case "owed", [[int(count), int(step)]]:
                self.owed, self.unsure = (count, step), False
            case "saving", [str()]:
                self.unsure = True
            case "saved", [str(name), int(step)]:
                self.saved[name] = step

    def lacks(self, found: dict[str, Any]) -> list[str]:
        """Return what a new start should have found and did not, in words."""
        wrong = []
        lost = set(self.drawings) - set(found["drawings"])
        if lost:
            wrong.append(f"drawings are lost: {sorted(lost)}")
        if found["templates"] < self.templates:
            wrong.append(f"of {self.templates} templates {found['templates']} are left")
        if self.theme is not None and found["theme"] != self.theme:
            wrong.append(f"the theme was {self.theme}, and is {found['theme']}")
        wrong += self._lacks_offers(found["offers"])
        if "damaged" in found["message"]:
            wrong.append(f"it says: {found['message']}")
        return wrong

    def _lacks_offers(self, offers: list[list[int]]) -> list[str]:
        count, step = self.owed
        if len(offers) < count - self.unsure:
            return [f"{count} networks were to be recovered, {len(offers)} are offered"]
        newest = max((steps[0] for steps in offers), default=0)
        if newest < step and not self.unsure:
            return [f"iteration {step} was kept, {newest} is the newest that is offered"]
        return []
