"""Values of the guests that tables, rules and the schema share."""

from kit.enums import DescribedEnum


class OccasionKind(DescribedEnum):
    """What is celebrated."""

    WEDDING = "WEDDING", "A wedding."
    TOURNAMENT_DINNER = "TOURNAMENT_DINNER", "The dinner of a tournament."
    MEMBER_GUEST_DAY = "MEMBER_GUEST_DAY", "A day on which members bring guests."
    PARTY = "PARTY", "A birthday, an anniversary, a party of another kind."
    MEETING = "MEETING", "A meeting, a seminar, an assembly."


class OccasionStatus(DescribedEnum):
    """How far an occasion has come."""

    DRAFT = "DRAFT", "Being prepared: guests are told of nothing yet."
    PUBLISHED = "PUBLISHED", "Guests may open their invitations, and answer them until the deadline."
    CLOSED = "CLOSED", "Over: it can be read, and nothing of it changes any more unless it is published again."


class QuestionKind(DescribedEnum):
    """How a question is answered."""

    TEXT = "TEXT", "By a text of up to 500 characters."
    CHOICE = "CHOICE", "By one of its choices."
    YES_NO = "YES_NO", "By yes or no."


class AgeGroup(DescribedEnum):
    """How old a guest is, as far as chairs and meals ask."""

    ADULT = "ADULT", "A grown-up."
    CHILD = "CHILD", "A child with a chair of its own."
    INFANT = "INFANT", "A small child, who takes no place and no seat unless it is given one."


class Diet(DescribedEnum):
    """What a guest eats, or must not eat."""

    VEGETARIAN = "VEGETARIAN", "No meat and no fish."
    VEGAN = "VEGAN", "Nothing of animals."
    PESCATARIAN = "PESCATARIAN", "Fish, and no meat."
    HALAL = "HALAL", "Halal."
    KOSHER = "KOSHER", "Kosher."
    GLUTEN_FREE = "GLUTEN_FREE", "Without gluten."
    LACTOSE_FREE = "LACTOSE_FREE", "Without lactose."
    NUT_ALLERGY = "NUT_ALLERGY", "An allergy to nuts."
    SHELLFISH_ALLERGY = "SHELLFISH_ALLERGY", "An allergy to shellfish."
    OTHER = "OTHER", "Something else, which the note says."


class Need(DescribedEnum):
    """What a guest needs at the table or on the way to it."""

    WHEELCHAIR = "WHEELCHAIR", "A place for a wheelchair."
    HIGH_CHAIR = "HIGH_CHAIR", "A high chair."
    OTHER = "OTHER", "Something else, which the note says."


class RsvpStatus(DescribedEnum):
    """What was answered to an invitation, for one guest and one part."""

    PENDING = "PENDING", "Not answered yet."
    ACCEPTED = "ACCEPTED", "Will come, and has a place."
    DECLINED = "DECLINED", "Will not come."
    WAITLISTED = "WAITLISTED", "Would come, and waits until there is room."


class TableShape(DescribedEnum):
    """The form of a table, for a chart."""

    ROUND = "ROUND", "A round table."
    RECTANGULAR = "RECTANGULAR", "A long table."
    SQUARE = "SQUARE", "A square table."


class SeatingRuleKind(DescribedEnum):
    """How two guests, or two households, are to sit."""

    TOGETHER = "TOGETHER", "At one table."
    APART = "APART", "At different tables."


class SeatingFlaw(DescribedEnum):
    """What can be wrong with a seating."""

    UNSEATED = "UNSEATED", "Somebody who comes, or has not answered, has no seat."
    APART_BROKEN = "APART_BROKEN", "Some sit at one table who are to sit apart."
    NOT_ACCESSIBLE = "NOT_ACCESSIBLE", "Somebody in a wheelchair sits at a table that one cannot get to."
    TOGETHER_BROKEN = "TOGETHER_BROKEN", "Some sit at several tables who are to sit together."
    HOUSEHOLD_SPLIT = "HOUSEHOLD_SPLIT", "A household sits at several tables."
    VIP_ELSEWHERE = "VIP_ELSEWHERE", "A VIP sits at a table that is not for VIPs, although there are such."


