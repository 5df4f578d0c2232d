"""Controls that ipywidgets lacks; like its own, they have a `value` to watch."""

import functools
from collections.abc import Iterable

import ipywidgets
import traitlets


class Choice(ipywidgets.HBox):
    """A row of buttons, one for each option; `value` is the chosen one, and marked."""

    value = traitlets.Instance(object)  # anything but None

    def __init__(self, options: Iterable, *, value, name: str):
        self.name = name
        self.buttons = {option: _button(option) for option in options}
        for option, button in self.buttons.items():
            button.on_click(functools.partial(self._choose, option))
        super().__init__(
            list(self.buttons.values()),
            value=value,
            layout=ipywidgets.Layout(flex_flow="row wrap"),
        )
        self._mark()
        self.observe(self._mark, "value")

    @traitlets.validate("value")
    def _known(self, proposal):
        for option in self.buttons:
            if option == proposal["value"]:
                return option
        options = ", ".join(map(str, self.buttons))
        raise traitlets.TraitError(
            f"{self.name} is {proposal['value']!r}; expected one of {options}"
        )

    def _choose(self, option, _) -> None:
        self.value = option

    def _mark(self, _=None) -> None:
        for option, button in self.buttons.items():
            chosen = option == self.value
            button.button_style = "primary" if chosen else ""
            button.style.font_weight = "bold" if chosen else "normal"
            mark = ", chosen" if chosen else ""
            button.tooltip = f"{self.name} {option}{mark}"


class Again(ipywidgets.Button):
    """A button that counts: `value` is 1 at first, and one more after each click."""

    value = traitlets.Int(1, min=1)

    def __init__(self, description: str, *, tooltip: str):
        super().__init__(description=description, tooltip=tooltip)
        self.on_click(self._count)

    def _count(self, _) -> None:
        self.value += 1


def wide() -> ipywidgets.Layout:
    """Return the layout of a slider: as wide as ten buttons, if there is room."""
    return ipywidgets.Layout(width="28em", max_width="100%")


def _button(option) -> ipywidgets.Button:
    narrow = ipywidgets.Layout(width="2.6em", padding="0")
    return ipywidgets.Button(description=str(option), layout=narrow)
