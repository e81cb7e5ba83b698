from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core import mail
from django.core.exceptions import PermissionDenied, ValidationError
from django.utils import timezone

from tenon.web.audit.models import Entry
from tenon.web.audit.rules import Actor
from tenon.web.audit.selectors import chain_names, find_fault
from tenon.web.organizations import letters, selectors, services
from tenon.web.organizations.models import Invitation, Membership, Organization, Role
from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.rules import Capability, Marking, MembershipState
from tests.web.worlds import PASSWORD, finding, member, organization, person, viewer

pytestmark = pytest.mark.django_db


def administrator(of: Organization) -> Viewer:
    return viewer(member(of, "administrator"))


def role(key: str) -> Role:
    return Role.objects.get(key=key)


def test_a_group_reaches_down_to_its_units() -> None:
    group = organization("Group")
    site = organization("Site", group)
    unit = organization("Unit", site)
    assert viewer(member(group)).own == {group.pk, site.pk, unit.pk}
    assert viewer(member(site)).own == {site.pk, unit.pk}
    assert unit.root == group


def test_an_invitation_is_accepted_once_and_in_time() -> None:
    works = organization()
    invitation, token = services.invite(administrator(works), works, "New@Example.org ", role("member"))
    assert selectors.invitation_with(token) == invitation
    assert token not in (invitation.token_digest, str(Entry.objects.values_list("details", flat=True)))
    user = services.join_with_account(Actor(), invitation, "New", PASSWORD)
    assert selectors.memberships_of(user).get().is_home
    assert selectors.invitation_with(token) is None
    with pytest.raises(ValidationError, match="used or taken back"):
        services.accept_invitation(Actor(), invitation, user)


def test_an_old_or_withdrawn_invitation_opens_nothing() -> None:
    works = organization()
    admin = administrator(works)
    old, old_token = services.invite(admin, works, "old@example.org", role("member"))
    Invitation.objects.filter(pk=old.pk).update(expires=timezone.now() - timedelta(seconds=1))
    back, back_token = services.invite(admin, works, "back@example.org", role("member"))
    services.withdraw_invitation(admin, back)
    assert selectors.invitation_with(old_token) is selectors.invitation_with(back_token) is None


def test_an_invitation_is_for_its_address_alone() -> None:
    works = organization()
    invitation, _ = services.invite(administrator(works), works, "one@example.org", role("member"))
    with pytest.raises(ValidationError, match="for another address"):
        services.accept_invitation(Actor(), invitation, person())


def test_the_letter_leads_to_the_page() -> None:
    works = organization("Ferronickel")
    invitation, token = services.invite(administrator(works), works, "one@example.org", role("member"))
    letters.send_invitation(invitation, f"https://tenon.example.org/join/{token}/")
    (letter,) = mail.outbox
    assert letter.to == ["one@example.org"]
    assert "Ferronickel" in letter.subject
    assert f"https://tenon.example.org/join/{token}/" in letter.body


def test_a_guest_waits_for_the_consent_of_their_home() -> None:
    home, elsewhere = organization("Home"), organization("Elsewhere")
    guest = person()
    member(home, "inspector", guest)
    invitation, _ = services.invite(administrator(elsewhere), elsewhere, guest.email, role("member"))
    waiting = services.accept_invitation(Actor(user_id=guest.pk), invitation, guest)
    assert waiting.state == MembershipState.AWAITING_CONSENT
    assert [item.organization for item in selectors.memberships_of(guest)] == [home]
    with pytest.raises(PermissionDenied, match="own organization can consent"):
        services.move_membership(administrator(elsewhere), waiting, MembershipState.ACTIVE)
    with pytest.raises(PermissionDenied):
        services.consent(administrator(elsewhere), waiting, agreed=True)
    services.consent(administrator(home), waiting, agreed=True)
    assert [item.organization for item in selectors.memberships_of(guest)] == [home, elsewhere]


def test_a_refused_guest_stays_away() -> None:
    home, elsewhere = organization("Home"), organization("Elsewhere")
    guest = person()
    member(home, "inspector", guest)
    invitation, _ = services.invite(administrator(elsewhere), elsewhere, guest.email, role("member"))
    waiting = services.accept_invitation(Actor(user_id=guest.pk), invitation, guest)
    services.consent(administrator(home), waiting, agreed=False)
    assert Membership.objects.get(pk=waiting.pk).state == MembershipState.ENDED


def test_nobody_gives_more_than_they_have() -> None:
    works = organization()
    limited = Role.objects.create(key="limited", name_en="Limited", capabilities=["read", "administer"])
    weak = viewer(member(works, limited))
    with pytest.raises(PermissionDenied, match="more than their own"):
        services.invite(weak, works, "one@example.org", role("administrator"))
    strong = member(works, "administrator")
    with pytest.raises(PermissionDenied):
        services.change_role(weak, strong, limited)
    with pytest.raises(PermissionDenied, match="allows more than yours"):
        services.move_membership(weak, strong, MembershipState.SUSPENDED)


