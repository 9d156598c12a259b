"""A mapping written as TOML is read back as the same mapping."""

from hypothesis import given
from hypothesis import strategies as st

from openkam.analytics.ledger.mapping import Format, ImportMapping
from openkam.analytics.ledger.mapping_text import write_mapping
from openkam.analytics.ledger.schema import LineType

WORDS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r"), min_size=1).filter(str.strip)
FIELDS = st.sampled_from(["transaction_key", "customer_key", "transacted_on", "net_amount", "currency", "quantity"])
FORMATS = st.builds(
    Format,
    encoding=st.none() | WORDS,
    delimiter=st.sampled_from([None, ";", "\t"]),
    quote=st.sampled_from(['"', "", "'"]),
    decimal=st.sampled_from([None, ".", ","]),
    thousands=st.sampled_from([None, "", " ", "'"]),
    missing=st.lists(WORDS, max_size=2).map(tuple),
    skip_lines=st.integers(0, 5),
    sheet=st.none() | WORDS,
)


MAPPINGS = st.builds(
    ImportMapping,
    table=st.just("transactions"),
    source=st.none() | WORDS,
    columns=st.dictionaries(FIELDS, WORDS),
    constants=st.just({"channel": "web"}),
    expressions=st.just({"cost_amount": 'col("a") * 2'}),
    dates=st.dictionaries(WORDS, WORDS, max_size=2),
    format=FORMATS,
    line_types=st.dictionaries(st.sampled_from([str(kind) for kind in LineType]), WORDS, max_size=2),
    skip=st.dictionaries(WORDS, WORDS, max_size=2),
    keeps_missing_customer=st.booleans(),
    duplicate_key=st.none() | st.lists(FIELDS, max_size=2).map(tuple),
    duplicate_rows=st.sampled_from(["keep", "reject"]),
    existing_keys=st.sampled_from(["reject", "skip"]),
)


@given(mapping=MAPPINGS)
def test_what_is_written_is_read_back_the_same(mapping: ImportMapping) -> None:
    assert ImportMapping.parse(write_mapping(mapping)) == mapping


def test_a_plain_mapping_is_short() -> None:
    assert write_mapping(ImportMapping("customers", columns={"name": "Firma"})) == (
        'table = "customers"\n\n[columns]\nname = "Firma"\n'
    )
