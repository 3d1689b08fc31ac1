"""Keeps `hooks.on_error` of a program from losing a secret: once hooks have asked for the hundredth try, the engine forgets what all of
them saved, what the resource had before included; and before 3.264 it repeats a creation that saved a secret as another creation."""

from copy import copy
from itertools import count

import pulumi
from pulumi.runtime.settings import require_pulumi_version

from ._constants import CREATES_ONCE, MOST_TRIES, PACKAGE_NAME

# A hook's name is its own within a run.
_numbers = count(1)


def with_retry_limit(opts: pulumi.ResourceOptions) -> pulumi.ResourceOptions:
    """The options with a hook of ours after those of the program; as they are when it has none."""
    on_error = opts.hooks.on_error if opts.hooks is not None else None
    if opts.hooks is None or not on_error:
        return opts
    limited, hooks = copy(opts), copy(opts.hooks)
    hooks.on_error = [*on_error, pulumi.ErrorHook(f"{PACKAGE_NAME}-{next(_numbers)}", limit_retries)]
    limited.hooks = hooks
    return limited


def limit_retries(args: pulumi.ErrorHookArgs) -> bool:
    """Asks for no try itself. What it raises ends them, and is shown in place of the failure."""
    newest = args.errors[0] if args.errors else ""
    if len(args.errors) >= MOST_TRIES:
        raise RuntimeError(f"{newest} It is not tried again after {MOST_TRIES} times.")
    if args.failed_operation != "create":
        return False
    try:
        require_pulumi_version(CREATES_ONCE)
    except Exception as error:
        raise RuntimeError(f"{newest} hooks.on_error repeats a creation only with Pulumi CLI {CREATES_ONCE}.") from error
    return False
