"""Addresses under /espace/collectivite/."""

from django.urls import path

from territories.views import coding, invited, joining, members

app_name = "territories"

urlpatterns = [
    path("rejoindre/", joining.join, name="join"),
    path("rejoindre/<int:pk>/", joining.confirm_join, name="confirm_join"),
    path("code/", coding.official_code, name="official_code"),
    path("code/envoyer/", coding.send_official_code, name="send_official_code"),
    path("choisir/", joining.choose, name="choose"),
    path("demandes/<int:pk>/", joining.membership_request, name="request"),
    path("demandes/<int:pk>/accepter/", joining.approve, name="approve"),
    path("demandes/<int:pk>/refuser/", joining.refuse, name="refuse"),
    path("demandes/<int:pk>/suspendre/", joining.suspend, name="suspend"),
    path("contester/<str:token>/", joining.contest, name="contest"),
    path("membres/", members.members, name="members"),
    path("membres/<int:pk>/role/", members.change_role, name="change_role"),
    path("membres/<int:pk>/retirer/", members.remove, name="remove"),
    path("quitter/", members.leave, name="leave"),
    path("invitations/", members.send_invitation, name="invite"),
    path("invitations/<int:pk>/renvoyer/", members.resend, name="resend_invitation"),
    path("invitations/<int:pk>/annuler/", members.cancel, name="cancel_invitation"),
    path("invitation/<str:token>/", invited.invitation, name="invitation"),
    path("invitation/<str:token>/accepter/", invited.accept, name="accept_invitation"),
]
