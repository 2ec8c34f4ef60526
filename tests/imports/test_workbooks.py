"""The workbooks that leave with what people sent."""

import io

from openpyxl import load_workbook

from imports.enums import Outcome
from imports.report import Line
from imports.workbooks import refused_rows


def test_a_refused_row_comes_back_without_what_no_workbook_can_hold():
    content = refused_rows(["Nom"], [[2, "Val\ufffemont\x07"]], [Line(2, Outcome.REJECTED)])

    assert load_workbook(io.BytesIO(content)).active["A2"].value == "Valmont"
