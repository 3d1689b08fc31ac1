"""What every class does before it is registered: it refuses what would lose or show a secret, names its handler and marks what is
secret. All behavior is in the handlers of the Node.js package."""

from typing import Any, Mapping, NamedTuple, Optional, Sequence, TypeVar

import pulumi

from ._claims import Claimant, claim_accounts
from ._constants import PROVIDER_KEY
from ._guards import assert_usable
from ._retry_limit import with_retry_limit

Args = TypeVar("Args")


class SecretClass(NamedTuple):
    """What the engine is told of a class."""

    name: str
    token: str
    provider: str
    is_rotating: bool
    secret_outputs: Sequence[str]
    outputs: Sequence[str]


def split_arguments(
    args_class: type[Args], positional: Sequence[Any], named: Mapping[str, Any]
) -> tuple[Args, pulumi.ResourceOptions]:
    """The arguments of a constructor, which takes them as one object or by their names, and the options."""
    rest = dict(named)
    given = list(positional)
    args = rest.pop("args", None)
    if args is None and given and isinstance(given[0], args_class):
        args = given.pop(0)
    opts = given.pop(0) if given else rest.pop("opts", None)
    if given or (args is not None and rest):
        raise TypeError(f"give {args_class.__name__}, or its properties by name, and opts")
    return args if args is not None else args_class(**rest), opts or pulumi.ResourceOptions()


def prepare(
    secret_class: SecretClass, name: str, args: Any, opts: pulumi.ResourceOptions
) -> tuple[str, str, Any, pulumi.ResourceOptions]:
    """What the SDK registers a resource with."""
    assert_usable(f"{secret_class.name} {name}", opts)
    claimant = Claimant(secret_class.name, name, opts.parent, secret_class.is_rotating)
    properties = object.__new__(type(args))
    properties.__dict__.update(dict.fromkeys(secret_class.outputs))
    properties.__dict__.update(claim_accounts(claimant, args.__dict__))
    properties.__dict__[PROVIDER_KEY] = secret_class.provider
    secret = pulumi.ResourceOptions(additional_secret_outputs=list(secret_class.secret_outputs))
    return secret_class.token, name, properties, with_retry_limit(merge(opts, secret))


def merge(opts: pulumi.ResourceOptions, more: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """Options with more of them."""
    merged: Optional[pulumi.ResourceOptions] = pulumi.ResourceOptions.merge(opts, more)
    return merged if merged is not None else more
