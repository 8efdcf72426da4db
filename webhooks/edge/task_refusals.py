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
    TaskRefusal.TOO_EARLY: "It begins later; perhaps it was moved since.",
    TaskRefusal.WANTS_PHOTO: "It is done with a picture alone.",
    TaskRefusal.NO_PHOTO: "What was sent is no picture.",
}
"""What needs no name."""


def status_of(refused: TaskRefused) -> int:
    """The HTTP status of a refusal; 409 where the task itself is in the way."""
    return _STATUS.get(refused.why, 409)


def sentence_of(refused: TaskRefused) -> str:
    """What was in the way, and what to do."""
    named, known = refused.named, refused.task
    match refused.why:
        case why if why in _SENTENCES:
            return _SENTENCES[why]
        case TaskRefusal.NO_SUCH_PERSON:
            return f"Nobody of `staff` in the business file has the id {named or '(none given)'}."
        case TaskRefusal.NO_SUCH_PLACE:
            return f"The business file has no place {named}."
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
