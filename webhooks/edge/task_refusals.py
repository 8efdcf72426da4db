"""Why a step of a task was refused, as a status and a sentence: the API and the task system's door say the same."""

from typing import Final

from bot.lifecycle.task_steps import TaskRefusal, TaskRefused

_STATUS: Final = {
    TaskRefusal.NO_SUCH_TASK: 404,
    TaskRefusal.NO_SUCH_PERSON: 422,
    TaskRefusal.NO_SUCH_PLACE: 422,
}


_SENTENCES: Final = {
    TaskRefusal.NO_SUCH_TASK: "There is no such task.",
    TaskRefusal.NO_SUCH_PERSON: "Nobody of `staff` in the business file has that id.",
    TaskRefusal.NO_SUCH_PLACE: "The business file has no place of that id.",
    TaskRefusal.PERSON_OFF: "{named} is ill or off at that time: give it to somebody else, or lift the block.",
    TaskRefusal.TOO_EARLY: "It begins later; perhaps it was moved since.",
    TaskRefusal.WANTS_PHOTO: "It is done with a picture alone.",
    TaskRefusal.NO_PHOTO: "What was sent is no picture.",
    TaskRefusal.PHOTO_UNREACHABLE: "The picture that was sent could not be fetched; send it again.",
    TaskRefusal.PHOTO_TOO_LARGE: "The picture that was sent is too large to keep; send a smaller one.",
    TaskRefusal.OFFER_BUSY: "{named} has something else at that time.",
    TaskRefusal.NOT_A_CANDIDATE: "{named} does not do it then and there for that price: change the booking instead.",
    TaskRefusal.OFFER_OVER: "Its booking was called off, or is being moved at this moment.",
}
"""What needs no more than a name."""


def status_of(refused: TaskRefused) -> int:
    """The HTTP status of a refusal; 409 where the task itself is in the way."""
    return _STATUS.get(refused.why, 409)


def sentence_of(refused: TaskRefused) -> str:
    """What was in the way, and what to do."""
    named, known = refused.named, refused.task
    match refused.why:
        case why if why in _SENTENCES:
            return _SENTENCES[why].format(named=named)
        case TaskRefusal.WRONG_ROLE:
            role = None if known is None else known.planned.role
            return f"{named} is no {role}: give it to somebody who is, or give them the role in the business file."
        case TaskRefusal.TAKEN:
            return f"{named} has it; assign it first to whoever does it now."
        case TaskRefusal.DONE:
            return f"It is done already, by {named}; nothing was changed."
        case TaskRefusal.WITHDRAWN:
            return f"It is not wanted any more ({named or 'no reason given'}); nothing was changed."
        case TaskRefusal.WAITS:
            return f"It waits for other work of this booking: {named}."
        case TaskRefusal.BOOKING_NOT_CONFIRMED:
            return f"{named} is not confirmed yet; its tasks are made when it is."
        case TaskRefusal.OF_PROVIDER:
            return f"{named or 'its provider'} provides it: who does changes with the booking alone."
        case _:
            return f"{named} does not take place any more; nothing is to be done for it."
