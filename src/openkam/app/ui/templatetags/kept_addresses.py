"""The `url` tag of every template, with Django's own words and addresses that are kept."""

from django.template import Context, Library
from django.template.base import Parser, Token
from django.template.defaulttags import URLNode
from django.template.defaulttags import url as django_url
from django.utils.html import conditional_escape

from openkam.app.ui.templatetags.addresses import address

register = Library()


class KeptURLNode(URLNode):
    """As Django's; what names its arguments, or keeps the address under a name, is left to it."""

    def render(self, context: Context) -> str:
        """The address."""
        if self.asvar or self.kwargs:
            return super().render(context)
        found = address(self.view_name.resolve(context), *(arg.resolve(context) for arg in self.args))
        return conditional_escape(found) if context.autoescape else found


@register.tag
def url(parser: Parser, token: Token) -> KeptURLNode:
    """`{% url "accounts:list" %}`, as in Django."""
    node = django_url(parser, token)
    return KeptURLNode(node.view_name, node.args, node.kwargs, node.asvar)
