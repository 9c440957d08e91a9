"""Unfold writes thirty classes into every cell of a list and into every field of a form.

Ours are one or none, and their looks are in `admin.css`: a list is a sixth of the size.
"""

from unfold import widgets
from unfold.admin import checkbox
from unfold.contrib.filters.forms import DropdownForm
from unfold.templatetags import unfold_list

unfold_list.ROW_CLASSES.clear()
unfold_list.LINK_CLASSES.clear()
unfold_list.CHECKBOX_CLASSES[:] = ["action-checkbox"]
checkbox.attrs["class"] = "action-select"


def _shortened(classes: list[str]) -> list[str]:
    return ["hb-field", *(each for each in classes if each not in widgets.BASE_CLASSES)]


for name, classes in vars(widgets).items():
    if name.endswith("_CLASSES") and set(widgets.BASE_CLASSES) < set(classes):
        classes[:] = _shortened(classes)
drawn = DropdownForm.widget.attrs  # Made while its module was imported.
drawn["class"] = " ".join(_shortened(drawn["class"].split()))
