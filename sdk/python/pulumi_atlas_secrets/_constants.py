"""Names that the Node.js package has too. Written by tools/sdk/generate.mjs from provider/src/records/description.ts. Do not edit."""

PACKAGE_NAME = "pulumi-atlas-secrets"
PROVIDER_PACKAGE = "pulumi-nodejs"
PROVIDER_KEY = "__provider"
CONFIG_NAMESPACE = "mongodbatlas"
EXPLICIT_KEY = "explicit"
BASE_URL = "https://cloud.mongodb.com"
GOVERNMENT_BASE_URL = "https://cloud.mongodbgov.com"
CLIENT_ID_PATTERN = "^mdb_sa_id_[a-fA-F\\d]{24}$"
AUTONAMING_KEY = "pulumi:autonaming"
CREATES_ONCE = ">=3.264.0"
MOST_TRIES = 20
CONFIDENTIAL_SETTINGS = ("accessToken", "clientSecret", "privateKey",)

# What an audit record holds: the attribute, and its name in the record.
AUDITED = (
    ("project_id", "projectId"),
    ("org_id", "orgId"),
    ("client_id", "clientId"),
    ("secret_id", "secretId"),
    ("status", "status"),
    ("created_at", "createdAt"),
    ("expires_at", "expiresAt"),
    ("rotate_after", "rotateAfter"),
    ("verified_at", "verifiedAt"),
    ("last_used_at", "lastUsedAt"),
    ("generation", "generation"),
    ("promoted_at", "promotedAt"),
    ("previous_secret_id", "previousSecretId"),
    ("previous_expires_at", "previousExpiresAt"),
    ("retire_after", "retireAfter"),
    ("pending_secret_id", "pendingSecretId"),
    ("removed_at", "removedAt"),
)
