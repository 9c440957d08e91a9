from decimal import Decimal

from backlog.statistics.capacity import Load, loads

DESIGN, LAB = 1, 2


class TestLoads:
    def test_add_up_what_is_asked_of_each_department(self) -> None:
        found = loads({DESIGN: Decimal(10)}, [(DESIGN, Decimal("2.5")), (DESIGN, Decimal(3))])

        assert found == [Load(DESIGN, Decimal(10), Decimal("5.5"))]
        assert (found[0].left, found[0].is_over) == (Decimal("4.5"), False)

    def test_warn_where_more_is_asked_than_there_is(self) -> None:
        [load] = loads({DESIGN: Decimal(2)}, [(DESIGN, Decimal("2.1"))])

        assert (load.left, load.is_over) == (Decimal("-0.1"), True)

    def test_name_departments_that_are_idle_or_of_which_nobody_knows_the_time(self) -> None:
        idle, unknown = loads({DESIGN: Decimal(4)}, [(LAB, Decimal(1))])

        assert (idle.used, idle.left) == (Decimal(0), Decimal(4))
        assert (unknown.planned, unknown.left, unknown.is_over) == (None, None, False)
