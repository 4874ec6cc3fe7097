"""People who sign in."""

import uuid
from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from core.models import keep_history
from core.models.audit import ActorKind

if TYPE_CHECKING:
    from organizations.models.token import AccessToken


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


# History would outlive an erasure: it keeps neither name nor e-mail.
@keep_history(without=["password", "last_login", "name", "email"])
class User(AbstractBaseUser):
    """One person with an account; what they may do comes from their memberships alone.

    Retention: while a membership runs, then the body's calendar. Erasure: name and e-mail are replaced, the uuid that
    the ledger knows stays.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    email = models.EmailField(_("E-mail"), max_length=254)
    name = models.CharField(_("Name or function"), max_length=150)
    language = models.CharField(
        _("Language"), max_length=2, default="fr", choices=[("fr", "Français"), ("en", "English")]
    )
    is_active = models.BooleanField(default=True)
    is_demonstration = models.BooleanField(default=False)
    date_joined = models.DateTimeField(auto_now_add=True)

    # The token through which this person acts in a request of the API: it narrows their rights, the ledger names it.
    through: "AccessToken | None" = None

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.CheckConstraint(condition=models.Q(language__in=["fr", "en"]), name="user_language_known"),
        ]

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return str(self)

    @property
    def actor_kind(self) -> str:
        return ActorKind.TOKEN if self.through else ActorKind.PERSON

    @property
    def actor_ref(self) -> str:
        return str(self.through.uuid if self.through else self.uuid)
