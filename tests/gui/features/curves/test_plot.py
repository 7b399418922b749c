import numpy as np
import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtTest import QTest

from gui.features.curves.plot import CurvePlot
from gui.features.curves.plot_axes import PlotWords
from tests.support.plot_hands import colour_in, hover, leave, place_of, wheel

NOTHING = (np.empty(0), np.empty(0), np.empty(0))
WORDS = PlotWords("Loss", "Loss (nats per image)", "Loss")


def make(qtbot, theme, *, percent=False, upper=True):
    plot = CurvePlot(WORDS, percent=percent, upper=upper)
    plot.set_theme(theme)
    qtbot.addWidget(plot)
    plot.resize(600, 300)
    plot.show()
    qtbot.waitExposed(plot)
    return plot


@pytest.fixture
def plot(qtbot, themes):
    return make(qtbot, themes.current)


def feed(plot, y, total=0, measured=NOTHING):
    y = np.asarray(y, np.float64)
    x = np.arange(1, len(y) + 1, dtype=np.float64)
    plot.show_curves((x, y), (x, y), measured, len(y), total)


def drag(plot, button):
    viewport = plot.view_widget().viewport()
    middle = viewport.rect().center()
    QTest.mousePress(viewport, button, pos=middle)
    for pixels in range(10, 60, 10):
        QTest.mouseMove(viewport, middle + QPoint(pixels, 0))
    QTest.mouseRelease(viewport, button, pos=middle + QPoint(60, 0))


def test_everything_is_in_view_while_it_follows(plot):
    feed(plot, np.linspace(2.3, 0.1, 400))
    (x0, x1), (y0, y1) = plot.view()
    assert x0 <= 1
    assert x1 >= 400
    assert y0 <= 0.1
    assert y1 >= 2.3


def test_the_axes_grow_in_few_steps(plot):
    views = set()
    for count in range(10, 5000, 10):
        feed(plot, np.full(count, 0.5), total=5000)
        views.add(plot.view())
    assert len(views) < 15
    assert plot.x_range()[1] == pytest.approx(5000, rel=0.02)


def test_the_wheel_stops_following_and_the_zoom_is_kept_while_values_come(plot, qtbot):
    feed(plot, np.linspace(2, 1, 400))
    with qtbot.waitSignal(plot.follow_changed) as told:
        wheel(plot)
    assert told.args == [False]
    zoomed = plot.view()
    for count in (500, 2000, 9000):
        feed(plot, np.linspace(3, 1, count))
    assert plot.view() == zoomed


def test_following_again_shows_everything(plot):
    feed(plot, np.linspace(2, 1, 400))
    before = plot.view()
    wheel(plot)
    assert plot.view() != before
    plot.set_follow(True)
    feed(plot, np.linspace(2, 1, 400))
    assert plot.view() == before


@pytest.mark.parametrize("turn", [120, -120])
def test_the_wheel_never_leaves_what_can_be_painted(plot, turn):
    feed(plot, np.linspace(2, 1, 400))
    for _ in range(300):
        wheel(plot, turn)
    plot.grab()
    (x0, x1), (y0, y1) = plot.view()
    assert x1 - x0 >= 3.9
    assert np.isfinite([x0, x1, y0, y1]).all()


def test_a_new_run_out_of_view_is_followed_again(plot):
    feed(plot, np.ones(5000))
    plot.set_follow(False)
    plot.set_view(((4000.0, 4500.0), (0.0, 1.0)))
    feed(plot, np.ones(5))
    assert plot.follow
    assert plot.x_range()[1] < 100


def test_a_new_run_in_view_keeps_the_zoom(plot):
    feed(plot, np.ones(5000))
    plot.set_follow(False)
    plot.set_view(((0.0, 450.0), (0.0, 1.0)))
    feed(plot, np.ones(5))
    assert not plot.follow
    assert plot.x_range() == (0.0, 450.0)


def test_axes_of_a_lower_curve_are_fitted_anew(plot):
    feed(plot, np.full(100, 50.0))
    feed(plot, np.full(5, 0.5))
    assert plot.view()[1][1] < 1