class ActivityKind(DescribedEnum):
    """What somebody did, as the record of an occasion has it."""

    OCCASION_CREATED = "OCCASION_CREATED", "Made the occasion."
    OCCASION_UPDATED = "OCCASION_UPDATED", "Changed the occasion or its parts."
    OCCASION_PUBLISHED = "OCCASION_PUBLISHED", "Published the occasion."
    OCCASION_CLOSED = "OCCASION_CLOSED", "Closed the occasion."
    HOUSEHOLD_ADDED = "HOUSEHOLD_ADDED", "Invited a household."
    HOUSEHOLD_UPDATED = "HOUSEHOLD_UPDATED", "Changed a household."
    HOUSEHOLD_DELETED = "HOUSEHOLD_DELETED", "Took a household off the list."
    HOUSEHOLDS_MERGED = "HOUSEHOLDS_MERGED", "Made one household of two."
    GUESTS_ADDED = "GUESTS_ADDED", "Added guests."
    GUESTS_UPDATED = "GUESTS_UPDATED", "Changed guests."
    GUESTS_DELETED = "GUESTS_DELETED", "Took guests off the list."
    GUESTS_COPIED = "GUESTS_COPIED", "Took households over from another occasion."
    GUESTS_IMPORTED = "GUESTS_IMPORTED", "Imported guests from a file."
    GUEST_EXPORTED = "GUEST_EXPORTED", "Had all written out that is held of a guest."
    GUEST_ERASED = "GUEST_ERASED", "Erased all that was held of a guest."
    RSVP_SUBMITTED = "RSVP_SUBMITTED", "Answered an invitation."
    RSVP_SET_ON_BEHALF = "RSVP_SET_ON_BEHALF", "Answered an invitation for a household."
    MOVED_UP = "MOVED_UP", "Got places that came free."
    LISTING_CHANGED = "LISTING_CHANGED", "Joined or left the directory."
    INVITATION_REISSUED = "INVITATION_REISSUED", "Gave a household a new code."
    INVITATIONS_SENT = "INVITATIONS_SENT", "Sent invitations or reminders."
    INVITATION_OPENED = "INVITATION_OPENED", "Opened the invitation for the first time."
    UNSUBSCRIBED = "UNSUBSCRIBED", "Asked for no more e-mails."
    TABLES_CHANGED = "TABLES_CHANGED", "Added, changed or removed tables."
    SEATING_CHANGED = "SEATING_CHANGED", "Seated guests, or took their seats."
    SEATING_RULES_CHANGED = "SEATING_RULES_CHANGED", "Changed the rules of the seating."
    SEATING_REVEALED = "SEATING_REVEALED", "Showed guests their tables."
    SEATING_HIDDEN = "SEATING_HIDDEN", "Took it back that guests see their tables."
    REQUEST_CREATED = "REQUEST_CREATED", "Asked for something."
    REQUEST_UPDATED = "REQUEST_UPDATED", "Worked on a request."
    POST_ADDED = "POST_ADDED", "Posted something."
    POST_MODERATED = "POST_MODERATED", "Looked over a post."
    POST_DELETED = "POST_DELETED", "Deleted a post."
    MUSIC_VOTED = "MUSIC_VOTED", "Voted for a piece of music."
    MUSIC_UNVOTED = "MUSIC_UNVOTED", "Took back a vote for a piece of music."
    CHECKED_IN = "CHECKED_IN", "Checked guests in at the door."
    CHECK_IN_UNDONE = "CHECK_IN_UNDONE", "Took back a check-in."
    CODE_ROTATED = "CODE_ROTATED", "Gave a guest a new code for the door."


class Duplicates(DescribedEnum):
    """What becomes of a row of a file whose guest is on the list already."""

    REFUSE = "REFUSE", "It is a bad row: nothing is imported."
    SKIP = "SKIP", "It is passed over."
    UPDATE = "UPDATE", "The guest on the list is changed to what it says; its empty cells change nothing."


class LetterKind(DescribedEnum):
    """What a household is written about."""

    INVITATION = "INVITATION", "The invitation, with the code that opens it."
    RSVP_REMINDER = "RSVP_REMINDER", "The deadline is near, and somebody has not answered."
    RSVP_ACCEPTED = "RSVP_ACCEPTED", "Places have come free for who waited."
    SEATING_REVEALED = "SEATING_REVEALED", "The tables can be seen."


class PostKind(DescribedEnum):
    """What guests may post."""

    MUSIC = "MUSIC", "A piece of music that they would like to hear, for which other guests vote."
    GALLERY = "GALLERY", "A picture."
    GUESTBOOK = "GUESTBOOK", "An entry in the guestbook."
    TRIBUTE = "TRIBUTE", "Words for those who are celebrated."


class PostStatus(DescribedEnum):
    """Who sees a post."""

    PENDING = "PENDING", "Not looked at yet: those who plan the occasion see it, and the household that it is of."
    APPROVED = "APPROVED", "All guests see it."
    HIDDEN = "HIDDEN", "Not shown: those who plan the occasion see it, and the household that it is of."


class RequestStatus(DescribedEnum):
    """How far a guest's request has come."""

    OPEN = "OPEN", "Nobody has taken it up yet."
    IN_PROGRESS = "IN_PROGRESS", "Somebody works on it."
    DONE = "DONE", "It was met, or is no longer needed."
    DECLINED = "DECLINED", "It cannot be met."
