import pytest
from django.template import Context, Template
from django.urls import NoReverseMatch


def drawn(text: str, **words: object) -> str:
    return Template(text).render(Context(words))


def test_the_tag_reads_as_django_s() -> None:
    assert drawn('{% url "accounts:detail" pk %}', pk=3) == "/accounts/3/"
    assert drawn('{% url "accounts:detail" pk=pk %}', pk=3) == "/accounts/3/"
    assert drawn("{% url name %}", name="accounts:list") == "/accounts/"
    assert drawn('{% url "accounts:detail" pk as there %}<{{ there }}>', pk=3) == "</accounts/3/>"
    assert drawn('{% url "no:such" as there %}<{{ there }}>') == "<>"
    with pytest.raises(NoReverseMatch):
        drawn('{% url "accounts:detail" pk %}', pk="")
