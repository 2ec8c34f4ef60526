from django import template

from questions import addresses

register = template.Library()
register.simple_tag(addresses.question_address)
register.simple_tag(addresses.theme_address)