def test_a_logarithmic_axis_stands_zeros_and_values_that_are_not_finite(plot):
    plot.set_log(True)
    feed(plot, [2.0, 0.0, np.nan, np.inf, 0.5])
    plot.grab()
    low, high = plot.view()[1]
    assert -2 < low < high < 2


def test_a_plain_axis_stands_values_that_are_not_finite_or_huge(plot):
    feed(plot, [np.nan, np.inf, np.nan])
    plot.grab()
    feed(plot, [1.0, 3e38, 2.0, np.nan])
    plot.grab()
    assert np.isfinite(plot.view()).all()


@pytest.mark.parametrize("gap", [np.nan, np.inf])
def test_values_that_are_not_finite_leave_no_trace_in_the_curve(plot, gap):
    x, y = np.arange(1.0, 401.0), np.linspace(2, 1, 400)
    kept = np.delete(np.arange(400), [0, 150, 200, 399])
    plot.set_view(((0.0, 400.0), (0.0, 3.0)))
    plot.set_follow(False)
    plot.show_curves((x[kept], y[kept]), (x[kept], y[kept]), NOTHING, 400, 400)
    clean = plot.grab().toImage()
    y[[0, 150, 200, 399]] = gap
    plot.show_curves((x, y), (x, y), NOTHING, 400, 400)
    assert plot.grab().toImage() == clean


def test_switching_to_powers_of_ten_keeps_the_iterations_in_view(plot):
    feed(plot, np.linspace(2, 0.02, 1000))
    plot.set_follow(False)
    plot.set_view(((200.0, 300.0), (0.0, 3.0)))
    plot.set_log(True)
    feed(plot, np.linspace(2, 0.02, 1000))
    assert not plot.follow
    assert plot.x_range() == (200.0, 300.0)
    assert plot.view()[1] == pytest.approx((-2.0, 1.0), abs=0.1)


def test_accuracies_are_shown_as_percent_up_to_a_hundred(qtbot, themes):
    plot = make(qtbot, themes.current, percent=True)
    feed(plot, [0.1, 0.5])
    assert plot.view()[1] == pytest.approx((-2, 102))


@pytest.mark.parametrize("mover", [0, 1])
def test_linked_plots_show_the_same_iterations_whichever_is_moved(qtbot, themes, mover):
    plots = [make(qtbot, themes.current), make(qtbot, themes.current, upper=False)]
    plots[1].link_x(plots[0])
    for plot in plots:
        feed(plot, np.ones(1000))
    wheel(plots[mover])
    assert plots[0].x_range() == plots[1].x_range()
    assert plots[0].x_range() != (0, 1000)


def test_pointing_at_the_curve_tells_its_iteration(plot, qtbot):
    feed(plot, np.linspace(2, 1, 400))
    assert abs(hover(plot, qtbot, 200, 1.0) - 200) <= 2


def test_pointing_at_an_axis_tells_nothing(plot, qtbot):
    feed(plot, np.linspace(2, 1, 400))
    hover(plot, qtbot, 200, 1.0)
    told = []
    plot.hovered.connect(told.append)
    viewport = plot.view_widget().viewport()

    def noticed():
        QTest.mouseMove(viewport, QPoint(3, 150 + len(told) % 2))
        QTest.mouseMove(viewport, QPoint(3, 152))
        return bool(told)

    qtbot.waitUntil(noticed)
    assert set(told) == {None}


def test_when_the_mouse_leaves_nothing_is_pointed_at(plot, qtbot):
    feed(plot, np.linspace(2, 1, 400))
    hover(plot, qtbot, 200, 1.0)
    with qtbot.waitSignal(plot.hovered) as told:
        leave(plot)
    assert told.args == [None]


def test_the_cursor_and_the_marks_are_painted(plot):
    feed(plot, np.ones(400))
    before = plot.grab().toImage()
    plot.show_cursor(200)
    with_cursor = plot.grab().toImage()
    assert with_cursor != before
    plot.show_cursor(None)
    assert plot.grab().toImage() == before
    plot.show_marks([(100, 1), (200, 2)])
    assert plot.grab().toImage() != before


