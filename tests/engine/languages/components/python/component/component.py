"""A component that holds one of our resources, for programs in any language: what `pulumi package add` would start."""

import sys
from typing import Any, Optional

import pulumi
import pulumi.provider
import pulumi_atlas_secrets as atlas


class Backend(pulumi.ComponentResource):
    def __init__(self, name: str, args: pulumi.Inputs, opts: Optional[pulumi.ResourceOptions]) -> None:
        super().__init__("shop:index:Backend", name, {}, opts)
        inner = atlas.RotatingProjectServiceAccountSecret(
            f"{name}-secret",
            project_id=args["projectId"],
            client_id=args["clientId"],
            secret_expires_after_hours=pulumi.Output.from_input(args["secretExpiresAfterHours"]).apply(int),
            opts=pulumi.ResourceOptions(parent=self),
        )
        self.secret = inner.secret
        self.register_outputs({"secret": self.secret})


class Provider(pulumi.provider.Provider):
    def construct(self, name: str, resource_type: str, inputs: Any, options: Any = None) -> pulumi.provider.ConstructResult:
        backend = Backend(name, inputs, options)
        return pulumi.provider.ConstructResult(urn=backend.urn, state={"secret": backend.secret})


pulumi.provider.main(Provider("0.0.1"), sys.argv[1:])
