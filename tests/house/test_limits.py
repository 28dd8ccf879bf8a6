"""How often each mutation may be done: by its class, or without a limit for a reason."""

from itertools import chain

from auth.limits import Rate
from kit.settings import Settings
from kit.text import camel
from resolvers.root import Mutation, core

GIVES_BACK = "gives back what was counted when it was taken"
SET_UP = "is how a club is set up, by those who run it"
STAFF = "is the staff's work at the desk or on the course, one thing after the other"
PLAY = "happens once in a round: a repeat is refused by its rules before anything is written"
CADDIES = "is the work of the caddies' yard; what a caddie may do of it concerns the caddie alone"
TAKES_BACK = "takes back what was counted when it was given"
PLANNING = "is the work of those who plan an occasion, and bounded by what one may have"
COUNTED = "is counted by its own rule, with the rows that it writes"
MODERATION = "is the work of the clubs' admins, one report after the other"
ENDS_ITSELF = "ends the token that it is done with, unless an admin does it"
OWN = "changes what one alone sees, or two, and nothing when it is repeated"

UNLIMITED = {
    GIVES_BACK: [
        "leaveTeeTime",
        "cancelHostedTeeTime",
        "withdrawJoinRequest",
        "releaseHold",
        "cancelBooking",
        "leaveBooking",
        "leaveWaitlist",
        "declineWaitlistOffer",
        "withdrawBallotEntry",
        "leaveBallotEntry",
    ],
    SET_UP: [
        "createClub",
        "updateClub",
        "setBookingLimits",
        "addPriceClass",
        "updatePriceClass",
        "retirePriceClass",
        "setDepositPolicy",
        "createCourse",
        "updateCourse",
        "setSheetTemplate",
        "generateTeeSheet",
        "regenerateTeeSheets",
        "setSheetSeason",
        "removeSheetSeason",
        "setCourseThresholds",
        "setCaddieSettings",
        "setIndustryRelation",
        "addCart",
        "retireCart",
    ],
    STAFF: [
        "addPlayer",
        "updatePlayer",
        "mergePlayers",
        "deactivatePlayer",
        "reactivatePlayer",
        "addBlock",
        "removeBlock",
        "squeezeTeeTime",
        "delayTeeTimes",
        "updateTeeSheet",
        "addLedgerEntry",
        "askDeposit",
        "waiveDeposit",
        "refundDeposit",
        "setBookingNote",
        "setTeeTimeNote",
        "setTeeSheetNote",
        "cancelBookingGroup",
        "setStandingBooking",
        "endStandingBooking",
        "announceBallot",
        "updateBallot",
        "cancelBallot",
        "drawBallot",
        "issueRainCheck",
        "restoreBooking",
        "splitBooking",
        "movePlayers",
        "mergeBookings",
        "swapBookings",
        "suspendPlay",
        "resumePlay",
        "takeTeeSheetOffline",
        "bringTeeSheetOnline",
        "setCourseStatus",
        "clearCourseStatusOverride",
        "setPlayingConditions",
        "reportLightning",
        "setCartStatus",
        "reserveCart",
        "checkOutCart",
        "returnCart",
    ],
    PLAY: [
        "checkIn",
        "undoCheckIn",
        "markNoShow",
        "undoNoShow",
        "teeOff",
        "undoTeeOff",
        "recordHole",
        "correctHole",
        "endRound",
    ],
    CADDIES: [
        "addCaddie",
        "updateCaddie",
        "deleteCaddie",
        "setCaddieStatus",
        "startTurn",
        "endTurn",
        "skipTurn",
        "undoTurn",
        "assignTurn",
        "answerTurnAssignment",
        "drawCaddieWeek",
    ],
    TAKES_BACK: ["deletePost", "unvoteForMusic", "disconnectGolfers", "unblockGolfer"],
    MODERATION: ["answerGolferReport", "reinstateGolfer", "moderateMessage"],
    COUNTED: ["sendMessage"],
    PLANNING: [
        "moderatePost",
        "createOccasion",
        "updateOccasion",
        "publishOccasion",
        "closeOccasion",
        "addPart",
        "updatePart",
        "deletePart",
        "addHousehold",
        "updateHousehold",
        "deleteHousehold",
        "addGuests",
        "updateGuests",
        "deleteGuests",
        "setRsvpOnBehalf",
        "mergeHouseholds",
        "copyGuests",
        "setGuestListing",
        "eraseGuest",
        "reissueInvitation",
        "checkInGuest",
        "undoGuestCheckIn",
        "addTable",
        "updateTable",
        "deleteTable",
        "seatGuests",
        "arrangeSeats",
        "undoAutoSeat",
        "unseatGuests",
        "swapSeats",
        "lockSeat",
        "unlockSeat",
        "setSeatingRule",
        "removeSeatingRule",
        "revealSeating",
    ],
    OWN: [
        *("recordAttendance", "rateGolfer"),
        *("markNotificationsRead", "answerBuddy", "removeBuddy", "registerPushDevice", "unregisterPushDevice"),
        *("deleteMessage", "markMessagesRead", "eraseGolfer"),
    ],
    ENDS_ITSELF: ["revokeTokens"],
}
LIMITED = {
    Rate.BOOKINGS: {
        "exportGuest",
        "submitRsvp",
        "holdSlots",
        "bookSlots",
        "bookGroup",
        "updateBookingGroup",
        "updateBooking",
        "moveBooking",
        "joinWaitlist",
        "enterBallot",
        "updateBallotEntry",
        "acceptWaitlistOffer",
        "hostTeeTime",
        "updateHostedTeeTime",
        "joinTeeTime",
        "answerJoinRequest",
        "removeParticipant",
    },
    Rate.CODES: {
        "askBuddy",
        "redeemRainCheck",
        "redeemInvitation",
        "rotateCheckInCode",
        "confirmEmail",
        "unsubscribe",
    },
    Rate.IMPORTS: {"autoSeat", "importCaddies", "importGuests", "importPlayers"},
    Rate.UPLOADS: {"uploadPicture"},
    Rate.MESSAGES: {"sendInvitations", "addPost", "voteForMusic", "createGuestRequest", "updateGuestRequest"}
    | {"setNotificationPreferences", "updateGolfer", "connectGolfers", "blockGolfer", "reportGolfer", "reportMessage"},
}


def limits():
    return {camel(f.python_name): f.base_resolver.wrapped_func.limit for f in Mutation.__strawberry_definition__.fields}


def test_every_mutation_is_counted_as_something_or_says_why_not():
    found = limits()
    assert found.keys() == core.mutation_type.fields.keys()
    assert sorted(chain(*UNLIMITED.values())) == sorted(name for name, limit in found.items() if limit is None)
    for rate in Rate:
        assert LIMITED.get(rate, set()) == {name for name, limit in found.items() if limit is rate}


def test_every_class_has_a_setting_that_says_what_it_counts():
    settings = {name for name in Settings.model_fields if name.startswith("rate_limit_")}
    assert settings == {f"rate_limit_{rate}" for rate in Rate} | {
        "rate_limit_staff_factor",
        "rate_limit_address_factor",
    }
