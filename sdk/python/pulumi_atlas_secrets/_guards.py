"""Refuses, before anything is registered, options and settings with which a secret would be lost or a credential shown, and a program
whose handlers would not be found."""

import shutil
import sys
from pathlib import Path

import pulumi
from pulumi.runtime.config import get_config, is_config_secret

from ._constants import CONFIDENTIAL_SETTINGS, CONFIG_NAMESPACE, PACKAGE_NAME, PROVIDER_PACKAGE


def assert_usable(what: str, opts: pulumi.ResourceOptions) -> None:
    """Raises `pulumi.RunError` with what is wrong and what to do."""
    _assert_options_usable(what, opts)
    _assert_handlers_found()
    _assert_credentials_encrypted()


def _assert_options_usable(what: str, opts: pulumi.ResourceOptions) -> None:
    taken = "import_" if opts.import_ is not None else "id" if opts.id is not None else None
    if taken is not None:
        raise pulumi.RunError(
            f"{what}: the option {taken} cannot take over a secret, since Atlas shows its value only once. Leave it out and run "
            "'atlas-secrets adopt --help' (npm package pulumi-atlas-secrets-cli): adopt makes the file for 'pulumi import --file'."
        )
    provider = opts.provider
    if provider is not None and provider.package != PROVIDER_PACKAGE:
        raise pulumi.RunError(
            f"{what}: its provider is one of package {provider.package}, which knows nothing of it. Give it an AtlasProvider, or none."
        )


def _assert_credentials_encrypted() -> None:
    for name in CONFIDENTIAL_SETTINGS:
        key = f"{CONFIG_NAMESPACE}:{name}"
        if get_config(key) is not None and not is_config_secret(key):
            raise pulumi.RunError(
                f"{key} is stored in plaintext in the stack configuration. Encrypt it: pulumi config set --secret {key} "
                "(and replace the credential at Atlas if the file was committed)."
            )


def _assert_handlers_found() -> None:
    """Looks where the engine looks, in the folder that it starts a program in.

    Only a program that the CLI runs is judged: with mocks nothing is loaded, and an inline program of the Automation API runs in a
    folder of its own.
    """
    if not any("pulumi-language-python-exec" in argument for argument in sys.orig_argv):
        return
    folders = [Path.cwd(), *Path.cwd().parents]
    names = (PACKAGE_NAME, "@pulumi/pulumi")
    has_packages = all(any((folder / "node_modules" / name / "package.json").is_file() for folder in folders) for name in names)
    node = "" if shutil.which("node") else "Node.js, which is not on the PATH, and "
    if has_packages and not node:
        return
    raise pulumi.RunError(
        f"The engine cannot load {PACKAGE_NAME}, which manages these secrets: it needs {node}the npm packages in {Path.cwd()}; run "
        f"'npm install {PACKAGE_NAME} @pulumi/pulumi' there, then 'pulumi up'."
    )
