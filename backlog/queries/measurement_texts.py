"""How a measurement reads: one sentence that a manager understands, with how sure it is.

“Conversion 4.1 % → 5.0 %: better, between +0.2 and +1.6 points, 95 % sure”
"""

from django.utils.formats import number_format
from django.utils.translation import gettext as _

from backlog.models import Measurement


def sentence(measured: Measurement, *, measure: str = "") -> str:
    """What was measured, from what to what, and the verdict; `measure` names the figure."""
    told = _("%(change)s: %(verdict)s, %(bounds)s") % {
        "change": change(measured),
        "verdict": measured.get_verdict_display(),
        "bounds": bounds(measured),
    }
    return f"{measure} {told}" if measure else told


def change(measured: Measurement) -> str:
    """`4.1 % → 5.0 %`, or `5.2 → 4.0`."""
    unit = " %" if measured.is_of_shares else ""
    places = _places(measured)
    before, after = (_figure(it, places) for it in (measured.before, measured.after))
    return f"{before}{unit} → {after}{unit}"


def bounds(measured: Measurement) -> str:
    """How far it can truly have moved; or why nobody can say."""
    difference = measured.difference
    if difference is None:
        return _("nobody can tell it from chance without the standard deviations")
    places = _places(measured)
    between = {
        "low": _signed(difference.low, places),
        "high": _signed(difference.high, places),
    }
    if measured.is_of_shares:
        return _("between %(low)s and %(high)s points, 95 %% sure") % between
    return _("between %(low)s and %(high)s, 95 %% sure") % between


def samples(measured: Measurement) -> str:
    """How many each figure rests on: `n = 2,400 → 2,380`."""
    before, after = (
        number_format(n, force_grouping=True) for n in (measured.before_n, measured.after_n)
    )
    return f"n = {before} → {after}"


def _places(measured: Measurement) -> int:
    """One decimal; more where the figures or the bounds are so small that one would hide them."""
    figures = [measured.before, measured.after]
    if measured.difference is not None:
        figures += [measured.difference.low, measured.difference.high]
    smallest = min((abs(figure) for figure in figures if figure), default=1.0)
    return next((places for places in (1, 2, 3) if smallest >= 0.5 * 10**-places), 4)


def _signed(figure: float, places: int) -> str:
    sign = "−" if figure < 0 else "+"
    return sign + _figure(abs(figure), places)


def _figure(figure: float, places: int) -> str:
    """Rounded here: Django cuts off what is too long."""
    return number_format(round(figure, places), places)