@pytest.mark.parametrize("key", ["observer", "member", "coordinator", "auditor"])
def test_only_administrators_change_an_organization(key: str) -> None:
    works, other = organization("Works"), organization("Other")
    them = member(works, "member")
    for looks in (viewer(member(works, key)), administrator(other)):
        attempts: list[Any] = [
            lambda looks=looks: services.invite(looks, works, "x@example.org", role("observer")),
            lambda looks=looks: services.change_role(looks, them, role("observer")),
            lambda looks=looks: services.move_membership(looks, them, MembershipState.ENDED),
            lambda looks=looks: services.create_group(looks, works, {"name_en": "G"}),
            lambda looks=looks: services.set_ceiling(looks, works, other, Marking.GREEN),
        ]
        for attempt in attempts:
            with pytest.raises(PermissionDenied):
                attempt()


def test_the_last_administrator_stays() -> None:
    works = organization()
    only = member(works, "administrator")
    with pytest.raises(ValidationError, match="Nobody else administers"):
        services.move_membership(viewer(only), only, MembershipState.ENDED)
    with pytest.raises(ValidationError, match="Nobody else administers"):
        services.change_role(viewer(only), only, role("member"))
    second = administrator(works)
    services.move_membership(second, only, MembershipState.ENDED)
    assert Membership.objects.get(pk=only.pk).until is not None


def test_a_suspended_member_sees_nothing_from_the_next_look_on() -> None:
    works = organization()
    admin, inspector = administrator(works), member(works, "inspector")
    item = finding(works)
    services.move_membership(admin, inspector, MembershipState.SUSPENDED)
    assert viewer(inspector).capabilities == frozenset()
    assert item.owner_id not in viewer(inspector).own
    services.move_membership(admin, inspector, MembershipState.ACTIVE)
    assert item.owner_id in viewer(inspector).own


def test_rights_that_need_a_second_step_rest_without_one() -> None:
    works = organization()
    admin = member(works, "administrator")
    before = viewer(admin, second_step=False)
    assert before.resting == {Capability.ADMINISTER, Capability.EXPORT, Capability.AUDIT}
    assert not before.can("administer")
    assert viewer(admin).can("administer")


def test_a_group_is_joined_and_left() -> None:
    steel, port = organization("Steel"), organization("Port")
    admin = administrator(steel)
    group = services.create_group(admin, steel, {"name_en": "Nickel", "open_history": False})
    services.add_to_group(admin, group, port)
    assert set(viewer(member(port)).groups) == {group.pk}
    with pytest.raises(ValidationError):
        services.add_to_group(admin, group, port)
    services.leave_group(administrator(port), group, port)
    assert viewer(member(port)).groups == {}
    with pytest.raises(ValidationError, match="not in the group"):
        services.leave_group(admin, group, port)


def test_a_ceiling_holds_between_two_highest_organizations() -> None:
    steel, port = organization("Steel"), organization("Port")
    berth = organization("Berth", port)
    admin = administrator(steel)
    services.set_ceiling(admin, steel, port, Marking.GREEN)
    assert viewer(member(berth)).ceilings == {steel.pk: Marking.GREEN}
    with pytest.raises(ValidationError, match="stand below no other"):
        services.set_ceiling(admin, steel, berth, Marking.GREEN)
    with pytest.raises(ValidationError, match="two different organizations"):
        services.set_ceiling(admin, steel, steel, Marking.GREEN)


def test_an_organization_needs_a_name_and_a_country() -> None:
    with pytest.raises(ValidationError) as refusal:
        services.create_organization(Actor(), {"name_en": "", "kind": "mine", "level": "site", "country": ""})
    assert "country" in refusal.value.message_dict


def test_an_operator_founds_an_organization_by_inviting_its_administrator() -> None:
    fields = {"name_en": "New", "name_zh": "新", "kind": "port", "level": "group", "country": "SG"}
    made, invitation, token = services.found_organization(Actor(), fields, "first@example.org")
    user = services.join_with_account(Actor(), selectors.invitation_with(token) or invitation, "First", PASSWORD)
    assert viewer(Membership.objects.get(user=user)).can("administer")
    assert made.root == made


def test_everything_above_left_whole_chains() -> None:
    works = organization()
    admin = administrator(works)
    services.invite(admin, works, "one@example.org", role("member"))
    services.create_group(admin, works, {"name_en": "G"})
    assert all(find_fault(name) is None for name in chain_names())
    assert selectors.entries_about(works).count() == 4
