"""The review as documents for people: page, workbook, table of accounts, and the command's JSON."""
