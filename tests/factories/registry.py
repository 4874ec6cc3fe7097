"""Systems, whole or just begun."""

import factory
from django.utils import timezone

from registry.models import AISystem
from registry.workflow import Affected, Autonomy, Origin, Phase, Status, YesNoUnsure
from tests.factories.organizations import OrganizationFactory, UserFactory


class SystemFactory(factory.django.DjangoModelFactory):
    """A declared system with its twelve answers. Traits: `draft` (a name and nothing else)."""

    class Meta:
        model = AISystem

    organization = factory.SubFactory(OrganizationFactory)
    name_fr = factory.Sequence(lambda n: f"Tri des demandes {n}")
    summary_fr = "Classe les demandes de permis selon leur urgence."
    need_fr = "Les demandes urgentes attendaient trop longtemps."
    unit_fr = "Direction des permis"
    contact_email = "ia@organisme.example"
    phase = Phase.IN_SERVICE
    affected = [Affected.SERVICE_USERS]
    autonomy = Autonomy.RECOMMENDS
    personal_information = YesNoUnsure.NO
    data_description_fr = "Le texte des demandes, sans le nom des personnes."
    category = "decision_support"
    benefit_fr = "Une réponse en deux jours pour les urgences."
    origin = Origin.OWN
    created_at = factory.LazyFunction(timezone.now)
    updated_at = factory.LazyFunction(timezone.now)
    created_by = factory.SubFactory(UserFactory)
    updated_by = factory.SelfAttribute("created_by")
    status = Status.DECLARED
    # Far from the numbers that tests choose and that services give.
    reference = factory.LazyAttributeSequence(lambda system, n: f"QC-{system.organization.sigle}-{n + 5000}")
    declared_at = factory.LazyFunction(timezone.now)
    declared_by = factory.SelfAttribute("created_by")

    class Params:
        draft = factory.Trait(
            status=Status.DRAFT,
            reference=None,
            declared_at=None,
            declared_by=None,
            summary_fr="",
            need_fr="",
            unit_fr="",
            contact_email="",
            phase="",
            affected=[],
            autonomy="",
            personal_information="",
            data_description_fr="",
            category="",
            benefit_fr="",
            origin="",
        )
