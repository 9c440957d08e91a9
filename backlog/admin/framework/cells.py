"""Unfold writes thirty classes into every cell of a list and into every field of a form.

Ours are one or none, and their looks are in `admin.css`: a list is a sixth of the size.
"""

from unfold import widgets
from unfold.admin import checkbox
from unfold.templatetags import unfold_list

FIELD = "hb-field"

unfold_list.ROW_CLASSES.clear()
unfold_list.LINK_CLASSES.clear()
unfold_list.CHECKBOX_CLASSES[:] = ["action-checkbox"]
checkbox.attrs["class"] = "action-select"
for name, classes in vars(widgets).items():
    if name.endswith("_CLASSES") and set(widgets.BASE_CLASSES) < set(classes):
        own = [each for each in classes if each not in widgets.BASE_CLASSES]
        classes[:] = [FIELD, *own]
