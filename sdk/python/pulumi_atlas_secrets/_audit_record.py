"""The value-free record of a secret for stack outputs: who, which secret, until when. Its properties are those of
audit-record.schema.json of the Node.js package, for whatever reads it."""

from typing import Any, Mapping, Optional, Sequence, Union

import pulumi

from ._constants import AUDITED
from ._resources import (
    ProjectServiceAccountSecret,
    ProjectServiceAccountSecretSet,
    RotatingProjectServiceAccountSecret,
    RotatingServiceAccountSecret,
    ServiceAccountSecret,
    ServiceAccountSecretSet,
)

Secret = Union[
    ProjectServiceAccountSecret,
    ServiceAccountSecret,
    RotatingProjectServiceAccountSecret,
    RotatingServiceAccountSecret,
]
SecretSet = Union[ProjectServiceAccountSecretSet, ServiceAccountSecretSet]


def audit_record(resource: Secret) -> pulumi.Output[dict[str, Any]]:
    """The record of one resource, meant for `pulumi.export("audit", audit_record(backend))`.

    It is never a Pulumi secret, also when an id was given as one: nothing in it is confidential.
    """
    outputs = {name: getattr(resource, attribute, None) for attribute, name in AUDITED}
    known = pulumi.Output.all(resource.urn, pulumi.Output.from_input(outputs))
    return pulumi.Output.unsecret(known).apply(lambda args: _to_record(_to_name(args[0]), args[1]))


def audit_records(resources: Sequence[Union[Secret, SecretSet]]) -> pulumi.Output[list[dict[str, Any]]]:
    """The records of several resources, in their order; a set has one for each of its accounts, named `set[account]`."""
    lists = [
        _audit_set(resource)
        if isinstance(resource, (ProjectServiceAccountSecretSet, ServiceAccountSecretSet))
        else audit_record(resource).apply(lambda record: [record])
        for resource in resources
    ]
    return pulumi.Output.all(*lists).apply(lambda found: [record for records in found for record in records])


def _audit_set(resource: SecretSet) -> pulumi.Output[list[dict[str, Any]]]:
    def to_records(known: Sequence[Any]) -> list[dict[str, Any]]:
        name = _to_name(known[0])
        current: Mapping[str, Mapping[str, Any]] = known[1] or {}
        removed: Optional[Mapping[str, Mapping[str, Any]]] = known[2]
        # Sorted, since maps come from the engine in any order, and an output that changes by itself looks like news.
        entries = sorted(current.items()) + sorted(
            ((record["clientId"], record) for record in (removed or {}).values()), key=lambda entry: entry[0]
        )
        return [_to_record(f"{name}[{key}]", record) for key, record in entries]

    known = pulumi.Output.all(resource.urn, resource.records, resource.removed_records)
    return pulumi.Output.unsecret(known).apply(to_records)


def _to_name(urn: str) -> str:
    return urn.split("::", 3)[-1]


def _to_record(name: str, values: Mapping[str, Any]) -> dict[str, Any]:
    present = {key: _to_json(values[key]) for _, key in AUDITED if values.get(key) is not None}
    return {"name": name, **present}


def _to_json(value: Any) -> Any:
    """The engine passes every number as a float."""
    return int(value) if isinstance(value, float) and value.is_integer() else value
