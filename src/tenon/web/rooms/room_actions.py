"""What can be sent from the pages of a room: each action with its form, the power that it needs, and its service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.forms import Form
from django.http import Http404, HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tenon.web.organizations.policies import Viewer
from tenon.web.organizations.remembering import remembered
from tenon.web.organizations.rules import Hidden, Profile
from tenon.web.rooms import (
    room_forms,
    room_report_services,
    room_services,
    room_study_services,
    room_work_services,
)
from tenon.web.rooms.models import Room
from tenon.web.rooms.room_forms import RoomForm
from tenon.web.rooms.room_rules import Affected, EntryKind, Part, Power, RoomState, RoomStep, room_steps
from tenon.web.rooms.room_selectors import candidates, powers_in
from tenon.web.rooms.services import STALE

__all__ = [
    "PEOPLE_ACTIONS",
    "ROOM_ACTIONS",
    "RoomAction",
    "WrittenForm",
    "forms_of",
    "is_stale",
    "refuse",
    "sent",
    "written",
]

Apply = Callable[[Viewer, Room, Any], None]


@dataclass(frozen=True)
class RoomAction:
    """One action of a page.

    Parameters
    ----------
    form : type of RoomForm
        What is entered.
    apply : callable
        Calls the service with viewer, room and the valid form.
    power : Power, optional
        What is needed for it; the services check by themselves. None where `by_row` or `offered` decides.
    by_row : bool
        Whether it belongs to a row of a table, written by the page itself: there is nothing to type in it.
    offered : callable, optional
        Whether it makes sense as the room stands, from viewer and room.
    """

    form: type[RoomForm]
    apply: Apply
    power: Power | None = None
    by_row: bool = False
    offered: Callable[[Viewer, Room], bool] | None = None


def _write(kind: EntryKind, viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_work_services.write(viewer, room, kind, form.cleaned_data["text"])


def _decide(viewer: Viewer, room: Room, form: RoomForm) -> None:
    data = form.cleaned_data
    room_work_services.decide(viewer, room, data["text"], data["by"], (data["reasons"], data["alternatives"]))


def _task(viewer: Viewer, room: Room, form: RoomForm) -> None:
    data = form.cleaned_data
    room_work_services.give_task(viewer, room, data["title"], data["to"], data["due"])


def _affect(viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_work_services.affect(viewer, room, Affected(form.cleaned_data["kind"]), form.cleaned_data["name"])


def _spare(viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_work_services.spare(viewer, room, form.cleaned_data["place"])


def _attach(viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_work_services.attach(viewer, room, form.cleaned_data["finding"], Profile(form.cleaned_data["profile"]))


def _attach_study(viewer: Viewer, room: Room, form: RoomForm) -> None:
    hides = [Hidden(part) for part in form.cleaned_data["hides"]]
    room_study_services.attach_study(viewer, room, form.cleaned_data["study"], hides)


def _report(viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_report_services.make_report(viewer, room, form.cleaned_data["assessment"])


def _revise(viewer: Viewer, room: Room, form: RoomForm) -> None:
    data = form.cleaned_data
    fields = {name: data[name] for name in ("title", "description", "severity")}
    room_services.revise_room(viewer, room, fields, data["reason"], data["version"])


def _step(step: RoomStep, viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_services.move_room(viewer, room, step, form.cleaned_data["reason"], form.cleaned_data["version"])


def _leads_on(step: RoomStep, _viewer: Viewer, room: Room) -> bool:
    return step in room_steps(RoomState(room.state))


def _stands_open(_viewer: Viewer, room: Room) -> bool:
    return room.state != RoomState.CLOSED


def _bring_in(viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_services.bring_in(viewer, room, form.cleaned_data["organization"])


def _take_out(viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_services.take_out(viewer, room, form.cleaned_data["organization"])


def _send(viewer: Viewer, room: Room, form: room_forms.SendForm) -> None:
    chosen = form.chosen
    room_services.send(viewer, room, chosen.user, chosen.organization, Part(form.cleaned_data["part"]))


def _can_send(viewer: Viewer, room: Room) -> bool:
    return bool(candidates(viewer, room))


def _change_part(viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_services.change_part(viewer, room, form.cleaned_data["participant"], Part(form.cleaned_data["part"]))


def _dismiss(viewer: Viewer, room: Room, form: RoomForm) -> None:
    room_services.dismiss(viewer, room, form.cleaned_data["participant"])


def _hand_over(viewer: Viewer, room: Room, form: RoomForm) -> None:
    data = form.cleaned_data
    room_services.hand_over(viewer, room, data["participant"], data["reason"], data["version"])


def _history(viewer: Viewer, room: Room, _form: RoomForm) -> None:
    room_services.set_history(viewer, room, is_open=not room.group.open_history)


def _step_action(step: RoomStep) -> RoomAction:
    return RoomAction(room_forms.VersionedForm, partial(_step, step), Power.STEER, offered=partial(_leads_on, step))


ROOM_ACTIONS: Mapping[str, RoomAction] = {
    "message": RoomAction(room_forms.WriteForm, partial(_write, EntryKind.MESSAGE), Power.SAY),
    "fact": RoomAction(room_forms.WriteForm, partial(_write, EntryKind.FACT), Power.NOTE),
    "decision": RoomAction(room_forms.DecideForm, _decide, Power.DECIDE),
    "task": RoomAction(room_forms.TaskForm, _task, Power.TASK),
    "affected": RoomAction(room_forms.AffectedForm, _affect, Power.DESCRIBE),
    "spare": RoomAction(room_forms.SpareForm, _spare, Power.DESCRIBE, by_row=True),
    "attach": RoomAction(room_forms.AttachForm, _attach, Power.ATTACH),
    "attach study": RoomAction(room_forms.AttachStudyForm, _attach_study, Power.ATTACH),
    "report": RoomAction(room_forms.SituationForm, _report, Power.REPORT),
    "revise": RoomAction(room_forms.ReviseForm, _revise, Power.STEER, offered=_stands_open),
    "stabilize": _step_action(RoomStep.STABILIZE),
    "worsen": _step_action(RoomStep.WORSEN),
    "reopen": _step_action(RoomStep.REOPEN),
}
PEOPLE_ACTIONS: Mapping[str, RoomAction] = {
    "send": RoomAction(room_forms.SendForm, _send, offered=_can_send),
    "bring in": RoomAction(room_forms.BringInForm, _bring_in, Power.PEOPLE),
    "hand over": RoomAction(room_forms.HandOverForm, _hand_over, Power.HAND_OVER),
    "take out": RoomAction(room_forms.TakeOutForm, _take_out, by_row=True),
    "part": RoomAction(room_forms.PartForm, _change_part, Power.PEOPLE, by_row=True),
    "dismiss": RoomAction(room_forms.ParticipantForm, _dismiss, by_row=True),
    "history": RoomAction(RoomForm, _history, Power.PEOPLE, by_row=True),
}


@dataclass(frozen=True)
class WrittenForm:
    """A form of a page as it was written.

    Parameters
    ----------
    text : SafeString
        Its fields.
    is_bound : bool
        Whether it was sent and refused.
    """

    text: SafeString
    is_bound: bool = False


def written(form: RoomForm) -> WrittenForm:
    """Write the fields of a form.

    Parameters
    ----------
    form : RoomForm
        Fresh, or one that was refused.

    Returns
    -------
    WrittenForm
        In the language of the page.
    """
    return WrittenForm(render_to_string("pages/fields.html", {"form": form}), form.is_bound)


def forms_of(
    actions: Mapping[str, RoomAction], viewer: Viewer, room: Room, given: frozenset[Power]
) -> dict[str, WrittenForm]:
    """Write the forms that a page offers, from memory where nothing was recorded since.

    Parameters
    ----------
    actions : mapping from str to RoomAction
        Of the page.
    viewer : Viewer
        Who looks.
    room : Room
        Which.
    given : frozenset of Power
        What the viewer may do in it.

    Returns
    -------
    dict from str to WrittenForm
        By action, spaces as underscores, as templates name them.
    """
    # The room was read before, and another version of it may have been recorded since.
    question = f"forms of room {room.pk} as of {room.version}, {sorted(given)}: {list(actions)}, {get_language()}"
    return remembered(viewer, question, lambda: _offered(actions, viewer, room, given))


def _offered(
    actions: Mapping[str, RoomAction], viewer: Viewer, room: Room, given: frozenset[Power]
) -> dict[str, WrittenForm]:
    return {
        name.replace(" ", "_"): written(action.form(room=room, viewer=viewer, action=name))
        for name, action in actions.items()
        if not action.by_row
        and (action.power is None or action.power in given)
        and (action.offered is None or action.offered(viewer, room))
    }


def sent(request: HttpRequest, viewer: Viewer, room: Room, actions: Mapping[str, RoomAction]) -> RoomForm | None:
    """Do what was sent.

    Parameters
    ----------
    request : HttpRequest
        With the name of the action in it.
    viewer : Viewer
        Who sends.
    room : Room
        One that the viewer may see.
    actions : mapping from str to RoomAction
        Those that this page takes.

    Returns
    -------
    RoomForm or None
        The form where something was refused, with the reasons; None where it is done.

    Raises
    ------
    Http404
        If there is no such action, or it names something that is not in this room.
    PermissionDenied
        If the viewer's part in the room does not allow it.
    """
    name = request.POST.get("action", "")
    action = actions.get(name)
    if action is None:
        raise Http404
    # Before any form, whose lists of choices are for those who may choose.
    if action.power is not None and action.power not in powers_in(viewer, room):
        raise PermissionDenied(_("Your part in this room does not allow this."))
    form = action.form(request.POST, room=room, viewer=viewer, action=name)
    if not form.is_valid():
        if action.by_row:
            raise Http404
        return form
    try:
        action.apply(viewer, room, form)
    except ValidationError as error:
        refuse(form, error)
        return form
    return None


def refuse(form: Form, error: ValidationError) -> None:
    """Put the reasons of a service into a form, each at its field where the form has it.

    Parameters
    ----------
    form : Form
        What was entered.
    error : ValidationError
        Why it was refused.
    """
    by_field: Mapping[str, list[ValidationError]] = getattr(error, "error_dict", {"": error.error_list})
    for name, reasons in by_field.items():
        for reason in reasons:
            form.add_error(name if name in form.fields else None, reason)


def is_stale(form: Form | None) -> bool:
    """Say whether a form was refused because somebody was quicker.

    Parameters
    ----------
    form : Form, optional
        What was refused.

    Returns
    -------
    bool
        True if so; the answer then has the status 409.
    """
    return form is not None and form.has_error("__all__", STALE)
