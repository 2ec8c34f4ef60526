"""Addresses under /opsn/."""

from django.urls import path

from supervision.views import (
    attachment,
    collectivite,
    exports,
    figure_files,
    figures,
    home,
    invitations,
    journal,
    level_two,
    relaunches,
    requests,
    reviews,
    table,
    team,
)

app_name = "supervision"

urlpatterns = [
    path("", home.home, name="home"),
    path("choisir/", home.choose, name="choose"),
    path("collectivites/", table.collectivites, name="collectivites"),
    path("collectivites/ajouter/", attachment.find, name="find"),
    path("collectivites/ajouter/<int:pk>/", attachment.attach, name="attach"),
    path("collectivites/inviter/", invitations.invite_many, name="invite"),
    path("collectivites/relancer/", relaunches.relaunch_many, name="relaunch"),
    path("collectivites/attribuer/", relaunches.assign_many, name="assign"),
    path("collectivites/niveau-2/", level_two.level_two, name="level_two"),
    path("collectivites/<int:pk>/", collectivite.collectivite, name="collectivite"),
    path("collectivites/<int:pk>/visites/", collectivite.note, name="note"),
    path("collectivites/<int:pk>/conseiller/", collectivite.adviser, name="adviser"),
    path("collectivites/<int:pk>/detacher/", collectivite.detach, name="detach"),
    path("chiffres/", figures.overview, name="figures"),
    path("chiffres/carte-de-chaleur/", figures.themes, name="heat_map"),
    path("chiffres/comparer/", figures.compare, name="compare"),
    path("chiffres/carte/", figures.territory_map, name="map"),
    path(
        "chiffres/fichier/<slug:view>/<slug:kind>/", figure_files.figures_file, name="figures_file"
    ),
    path("chiffres/vues/<slug:view>/garder/", figure_files.keep, name="keep_view"),
    path("chiffres/vues/<int:pk>/supprimer/", figure_files.forget, name="forget_view"),
    path("demandes/", requests.requests, name="requests"),
    path("demandes/<int:pk>/accepter/", requests.approve, name="approve"),
    path("demandes/<int:pk>/refuser/", requests.refuse, name="refuse"),
    path("rattachements/<int:pk>/accepter/", requests.accept_ask, name="accept_ask"),
    path("rattachements/<int:pk>/refuser/", requests.refuse_ask, name="refuse_ask"),
    path("relectures/", reviews.reviews, name="reviews"),
    path("invitations/", invitations.invitations, name="invitations"),
    path("invitations/<int:pk>/renvoyer/", invitations.resend, name="resend_invitation"),
    path("invitations/<int:pk>/annuler/", invitations.cancel, name="cancel_invitation"),
    path("equipe/", team.members, name="members"),
    path("equipe/inviter/", team.invite, name="invite_member"),
    path("equipe/<int:pk>/role/", team.change_role, name="change_role"),
    path("equipe/<int:pk>/retirer/", team.remove, name="remove_member"),
    path("equipe/invitations/<int:pk>/renvoyer/", team.resend, name="resend_member_invitation"),
    path("equipe/invitations/<int:pk>/annuler/", team.cancel, name="cancel_member_invitation"),
    path("invitation/<str:token>/", team.invitation, name="invitation"),
    path("invitation/<str:token>/accepter/", team.accept, name="accept_invitation"),
    path("fiche/", team.profile, name="profile"),
    path("journal/", journal.journal, name="journal"),
    path("exports/", exports.exports, name="exports"),
    path("exports/territoire/<str:kind>/", exports.territory_file, name="export"),
    path("exports/open-data/", exports.open_data, name="open_data"),
]
