"""The embedded server's replica set of one member, and its one user."""

from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure

SET_NAME = "janji"
USER = "janji"
NOT_YET_INITIALIZED = 94  # a server error code


def is_primary(client: MongoClient[dict[str, Any]], port: int) -> bool:
    """Whether it takes writes; a server without its set, or at another port than before, is helped on first."""
    # A set of one member: transactions and change streams need a set, never a second member.
    if client.admin.command("hello").get("isWritablePrimary"):
        return True
    member = f"127.0.0.1:{port}"
    try:
        config = client.admin.command("replSetGetConfig")["config"]
    except OperationFailure as error:
        if error.code != NOT_YET_INITIALIZED:
            raise
        members = [{"_id": 0, "host": member}]
        client.admin.command("replSetInitiate", {"_id": SET_NAME, "members": members})
        return False
    if config["members"][0]["host"] != member:  # the old port was taken: the member has moved
        config["members"][0]["host"] = member
        config["version"] += 1
        # Forced: the one member cannot agree with a majority that still looks for it at the old port.
        client.admin.command("replSetReconfig", config, force=True)
    return False


def make_user(client: MongoClient[dict[str, Any]], password: str, roles: tuple[str, ...], fresh: bool) -> None:
    """Makes our user; at a fresh start it takes the password on disk, so that a lost file locks nobody out."""
    exists = bool(client.admin.command("usersInfo", USER)["users"])
    if fresh or not exists:
        verb = "updateUser" if exists else "createUser"
        client.admin.command(verb, USER, pwd=password, roles=list(roles), mechanisms=["SCRAM-SHA-256"])
