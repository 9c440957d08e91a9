"""What was made of a file, in words: said before anything of it is stored."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from backlog.intake.files import Format, Table
from backlog.intake.rows import Reader


def lines(table: Table, given: Format, reader: Reader, *, zone_from: str) -> Iterator[str]:
    """One line for each thing that could have been understood otherwise, and how to say so."""
    yield _("Encoding: %(name)s %(why)s") % {
        "name": table.encoding,
        "why": _why("--encoding", is_given=bool(given.encoding)),
    }
    yield _("Cells are separated by: %(name)s %(why)s") % {
        "name": {"\t": _("tab")}.get(table.dialect.delimiter, table.dialect.delimiter),
        "why": _why("--delimiter", is_given=given.delimiter is not None),
    }
    yield from _header(table)
    if reader.mapping.date:
        yield _("Times without an offset are of: %(name)s %(why)s") % {
            "name": reader.zone,
            "why": zone_from,
        }
        if reader.date_order:
            yield _("Dates are written: %(order)s %(why)s") % {
                "order": " ".join(_PARTS[each] for each in reader.date_order),
                "why": _("(--date-order says otherwise)"),
            }
    yield _("Empty cells: also those with %(marks)s (--missing says more)") % {
        "marks": " ".join(sorted(reader.missing))
    }


_PARTS = {"y": "YYYY", "m": "MM", "d": "DD"}


def _header(table: Table) -> Iterator[str]:
    shown = ", ".join(f"“{name}”" for name in table.columns[:30])
    more = " …" if len(table.columns) > 30 else ""
    if not table.has_header:
        yield _("Columns, as given: %(columns)s") % {"columns": shown + more}
        return
    yield _("Header, line %(line)d: %(columns)s (--skip-rows, --columns say otherwise)") % {
        "line": table.layout.above + 1,
        "columns": shown + more,
    }
    if table.layout.below:
        message = _("Passed over behind the header: %(rows)d rows that are no answers %(tool)s")
        tool = f"({table.layout.tool})" if table.layout.tool else ""
        yield (message % {"rows": table.layout.below, "tool": tool}).rstrip()


def _why(option: str, *, is_given: bool) -> str:
    if is_given:
        return _("(as given)")
    return _("(found out; %(option)s says otherwise)") % {"option": option}
