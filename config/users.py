"""The screens of accounts in Wagtail, with the box « équipe nationale »: a group opens the back office to those who have it.

For the superuser alone: no role has the rights on people (`config.roles`).
"""

from wagtail.users import forms
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet


class UserCreationForm(forms.UserCreationForm):
    class Meta(forms.UserCreationForm.Meta):
        fields = forms.UserCreationForm.Meta.fields | {"is_staff"}


class UserEditForm(forms.UserEditForm):
    class Meta(forms.UserEditForm.Meta):
        fields = forms.UserEditForm.Meta.fields | {"is_staff"}

    def __init__(self, *args, **kwargs):
        editing_self = kwargs.get("editing_self", False)
        super().__init__(*args, **kwargs)
        if editing_self:  # as with « Administrateur »: nobody shuts herself out
            del self.fields["is_staff"]


class UserViewSet(WagtailUserViewSet):
    def get_form_class(self, for_update=False):
        return UserEditForm if for_update else UserCreationForm
