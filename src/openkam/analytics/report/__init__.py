"""The review as documents a director would forward: one page, one workbook, one table."""
