"""A secret of a project service account, and a consumer of it."""

import pulumi
import pulumi_atlas_secrets as atlas

from sign_in import sign_in

config = pulumi.Config()

backend = atlas.ProjectServiceAccountSecret(
    "backend",
    project_id=config.require("projectId"),
    client_id=config.require("clientId"),
    secret_expires_after_hours=config.require_int("secretExpiresAfterHours"),
)

# The old secret is deleted only after this has worked with the new one.
pulumi.export("isSignedIn", pulumi.Output.all(backend.client_id, backend.secret).apply(lambda args: sign_in(*args)))
pulumi.export("secret", backend.secret)  # encrypted
pulumi.export("audit", atlas.audit_record(backend))
