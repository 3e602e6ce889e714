"""Right and wrong answers to the assignment `curves`."""

from tests.grading.answer import Answer

TASK = "curves"
SMOOTH = Answer(
    TASK,
    right=(
        """\
def smooth(values, width):
    values = np.asarray(values, dtype=float)
    if width < 1 or width > len(values):
        raise ValueError(f"width {width} does not fit {len(values)} values")
    return np.convolve(values, np.ones(width) / width, mode="valid")
""",
        """\
def smooth(values, width):
    numbers = [float(value) for value in values]
    if not 0 < width <= len(numbers):
        raise ValueError("width")
    means = []
    for start in range(len(numbers) - width + 1):
        total = 0.0
        for number in numbers[start : start + width]:
            total += number
        means.append(total / width)
    return np.array(means)
""",
        """\
from numpy.lib.stride_tricks import sliding_window_view

def smooth(values, width):
    if width < 1:
        raise ValueError("the width should be 1 or more")
    # numpy itself says ValueError where the window is too wide
    windows = sliding_window_view(np.array(values, dtype=float), width)
    return windows.mean(axis=1)
""",
        """\
def smooth(values, width):
    '''Differences of running sums.'''
    table = np.array(values, dtype=float)
    n = table.size
    if not (1 <= width <= n):
        raise ValueError
    sums = np.concatenate([[0.0], np.cumsum(table)])
    return (sums[width:] - sums[: n - width + 1]) / width
""",
    ),
    wrong={
        "too-short": """\
def smooth(values, width):
    if width < 1 or width > len(values):
        raise ValueError("width")
    return np.array([np.mean(values[i : i + width]) for i in range(len(values) - width)], dtype=float)
""",
        "a-list": """\
def smooth(values, width):
    if width < 1 or width > len(values):
        raise ValueError("width")
    return [sum(values[i : i + width]) / width for i in range(len(values) - width + 1)]
""",
        "no-error": """\
def smooth(values, width):
    values = np.asarray(values, dtype=float)
    return np.convolve(values, np.ones(max(1, abs(width))), mode="valid") / max(1, abs(width))
""",
        "changes-what-it-got": """\
def smooth(values, width):
    values = np.asarray(values, dtype=float)
    if not 1 <= width <= len(values):
        raise ValueError("width")
    end = len(values) - width + 1
    for place in range(end):
        values[place] = values[place : place + width].mean()
    return values[:end]
""",
        "prints": """\
def smooth(values, width):
    print([sum(values[i : i + width]) / width for i in range(len(values) - width + 1)])
""",
    },
    tries=("smooth([1, 2, 3, 4, 9], 3)", "print(smooth(room, 4).round(2)[:5])", "smooth(room, 5).mean()"),
)
SPIKES = Answer(
    TASK,
    right=(
        """\
def spikes(values, limit):
    middle = np.median(values)
    return np.where(abs(np.asarray(values) - middle) > limit)[0]
""",
        """\
def spikes(values, limit):
    ordered = sorted(values)
    half = len(ordered) // 2
    if len(ordered) % 2:
        middle = ordered[half]
    else:
        middle = (ordered[half - 1] + ordered[half]) / 2
    places = []
    for place, value in enumerate(values):
        if abs(value - middle) > limit:
            places.append(place)
    return np.array(places, dtype=int)
""",
        """\
import statistics

def spikes(values, limit):
    middle = statistics.median(list(values))
    return np.array([i for i, v in enumerate(values) if v > middle + limit or v < middle - limit], dtype=np.int64)
""",
    ),
    wrong={
        "mean": """\
def spikes(values, limit):
    values = np.asarray(values)
    return np.flatnonzero(abs(values - values.mean()) > limit / 2)
""",
        "at-the-limit": """\
def spikes(values, limit):
    values = np.asarray(values)
    return np.flatnonzero(abs(values - np.median(values)) >= limit)
""",
        "one-side": """\
def spikes(values, limit):
    values = np.asarray(values)
    return np.flatnonzero(values - np.median(values) > limit)
""",
        "counts-from-one": """\
def spikes(values, limit):
    values = np.asarray(values)
    return np.flatnonzero(abs(values - np.median(values)) > limit) + 1
""",
        "a-mask": """\
def spikes(values, limit):
    values = np.asarray(values)
    return abs(values - np.median(values)) > limit
""",
    },
    tries=("spikes(room, 3.0)", "room[spikes(room, 3.0)]", "print(len(spikes(room, 0.3)))"),
)
DEGREE_HOURS = Answer(
    TASK,
    right=(
        """\
def degree_hours(times, values, least):
    heights = np.maximum(np.array(values, dtype=float) - least, 0)
    return float(np.trapezoid(heights, times))
""",
        """\
def degree_hours(times, values, least):
    heights = [max(0.0, value - least) for value in values]
    area = 0.0
    for i in range(1, len(heights)):
        area = area + (times[i] - times[i - 1]) * (heights[i] + heights[i - 1]) / 2
    return float(area)
""",
        """\
def degree_hours(times, values, least):
    points = [(t, v - least if v > least else 0.0) for t, v in zip(times, values)]
    return float(sum((t2 - t1) * (v1 + v2) * 0.5 for (t1, v1), (t2, v2) in zip(points, points[1:])))
""",
    ),
    wrong={
        "below-counts": """\
def degree_hours(times, values, least):
    return float(np.trapezoid(np.array(values, dtype=float) - least, times))
""",
        "even-times": """\
def degree_hours(times, values, least):
    heights = np.maximum(np.array(values, dtype=float) - least, 0)
    return float(np.trapezoid(heights))
""",
        "rectangles": """\
def degree_hours(times, values, least):
    heights = np.maximum(np.array(values, dtype=float) - least, 0)
    return float((np.diff(times) * heights[1:]).sum())
""",
        "numpy-float": """\
def degree_hours(times, values, least):
    heights = np.maximum(np.array(values, dtype=float) - least, 0)
    return np.float64(np.trapezoid(heights, times))
""",
        "needs-two": """\
def degree_hours(times, values, least):
    step = times[1] - times[0]
    heights = [max(0.0, value - least) for value in values]
    return float(step * (sum(heights) - (heights[0] + heights[-1]) / 2))
""",
    },
    tries=("degree_hours(hours, room, -18.0)", "round(degree_hours([0, 1], [1, 3], 0), 2)"),
)
DRIFT = Answer(
    TASK,
    right=(
        """\
mask = np.ones(len(hours), dtype=bool)
mask[bad] = False
slope, start = np.polyfit(hours[mask], room[mask], deg=1)
drift = float(slope)
""",
        """\
xs = [hours[i] for i in range(len(hours)) if i not in bad]
ys = [room[i] for i in range(len(room)) if i not in bad]
x_mean = sum(xs) / len(xs)
y_mean = sum(ys) / len(ys)
drift = float(sum((x - x_mean) * (y - y_mean) for x, y in zip(xs, ys)) / sum((x - x_mean) ** 2 for x in xs))
""",
        """\
good = np.setdiff1d(np.arange(hours.size), bad)
matrix = np.column_stack([hours[good], np.ones(good.size)])
drift = np.linalg.lstsq(matrix, room[good], rcond=None)[0][0].item()
""",
    ),
    wrong={
        "with-the-bad": "drift = float(np.polyfit(hours, room, 1)[0])\n",
        "the-other-number": "drift = float(np.polyfit(np.delete(hours, bad), np.delete(room, bad), 1)[1])\n",
        "an-array": "drift = np.polyfit(np.delete(hours, bad), np.delete(room, bad), 1)\n",
        "another-name": "slope = float(np.polyfit(np.delete(hours, bad), np.delete(room, bad), 1)[0])\n",
    },
    tries=("drift", "print(f'{24 * drift:.3f} degrees a day')"),
)
ANSWERS = {"smooth": SMOOTH, "spikes": SPIKES, "degree-hours": DEGREE_HOURS, "drift": DRIFT}
