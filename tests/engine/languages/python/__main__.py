"""The program of the tests of languages in Python: declares what `PROGRAM` (JSON) says, as `tests/engine/program` does in
JavaScript. It goes on after what is refused, and fails at its end."""

import json
import os
import re
from typing import Any, Callable

import pulumi
import pulumi_atlas_secrets as atlas

program = json.loads(os.environ["PROGRAM"])


class SignIn(pulumi.CustomResource):
    """A consumer that signs in with a secret whenever the value changes."""

    def __init__(self, name: str, inputs: dict[str, Any]) -> None:
        super().__init__("pulumi-nodejs:dynamic/test:SignIn", name, {**inputs, "__provider": os.environ["SIGN_IN"]})


class Component(pulumi.ComponentResource):
    """Below it stands what a component holds."""

    def __init__(self, name: str) -> None:
        super().__init__("test:Component", name)


def to_snake(name: str) -> str:
    return re.sub("[A-Z]", lambda letter: f"_{letter[0].lower()}", name)


def to_arguments(values: dict[str, Any], account: type[Any], outputs: bool = False) -> dict[str, Any]:
    named = {to_snake(key): value for key, value in values.items()}
    if "accounts" in named:
        named["accounts"] = {key: account(**to_arguments(one, account, outputs)) for key, one in named["accounts"].items()}
    if "triggers" in named:
        named["triggers"] = {
            key: pulumi.Output.secret(value) if key.startswith("secret") else value
            for key, value in named["triggers"].items()
        }
    if outputs and "client_id" in named:
        named["client_id"] = pulumi.Output.from_input(named["client_id"])
    return named


def retrying(times: int) -> Callable[[pulumi.ErrorHookArgs], bool]:
    return lambda failed: len(failed.errors) <= times


providers = {
    name: atlas.AtlasProvider(name, **to_arguments(args, dict)) for name, args in program.get("providers", {}).items()
}
if "planted" in program:
    print(program["planted"])
    pulumi.log.debug(program["planted"])

components: dict[str, Component] = {}


def declare(name: str, declared: dict[str, Any]) -> None:
    class_name = declared.get("class", "ProjectServiceAccountSecret")
    account = atlas.OrganizationSetAccountArgs if class_name == "ServiceAccountSecretSet" else atlas.ProjectSetAccountArgs
    arguments = to_arguments(declared["args"], account, declared.get("outputs", False))
    parent = declared.get("component")
    if parent is not None and parent not in components:
        components[parent] = Component(parent)
    opts = pulumi.ResourceOptions(
        provider=providers.get(declared.get("provider")), parent=components.get(parent or ""), **declared.get("options", {})
    )
    retries = declared.get("retries", 0)
    if retries > 0:
        opts.hooks = pulumi.ResourceHookBinding(on_error=[pulumi.ErrorHook(f"{name}-retry", retrying(retries))])
    resource: Any = getattr(atlas, class_name)(name, opts=opts, **arguments)
    if "accounts" in arguments:
        pulumi.export(f"{name}-audit", atlas.audit_records([resource]))
        pulumi.export(f"{name}-statusCounts", resource.status_counts)
        pulumi.export(f"{name}-secrets", resource.secrets)
        return
    if program.get("consumers") is not False:
        base_url = os.environ["MONGODB_ATLAS_BASE_URL"]
        consumed = {"baseUrl": base_url, "clientId": resource.client_id, "secret": resource.secret, "isFailing": False}
        SignIn(f"{name}-consumer", consumed)
    pulumi.export(f"{name}-audit", atlas.audit_record(resource))
    pulumi.export(f"{name}-secret", resource.secret)
    pulumi.export(f"{name}-secretId", resource.secret_id)


refusals: list[str] = []
for name, declared in program["secrets"].items():
    try:
        declare(name, declared)
    except pulumi.RunError as refusal:
        refusals.append(str(refusal))
if refusals:
    raise pulumi.RunError("\n".join(refusals))
