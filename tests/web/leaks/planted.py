"""A world with a unique string in everything that somebody must not see, and a reader for each kind of outsider."""

from __future__ import annotations

from itertools import count

from django.test import Client

from tenon.web.accounts.services import create_user
from tenon.web.audit.rules import Actor
from tenon.web.organizations import services as organizations
from tenon.web.organizations import sharing
from tenon.web.organizations.models import Membership, Organization, Role
from tenon.web.organizations.rules import Hidden, Marking, Profile, Reach
from tenon.web.rooms import evidence_services, import_services, room_report_services, room_work_services
from tenon.web.rooms import services as rooms
from tenon.web.rooms.models import Finding
from tenon.web.rooms.room_rules import Affected, EntryKind
from tenon.web.rooms.rules import Action
from tests.web.leaks.sowing import sow
from tests.web.plants import CHECK, READING, checklist, equipment, round_begun
from tests.web.runs.building import asked
from tests.web.worlds import PASSWORD, client_of, finding, member, organization, room, step_values, viewer

_numbers = count(1000)


class Planted:  # budget: everything that can leak
    """What is planted, and who looks for it.

    `secrets` holds the strings that no outsider sees, `kept_back` those that only outsiders with full sight would see,
    and `unlinked` the secrets that no link leads to, for their owner either.
    """

    def __init__(self) -> None:
        self.secrets: list[str] = []
        self.kept_back: list[str] = []
        self.unlinked: list[str] = []
        self.plant, self.unit = organization("Plant"), organization("Unit")
        self.unit = organization("Kiln", self.plant)
        self.lead = self._member("administrator")
        self.worker = self._member("inspector")
        self.partner = member(organization("Partner"), "administrator")
        self.neighbor = member(organization("Neighbor"), "administrator")
        self.stranger = member(organization("Stranger"), "administrator")
        self._organization()
        self.hidden = self._finding(self.secrets, Reach.ORGANIZATION, Marking.AMBER)
        self.red = self._finding(self.secrets, Reach.ORGANIZATION, Marking.RED)
        self.shared = self._finding(self.secrets, Reach.GROUP, Marking.AMBER)
        self.open = self._finding(self.secrets, Reach.COMMUNITY, Marking.GREEN)
        everything = list(Hidden)
        self.given = sharing.share(
            viewer(self.lead), self.shared, self.partner.organization, Profile.CONTRIBUTE, everything
        )
        self._other_things()
        self.own = finding(self.stranger.organization, viewer(self.stranger), title="A matter of the stranger")

    def word(self, of: list[str], what: str) -> str:
        """Plant a new string."""
        made = f"zq{what}{next(_numbers)}qz"
        of.append(made)
        return made

    def _member(self, role: str) -> Membership:
        """Return a member whose name and address nobody outside reads."""
        name = self.word(self.kept_back, "person")
        user = create_user(Actor(), f"{self.word(self.secrets, 'mail')}@example.org", name, PASSWORD)
        return member(self.plant, role, user)

    def _organization(self) -> None:
        by = viewer(self.lead)
        address = f"{self.word(self.secrets, 'letter')}@example.org"
        self.invitation, _token = organizations.invite(by, self.plant, address, Role.objects.get(key="member"))
        self.group = organizations.create_group(by, self.plant, {"name_en": self.word(self.secrets, "group")})

    def _finding(self, of: list[str], reach: Reach, marking: Marking) -> Finding:
        """Return a finding in the middle of its way; what its reach shows to some is no secret of it."""
        seen = [] if reach is not Reach.ORGANIZATION else of
        cost = next(_numbers) * 100_003 + 0.17
        by = viewer(self.lead)
        made = finding(
            self.plant,
            by,
            reach=reach,
            marking=marking,
            title=self.word(seen, "title"),
            description=self.word(seen, "text"),
            place=self.word(self.kept_back, "place"),
            latitude=12.345671,
            longitude=98.765431,
            cost=f"{cost:.2f}",
        )
        self.kept_back += [f"{cost:.2f}", "12.34", "98.76"]
        values = step_values(self.worker.user)
        for name in ("measure", "means", "fallback"):
            values[name] = self.word(seen, name)
        for action in (Action.TRIAGE, Action.ASSIGN):
            made = rooms.move(by, made, action, values, made.version)
        rooms.comment(by, made, self.word(seen, "note"))
        return made

    def _other_things(self) -> None:
        """Plant in equipment, rounds, reports from phones, rooms, studies, escalation chains and drafts of imports."""
        by, of = viewer(self.lead), self.secrets
        names = {"name_en": self.word(of, "machine"), "name_zh": self.word(of, "kiln"), "code": self.word(of, "code")}
        machine = equipment(self.plant, by, **names, place=self.word(of, "place"), site_name=self.word(of, "plant"))
        lines = ({**CHECK, "text": self.word(of, "line")}, {**READING, "unit": self.word(of, "bar")})
        used = checklist(machine, by, *lines, name=self.word(of, "list"))
        told = {"title": self.word(of, "call"), "what": self.word(of, "told")}
        kept_room = room(self.plant, by, title=self.word(of, "room"), description=self.word(of, "storm"))
        place = room_work_services.affect(by, kept_room, Affected.SITE, self.word(of, "site"))
        room_work_services.write(by, kept_room, EntryKind.FACT, self.word(of, "fact"))
        room_report_services.make_report(by, kept_room, self.word(of, "view"))
        study = asked(by, self.plant, title=self.word(of, "study"))
        content = f"key,title\n1,{self.word(of, 'content')}\n".encode()
        draft = import_services.keep_draft(by, self.plant, self.word(of, "file"), content)
        self.unlinked += [word for word in of if word.startswith("zqcontent")]
        begun = round_begun(machine, by, used)
        self.others = [
            *(machine, used, begun, evidence_services.receive(Actor(), machine, told)),
            *(kept_room, place, study),
            *sow(self, machine, begun),
            draft,
        ]

    def readers(self) -> dict[str, tuple[Client, list[str]]]:
        """Return the outsiders, each with what must never come before their eyes."""
        titles = {"shared": self.shared, "open": self.open}
        unseen = {name: [item.title, item.description, item.measure, item.fallback] for name, item in titles.items()}
        return {
            "stranger": (client_of(self.stranger), [*self.secrets, *self.kept_back, *unseen["shared"]]),
            "neighbor": (client_of(self.neighbor), [*self.secrets, *self.kept_back, *unseen["shared"]]),
            "partner": (client_of(self.partner), [*self.secrets, *self.kept_back]),
            "anonymous": (Client(), [*self.secrets, *self.kept_back, *unseen["shared"], *unseen["open"]]),
        }

    def identifiers(self) -> list[object]:
        """List an identifier of everything there is."""
        things = [self.plant, self.unit, self.lead, self.group, self.invitation, self.hidden, self.red, self.shared]
        others = [self.open, self.given, self.own, self.lead.user, self.stranger.organization, self.stranger]
        return [thing.pk for thing in [*things, *others, *self.others]]


def organizations_of(planted: Planted) -> list[Organization]:
    """List the organizations that filters can ask for."""
    return [planted.plant, planted.unit, planted.partner.organization, planted.stranger.organization]
