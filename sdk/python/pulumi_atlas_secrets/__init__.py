"""Secrets of MongoDB Atlas service accounts as Pulumi resources.

It only registers: every rule, default and decision is in the Node.js package pulumi-atlas-secrets, which the engine loads from the
node_modules beside the program's Pulumi.yaml.
"""

from ._audit_record import audit_record, audit_records
from ._provider import AtlasProvider
from ._resources import (
    OrganizationSetAccountArgs,
    ProjectServiceAccountSecret,
    ProjectServiceAccountSecretArgs,
    ProjectServiceAccountSecretSet,
    ProjectServiceAccountSecretSetArgs,
    ProjectSetAccountArgs,
    RotatingProjectServiceAccountSecret,
    RotatingProjectServiceAccountSecretArgs,
    RotatingServiceAccountSecret,
    RotatingServiceAccountSecretArgs,
    ServiceAccountSecret,
    ServiceAccountSecretArgs,
    ServiceAccountSecretSet,
    ServiceAccountSecretSetArgs,
)

__all__ = [
    "AtlasProvider",
    "OrganizationSetAccountArgs",
    "ProjectServiceAccountSecret",
    "ProjectServiceAccountSecretArgs",
    "ProjectServiceAccountSecretSet",
    "ProjectServiceAccountSecretSetArgs",
    "ProjectSetAccountArgs",
    "RotatingProjectServiceAccountSecret",
    "RotatingProjectServiceAccountSecretArgs",
    "RotatingServiceAccountSecret",
    "RotatingServiceAccountSecretArgs",
    "ServiceAccountSecret",
    "ServiceAccountSecretArgs",
    "ServiceAccountSecretSet",
    "ServiceAccountSecretSetArgs",
    "audit_record",
    "audit_records",
]
