"""Campaigns: the list, a new one for the collectivités of a choice, the page of one, its end."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from supervision.batches import MAX_BATCH
from supervision.campaign_forms import CAMPAIGN_TEXT, CampaignForm, StepForm
from supervision.campaigning import close_campaign, open_campaign
from supervision.campaigns import asked, results, turnout, with_step
from supervision.enums import CampaignStep
from supervision.exporting import FileKind
from supervision.exporting_campaign import export_campaign
from supervision.filtering import CollectiviteFilters
from supervision.forms import ChosenForm
from supervision.models import Campaign
from supervision.views.access import for_console
from supervision.views.sending import send
from territories.affiliation import AffiliationError

PER_PAGE = 50  # boxes are ticked by page: no more than `batches.MAX_BATCH`


@require_safe
@for_console
def campaigns(request):
    rows = Campaign.objects.shown_to(request.territory.opsn).select_related("questionnaire")
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "params": request.GET, "today": timezone.localdate()}
    return render(request, "opsn/campaigns/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@for_console
def create(request):
    chosen = _Choice(request)
    today = timezone.localdate()
    initial = {"starts_on": today, "text": CAMPAIGN_TEXT}
    form = CampaignForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            chosen.filters.check()
            campaign = open_campaign(
                territory=request.territory,
                collectivites=chosen.rows,
                audience=chosen.words,
                by=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except AffiliationError as error:
            form.add_error(None, str(error))
        else:
            return redirect("supervision:campaign", pk=campaign.pk)
    context = {"form": form, "chosen": chosen, "count": chosen.rows.count()}
    return render(request, "opsn/campaigns/create.html", context)


@require_safe
@for_console
def campaign(request, pk):
    campaign = _found(pk, Campaign.objects.shown_to(request.territory.opsn))
    steps = StepForm(request.GET)
    rows = with_step(asked(campaign, request.territory), campaign)
    if steps.step:
        rows = rows.filter(step=steps.step)
    page = Paginator(rows.select_related("departement").order_by("search_name", "pk"), PER_PAGE)
    page = page.get_page(request.GET.get("page"))
    for row in page.object_list:
        row.step_words = CampaignStep(row.step).label
    context = {
        "campaign": campaign,
        "is_own": campaign.opsn_id == request.territory.key,
        "turnout": turnout(campaign, request.territory),
        "results": results(campaign, request.territory),
        "steps": steps,
        "today": timezone.localdate(),
        "batch": min(page.paginator.count, MAX_BATCH) if page.paginator.num_pages > 1 else 0,
        "page": page,
        "params": request.GET,
    }
    return render(request, "opsn/campaigns/campaign.html", context)


@require_POST
@for_console
def campaign_file(request, pk, kind):
    campaign = _found(pk, Campaign.objects.shown_to(request.territory.opsn))
    steps = StepForm(request.POST)
    if kind not in FileKind or not steps.is_valid():
        raise Http404
    made = export_campaign(
        campaign=campaign,
        territory=request.territory,
        step=steps.step,
        kind=FileKind(kind),
        by=request.user,
        at=timezone.now(),
    )
    return send(made)


@require_POST
@for_console
def close(request, pk):
    campaign = _found(pk, Campaign.objects.of(request.territory.opsn))
    try:
        close_campaign(campaign=campaign, by=request.user, at=timezone.now())
    except AffiliationError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, f"La campagne « {campaign} » est clôturée.")
    return redirect("supervision:campaign", pk=campaign.pk)


class _Choice:
    """Those ticked in the table, `c`; without any, those that its filters keep."""

    def __init__(self, request):
        data = request.POST if request.method == "POST" else request.GET
        self.filters = CollectiviteFilters(data, request.territory)
        if data.getlist("c"):
            ticked = ChosenForm(data, request.territory)
            if not ticked.is_valid():
                raise Http404
            self.rows = ticked.cleaned_data["c"]
            count = len(self.rows)
            noun = "collectivité choisie" if count == 1 else "collectivités choisies"
            self.words = f"{count} {noun}"
            self.kept = [("c", row.pk) for row in self.rows]
            return
        self.rows = self.filters.rows(at=timezone.now())
        self.words = " ; ".join(self.filters.in_words())
        self.kept = [(name, value) for name, value in data.items() if name in self.filters.fields]


def _found(pk, rows: QuerySet[Campaign]) -> Campaign:
    return get_object_or_404(rows.select_related("questionnaire", "created_by"), pk=pk)
