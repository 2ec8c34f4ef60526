"""People who log in. One row per person; the e-mail address is the login."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.functional import cached_property

EVERY_TENANT_PERMISSION = "accounts.follow_every_collectivite"


class UserManager(BaseUserManager):
    def create_user(self, email: str, password: str | None = None, **fields) -> "User":
        """Create an account; without a password it can only be opened by a reset link."""
        if not email:
            raise ValueError("Un compte a besoin d’une adresse électronique.")
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, email: str) -> "User":
        return self.get(email__iexact=email)


class User(AbstractBaseUser, PermissionsMixin):
    email = models.EmailField(
        "adresse électronique",
        unique=True,
        error_messages={"unique": "Cette adresse a déjà un compte."},
    )
    first_name = models.CharField("prénom", max_length=80, blank=True)
    last_name = models.CharField("nom", max_length=80, blank=True)
    function = models.CharField("fonction", max_length=120, blank=True)
    phone = models.CharField("téléphone", max_length=30, blank=True)
    is_active = models.BooleanField("actif", default=True)
    is_staff = models.BooleanField(
        "équipe nationale",
        default=False,
        help_text="Ouvre le back-office, selon les groupes ; le second facteur devient obligatoire.",
    )
    date_joined = models.DateTimeField("inscription", default=timezone.now)
    idle_warned_at = models.DateTimeField(
        "prévenue de l’effacement le", blank=True, null=True, editable=False
    )

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: list[str] = []

    objects = UserManager()

    class Meta:
        verbose_name = "compte"
        verbose_name_plural = "comptes"
        constraints = [
            models.UniqueConstraint(
                Lower("email"),
                name="one_account_per_address",
                violation_error_message="Cette adresse a déjà un compte.",
            )
        ]
        permissions = [
            ("follow_every_collectivite", "Peut suivre toutes les collectivités du pays")
        ]

    def __str__(self) -> str:
        return self.get_full_name() or self.email

    def get_full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    def get_short_name(self) -> str:
        return self.first_name or self.email

    @cached_property
    def follows_every_collectivite(self) -> bool:
        """Tell whether this person is of the national team that may see every tenant.

        Only asked of the staff, so that other people's pages cost no query.
        """
        return self.is_active and self.is_staff and self.has_perm(EVERY_TENANT_PERMISSION)
