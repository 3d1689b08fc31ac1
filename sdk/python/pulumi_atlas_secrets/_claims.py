"""Refuses a program that declares an account exclusive for one resource, or rotates its secret, and declares a second resource on it.

`exclusive` lets an untracked live secret be deleted for its slot, and the engine tells a provider about resources one at a time: the
second resource's recorded secret would look untracked. A rotating resource needs both slots.
"""

import re
from typing import Any, Mapping, NamedTuple, Optional
from weakref import WeakKeyDictionary

import pulumi
from pulumi.runtime.settings import get_monitor

from ._constants import CLIENT_ID_PATTERN


class Claimant(NamedTuple):
    """The resource that claims an account. Class, parent and name together tell it from all others, as in its URN."""

    class_name: str
    name: str
    parent: Optional[pulumi.Resource]
    is_rotating: bool


# By client id, who claims it, and whether for itself alone.
Claims = dict[str, dict[Claimant, bool]]

# By run of a program: the Automation API runs several in one process, and each test with mocks is a run of its own.
_claims_of_runs: "WeakKeyDictionary[Any, Claims]" = WeakKeyDictionary()


def claim_accounts(claimant: Claimant, properties: Mapping[str, Any]) -> dict[str, Any]:
    """Notes which accounts a resource uses, and returns its properties with the client ids to register.

    It raises at once for plain arguments; with outputs, the client id fails, and so does the registration.
    """
    claims = _claims_of_runs.setdefault(get_monitor(), {})
    exclusive = properties.get("exclusive")

    def claim(account: Any) -> Any:
        own = dict(account) if isinstance(account, Mapping) else account.__dict__
        claimed = _claim(claims, claimant, own, exclusive)
        if isinstance(account, Mapping):
            return claimed
        copy = object.__new__(type(account))
        copy.__dict__.update(claimed)
        return copy

    def claim_each(accounts: Mapping[str, Any]) -> dict[str, Any]:
        return {key: _when_known(account, claim) for key, account in accounts.items()}

    if "accounts" in properties:
        return {**properties, "accounts": _when_known(properties["accounts"], claim_each)}
    return _claim(claims, claimant, properties, None)


def _claim(claims: Claims, claimant: Claimant, account: Mapping[str, Any], default: Any) -> dict[str, Any]:
    key = "clientId" if "clientId" in account else "client_id"
    client_id, own = account.get(key), account.get("exclusive")
    exclusive = default if own is None else own

    def add(known: Any) -> Any:
        _add(claims, claimant, known[0], bool(known[1]))
        return known[0]

    if client_id is None:
        return dict(account)  # The check says so.
    if isinstance(client_id, str) and (exclusive is None or isinstance(exclusive, bool)):
        return {**account, key: add((client_id, exclusive))}
    return {**account, key: pulumi.Output.all(client_id, exclusive).apply(add)}


def _when_known(value: Any, change: Any) -> Any:
    is_plain = value is None or isinstance(value, Mapping) or hasattr(type(value), "client_id")
    if value is None:
        return None
    return change(value) if is_plain else pulumi.Output.from_input(value).apply(change)


def _add(claims: Claims, claimant: Claimant, client_id: str, is_exclusive: bool) -> None:
    on_account = claims.setdefault(client_id.lower(), {})
    on_account[claimant] = is_exclusive
    if len(on_account) == 1:
        return
    both = " and ".join(f"{one.class_name} {one.name}" for one in on_account)
    # It can be a value in the wrong place: nothing has checked it yet.
    shown = client_id if re.search(CLIENT_ID_PATTERN, client_id) else "[not an id]"
    if any(one.is_rotating for one in on_account):
        raise pulumi.RunError(
            f"Service account {shown} has a rotating secret, which needs both slots of the account, but {both} are both on it. "
            "Declare one of them, or give each its own account."
        )
    if any(on_account.values()):
        raise pulumi.RunError(
            f"Service account {shown} is called exclusive, but {both} are both on it, and one could delete the other's secret. "
            "Declare one secret on it, or leave exclusive out."
        )
