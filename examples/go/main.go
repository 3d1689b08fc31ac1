// Command atlas-secret-go declares a secret of a project service account, and a consumer of it.
package main

import (
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
	atlas "pulumi-atlas-secrets.example/sdk/go"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		settings := config.New(ctx, "")
		backend, err := atlas.NewProjectServiceAccountSecret(ctx, "backend", &atlas.ProjectServiceAccountSecretArgs{
			ProjectId:               pulumi.String(settings.Require("projectId")),
			ClientId:                pulumi.String(settings.Require("clientId")),
			SecretExpiresAfterHours: pulumi.Int(settings.RequireInt("secretExpiresAfterHours")),
		})
		if err != nil {
			return err
		}

		// The old secret is deleted only after this has worked with the new one.
		isSignedIn := pulumi.All(backend.ClientId, backend.Secret).ApplyT(func(args []any) (bool, error) {
			return signIn(ctx, args[0].(string), args[1].(string))
		})
		ctx.Export("isSignedIn", isSignedIn)
		ctx.Export("secret", backend.Secret) // encrypted
		ctx.Export("audit", atlas.AuditRecord(backend))
		return nil
	})
}
