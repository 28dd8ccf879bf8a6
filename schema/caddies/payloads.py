"""Payloads of the caddies."""

from schema.caddies.types.people import Caddie, CaddieImport, CaddieSettings
from schema.caddies.types.queues import CaddieDraw
from schema.caddies.types.turns import Turn
from schema.describe import output
from schema.payloads import Payload


@output
class AddCaddiePayload(Payload):
    """The answer to `addCaddie`."""

    results = ("caddie",)
    caddie: Caddie | None = None
    """The caddie."""


@output
class UpdateCaddiePayload(Payload):
    """The answer to `updateCaddie`."""

    caddie: Caddie | None = None
    """The caddie."""


@output
class DeleteCaddiePayload(Payload):
    """The answer to `deleteCaddie`."""

    caddie: Caddie | None = None
    """The caddie, who is not active any more."""


@output
class SetCaddieStatusPayload(Payload):
    """The answer to `setCaddieStatus`."""

    caddie: Caddie | None = None
    """The caddie."""


@output
class StartTurnPayload(Payload):
    """The answer to `startTurn`."""

    results = ("turn",)
    turn: Turn | None = None
    """The turn that was started."""


@output
class EndTurnPayload(Payload):
    """The answer to `endTurn`."""

    turn: Turn | None = None
    """The turn, which is a loop now."""


@output
class SkipTurnPayload(Payload):
    """The answer to `skipTurn`."""

    turn: Turn | None = None
    """The turn that was skipped."""


@output
class UndoTurnPayload(Payload):
    """The answer to `undoTurn`."""

    turn: Turn | None = None
    """The turn, as it was before; UNDONE where there was none."""


@output
class AssignTurnPayload(Payload):
    """The answer to `assignTurn`."""

    results = ("turn",)
    turn: Turn | None = None
    """The turn."""


@output
class AnswerTurnAssignmentPayload(Payload):
    """The answer to `answerTurnAssignment`."""

    turn: Turn | None = None
    """The turn."""


@output
class DrawCaddieWeekPayload(Payload):
    """The answer to `drawCaddieWeek`."""

    caddie_draw: CaddieDraw | None = None
    """The draw."""


@output
class ImportCaddiesPayload(Payload):
    """The answer to `importCaddies`."""

    results = ("caddie_import",)
    caddie_import: CaddieImport | None = None
    """What was imported."""


@output
class SetCaddieSettingsPayload(Payload):
    """The answer to `setCaddieSettings`."""

    settings: CaddieSettings | None = None
    """The settings that hold from now on."""
