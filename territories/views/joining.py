"""A person finds her collectivité and asks to speak for it; those entitled decide, or contest."""

from functools import wraps

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from territories import affiliation, rules
from territories.affiliation import AffiliationError, NothingToDecide, RefusedBefore
from territories.contacts import support_address, support_name
from territories.contestation import contested_member
from territories.current import choose_collectivite
from territories.enums import MemberState
from territories.forms import RequestForm, SearchForm
from territories.models import Collectivite, CollectiviteMember
from territories.search import MAX_HITS, search_collectivites


@require_safe
def join(request):
    form = SearchForm(request.GET or None)
    query = form.cleaned_data["q"].strip() if form.is_valid() else ""
    hits = search_collectivites(query)
    context = {"form": form, "query": query, "hits": hits, "many": len(hits) == MAX_HITS}
    return render(request, "territories/join.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def confirm_join(request, pk):
    collectivite = get_object_or_404(
        Collectivite.objects.select_related("departement", "opsn", "successor"), pk=pk
    )
    if collectivite.retired_at and collectivite.successor:
        return redirect("territories:confirm_join", pk=collectivite.successor.pk)
    form = RequestForm(request.POST or None)
    refused = False
    if request.method == "POST" and form.is_valid():
        try:
            member = affiliation.request_membership(
                collectivite=collectivite,
                message=form.cleaned_data["message"],
                by=request.user,
                at=timezone.now(),
            )
        except RefusedBefore:
            refused = True
        except AffiliationError as error:
            messages.info(request, str(error))
            return redirect(settings.LOGIN_REDIRECT_URL)
        else:
            choose_collectivite(request, member)
            messages.success(request, _sentence_about(member))
            return redirect(settings.LOGIN_REDIRECT_URL)
    context = {
        "form": form,
        "collectivite": collectivite,
        "refused": refused,
        "support_name": support_name(collectivite),
        "support_address": support_address(collectivite),
    }
    return render(request, "territories/confirm_join.html", context, status=403 if refused else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def choose(request):
    if request.method == "POST":
        wanted = request.POST.get("collectivite", "")
        member = next((m for m in request.memberships if str(m.collectivite_id) == wanted), None)
        if member is None:
            raise Http404
        choose_collectivite(request, member)
        return redirect(settings.LOGIN_REDIRECT_URL)
    return render(request, "territories/choose.html")


def for_deciders(view):
    """Give the view the request for membership; to who may not decide on it, it does not exist."""

    @wraps(view)
    def wrapped(request, pk):
        members = CollectiviteMember.objects.select_related(
            "user", "collectivite__departement", "collectivite__opsn"
        )
        member = get_object_or_404(members, pk=pk)
        if not rules.can_decide(request.user, member):
            raise Http404
        return view(request, member)

    return wrapped


@require_safe
@for_deciders
def membership_request(request, member):
    context = {
        "member": member,
        "undecided": member.state == MemberState.PENDING,
        "overrules": rules.can_overrule(request.user, member),
    }
    return render(request, "territories/request.html", context)


@require_POST
@for_deciders
def approve(request, member):
    act = affiliation.approve_membership
    return _decide(request, member, act, f"{member.user} fait maintenant partie de l’équipe.")


@require_POST
@for_deciders
def refuse(request, member):
    return _decide(request, member, affiliation.refuse_membership, "La demande est refusée.")


@require_POST
@for_deciders
def suspend(request, member):
    act = affiliation.contest_membership
    return _decide(request, member, act, f"L’accès de {member.user} est suspendu.")


@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def contest(request, token):
    """Opened from a mail by the official address or the OPSN, who need no account; the button does it, not the link."""
    member = contested_member(token)
    done = False
    if member and request.method == "POST":
        try:
            affiliation.contest_membership(member=member, by=None, at=timezone.now())
        except NothingToDecide:
            member = None
        else:
            done = True
    context = {"member": member, "done": done}
    return render(request, "territories/contest.html", context, status=200 if member else 410)


def _decide(request, member, act, sentence):
    try:
        act(member=member, by=request.user, at=timezone.now())
    except AffiliationError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, sentence)
    if request.collectivite == member.collectivite:
        return redirect("territories:members")
    return redirect("territories:request", pk=member.pk)


def _sentence_about(member: CollectiviteMember) -> str:
    if member.state == MemberState.ACTIVE:
        return f"Vous représentez {member.collectivite} : vous en êtes le référent."
    return "Votre demande est envoyée. Vous recevrez un courriel dès qu’elle sera examinée."
