"""What the space and the results say of the plan: `questions` does not know `plans`, its templates may ask."""

from django import template
from django.utils import timezone

from plans.adoption import plan_of
from plans.brief import PlanInBrief

register = template.Library()


@register.simple_tag
def plan_in_brief(collectivite) -> PlanInBrief:
    return PlanInBrief(collectivite, plan_of(collectivite), timezone.localdate())
