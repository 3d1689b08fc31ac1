// Package atlassecrets registers the secrets of MongoDB Atlas service accounts with Pulumi, from programs in Go.
//
// It only registers: every rule, default and decision is in the Node.js package pulumi-atlas-secrets, which the engine loads from the
// node_modules beside the program's Pulumi.yaml.
package atlassecrets

import (
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// secretClass is what the engine is told of a type of resource.
type secretClass struct {
	name          string
	token         string
	provider      string
	isRotating    bool
	secretOutputs []string
}

type secretArgs interface {
	properties() pulumi.Map
}

// register refuses what would lose or show a secret, names the handler, and marks what is secret.
func register(
	ctx *pulumi.Context, class secretClass, name string, args secretArgs, resource pulumi.CustomResource, opts []pulumi.ResourceOption,
) error {
	options, err := pulumi.NewResourceOptions(opts...)
	if err != nil {
		return err
	}
	if err := findProblem(ctx, class, name, options); err != nil {
		return err
	}
	properties, err := claimAccounts(ctx, claimant{class, name, options.Parent}, args)
	if err != nil {
		return err
	}
	properties[providerKey] = pulumi.String(class.provider)
	limit, err := retryLimit(ctx, options)
	if err != nil {
		return err
	}
	opts = append([]pulumi.ResourceOption{pulumi.AdditionalSecretOutputs(class.secretOutputs)}, opts...)
	return ctx.RegisterResource(class.token, name, properties, resource, append(opts, limit...)...)
}

func accountProperties[A secretArgs](accounts map[string]A) pulumi.MapMap {
	all := pulumi.MapMap{}
	for name, account := range accounts {
		all[name] = account.properties()
	}
	return all
}

func describe(class secretClass, name string) string {
	return fmt.Sprintf("%s %s", class.name, name)
}
