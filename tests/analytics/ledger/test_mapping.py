"""The mapping file: everything it can say, and a clear word for everything it cannot."""

from pathlib import Path

import pytest

from openkam.analytics.ledger.mapping import Format, ImportMapping, MappingError, load_mapping

FULL = """
table = "transactions"
source = "uk-shop"
[columns]
transaction_key = "Invoice"
[expressions]
net_amount = "Quantity * Price"
[constants]
currency = "GBP"
line_number = 1
[dates]
InvoiceDate = "%d/%m/%Y"
[format]
encoding = "cp1252"
delimiter = ";"
quote = ""
escape = "\\\\"
decimal = ","
thousands = "."
missing = ["NULL", "n/a"]
skip_lines = 2
sheet = "Sales"
[line_types]
cancellation = 'startswith(col("Invoice"), "C")'
freight = 'StockCode == "POST"'
[skip]
"a test" = 'StockCode == "TEST"'
[keep]
missing_customer = true
[duplicates]
key = ["transaction_key"]
rows = "reject"
[keys]
existing = "skip"
"""


def test_it_reads_everything() -> None:
    mapping = ImportMapping.parse(FULL)
    assert mapping.source == "uk-shop"
    assert mapping.columns == {"transaction_key": "Invoice"}
    assert mapping.expressions == {"net_amount": "Quantity * Price"}
    assert mapping.constants == {"currency": "GBP", "line_number": "1"}
    assert mapping.dates == {"InvoiceDate": "%d/%m/%Y"}
    assert mapping.format == Format("cp1252", ";", "", "\\", ",", ".", ("NULL", "n/a"), 2, "Sales")
    assert list(mapping.line_types) == ["cancellation", "freight"]
    assert mapping.skip == {"a test": 'StockCode == "TEST"'}
    assert (mapping.keeps_missing_customer, mapping.duplicate_key, mapping.duplicate_rows, mapping.existing_keys) == (
        True, ("transaction_key",), "reject", "skip"
    )  # fmt: skip


def test_a_table_alone_is_a_mapping() -> None:
    mapping = ImportMapping.parse('table = "customers"')
    assert mapping == ImportMapping("customers")
    assert mapping.format.missing == ("NULL",)
    assert ImportMapping.parse('table = "customers"\n[constants]\nis_prospect = true').constants == {"is_prospect": "true"}


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("table = ", "not valid TOML"),
        ("", "must name one of customers"),
        ('table = "sales"', "must name one of customers"),
        ('table = "customers"\nsource = ""', "source = "),
        ('table = "customers"\ncolums = 1', "the mapping has no “colums”; possible are table"),
        ('table = "customers"\ncolumns = 1', r"\[columns\] holds lines"),
        ('table = "customers"\n[columns]\nname = 1', r"\[columns\] holds lines"),
        ('table = "customers"\n[columns]\nnane = "x"', r"\[columns\] has no “nane”"),
        ('table = "customers"\n[columns]\nname = "x"\n[constants]\nname = "y"', "name is mapped twice"),
        ('table = "customers"\n[constants]\nname = [1]', "must be one value"),
        ('table = "customers"\nconstants = 1', r"\[constants\] holds lines"),
        ('table = "customers"\n[line_types]\nsale = "a"', r"\[line_types\] is for transactions"),
        ('table = "transactions"\n[line_types]\nbonus = "a"', r"\[line_types\] has no “bonus”"),
        ('table = "transactions"\n[columns]\nline_type = "t"\n[line_types]\nsale = "a"', "not mapped otherwise"),
        ('table = "customers"\n[keep]\nmissing_customer = true', "for transactions only"),
        ('table = "transactions"\n[keep]\nmissing_customer = 1', "true or false"),
        ('table = "transactions"\n[keep]\nall = true', r"\[keep\] has no “all”"),
        ('table = "transactions"\nkeep = 1', "must be a section"),
        ('table = "transactions"\n[duplicates]\nkey = "a"', "must be a list of fields"),
        ('table = "transactions"\n[duplicates]\nkey = ["a"]', r"\[duplicates\] key has no “a”"),
        ('table = "transactions"\n[duplicates]\nrows = "drop"', "must be one of keep, reject"),
        ('table = "transactions"\n[keys]\nexisting = "update"', "must be one of reject, skip"),
        ('table = "transactions"\n[format]\ndelimiter = "ab"', "one character"),
        ('table = "transactions"\n[format]\nquote = "ab"', "one character, or empty"),
        ('table = "transactions"\n[format]\ndecimal = "x"', 'must be "." or ","'),
        ('table = "transactions"\n[format]\nthousands = "x"', "one of , ."),
        ('table = "transactions"\n[format]\ndecimal = ","\nthousands = ","', "cannot be the same"),
        ('table = "transactions"\n[format]\nskip_lines = -1', "not be negative"),
        ('table = "transactions"\n[format]\nskip_lines = "1"', "must be a int"),
        ('table = "transactions"\n[format]\nmissing = [1]', "list of texts"),
        ('table = "transactions"\n[format]\nline_end = "x"', r"\[format\] has no “line_end”"),
    ],
)
def test_it_says_what_is_wrong_and_where(text: str, words: str) -> None:
    with pytest.raises(MappingError, match=words):
        ImportMapping.parse(text, "sales.toml")


def test_it_is_loaded_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "m.toml"
    path.write_text('\ufefftable = "customers"', encoding="utf-8")
    assert load_mapping(path).table == "customers"
    with pytest.raises(MappingError, match="cannot be read"):
        load_mapping(tmp_path / "none.toml")
    path.write_bytes(b"\xff\xff")
    with pytest.raises(MappingError, match="cannot be read"):
        load_mapping(path)