def test_marks_stay_in_place_when_the_values_are_zoomed(plot):
    feed(plot, np.ones(400))
    plot.show_marks([(200, 2)])
    plot.set_view(((0.0, 400.0), (5e5, 5e5 + 1)))
    image = plot.grab().toImage()
    ratio = image.devicePixelRatio()
    place = place_of(plot, 200, 5e5 + 0.5)
    row = [
        image.pixel(round((place.x() + d) * ratio), round(place.y() * ratio)) for d in range(-2, 3)
    ]
    assert len(set(row)) > 1


@pytest.mark.parametrize("colour", ["training", "validation"])
def test_curves_have_the_colours_of_the_theme(plot, themes, colour):
    x = np.array([100.0, 200.0, 300.0])
    feed(plot, np.linspace(2, 1, 400), measured=(x, x / 300, x / 250))
    plot.rest()
    image = plot.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(60, 240)}
    assert getattr(themes.current, colour) in seen


def test_measured_points_in_new_colours_after_a_change_of_theme(plot, themes):
    x = np.array([100.0, 200.0, 300.0])
    feed(plot, np.linspace(2, 1, 400), measured=(x, x / 300, x / 250))
    themes.choose("dark")
    plot.set_theme(themes.current)
    image = plot.grab().toImage()
    seen = {image.pixelColor(x, y).name() for x in range(image.width()) for y in range(60, 240)}
    assert themes.current.validation in seen


def test_thousands_of_measurements_are_drawn(plot):
    x = np.arange(1.0, 5001.0)
    feed(plot, np.ones(5000), measured=(x, np.full(5000, np.nan), 1 / x))
    plot.grab()


def test_the_line_grows_bolder_when_no_more_values_come(plot, qtbot):
    feed(plot, np.linspace(2, 1, 400))
    live = plot.grab().toImage()
    qtbot.waitUntil(lambda: plot.grab().toImage() != live)


def test_a_low_plot_has_a_short_name_on_its_axis(plot):
    axis = plot.view_widget().getPlotItem().getAxis("left")
    assert axis.labelText == "Loss (nats per image)"
    plot.resize(600, 130)
    assert axis.labelText == "Loss"


def test_the_axis_can_be_called_otherwise(plot):
    plot.set_axis_label("Loss (mean square)")
    assert plot.view_widget().getPlotItem().getAxis("left").labelText == "Loss (mean square)"


def test_it_describes_itself_to_those_who_cannot_see_it(plot):
    feed(plot, [0.5, 0.123])
    view = plot.view_widget()
    assert view.accessibleName() == "Loss against training iteration"
    assert view.accessibleDescription() == "Loss (nats per image); newest 0.123"


@pytest.mark.parametrize("button", [Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton])
def test_dragging_stops_following(plot, qtbot, button):
    feed(plot, np.linspace(2, 1, 400))
    before = plot.view()
    drag(plot, button)
    assert not plot.follow
    assert plot.view() != before


@pytest.mark.parametrize("name", ["light", "dark"])
def test_training_and_held_out_images_have_their_own_colours(plot, themes, name):
    themes.choose(name)
    plot.set_theme(themes.current)
    x, ones = np.array([20.0, 50.0, 80.0]), np.ones(3)
    feed(plot, np.full(100, 2.0), total=100, measured=(x, 1.5 * ones, 0.5 * ones))
    image = plot.view_widget().viewport().grab().toImage()

    def colour(step, value):
        place = place_of(plot, step, value)
        return colour_in(
            image.copy(QRect(place - QPoint(6, 6), place + QPoint(6, 6))), themes.current
        )

    assert colour(60, 2.0) == "training"  # the smoothed curve
    assert colour(50, 1.5) == "training"  # the marker of what was measured on these images
    assert colour(35, 0.5) == "validation"  # the line between measurements
    assert colour(50, 0.5) == "validation"  # their marker
    assert colour(65, 1.2) == ""
