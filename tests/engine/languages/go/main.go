// Command program is the program of the tests of languages in Go: it declares what PROGRAM (JSON) says, as tests/engine/program does in
// JavaScript. It goes on after what is refused, and fails at its end.
package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"reflect"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	atlas "pulumi-atlas-secrets.example/sdk/go"
)

type values = map[string]any

type declared struct {
	Class     string
	Args      values
	Options   values
	Provider  string
	Component string
	Retries   int
	Outputs   bool
}

type program struct {
	Secrets   map[string]declared
	Providers map[string]values
	Consumers *bool
	Planted   string
}

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		var given program
		if err := json.Unmarshal([]byte(os.Getenv("PROGRAM")), &given); err != nil {
			return err
		}
		if given.Planted != "" {
			fmt.Println(given.Planted)
			if err := ctx.Log.Debug(given.Planted, nil); err != nil {
				return err
			}
		}
		providers := map[string]pulumi.ProviderResource{}
		for name, args := range given.Providers {
			provider, err := atlas.NewAtlasProvider(ctx, name, fill(&atlas.AtlasProviderArgs{}, args, false))
			if err != nil {
				return err
			}
			providers[name] = provider
		}
		components := map[string]pulumi.Resource{}
		var refusals []error
		for _, name := range slices.Sorted(maps.Keys(given.Secrets)) {
			one := given.Secrets[name]
			opts, err := toOptions(ctx, one, providers, components)
			if err != nil {
				return err
			}
			if one.Retries > 0 {
				retry, err := ctx.RegisterErrorHook(name+"-retry", func(args *pulumi.ErrorHookArgs) (bool, error) {
					return len(args.Errors) <= one.Retries, nil
				})
				if err != nil {
					return err
				}
				opts = append(opts, pulumi.ResourceHooks(&pulumi.ResourceHookBinding{OnError: []*pulumi.ErrorHook{retry}}))
			}
			refusals = append(refusals, declare(ctx, name, one, given, opts))
		}
		return errors.Join(refusals...)
	})
}

func toOptions(
	ctx *pulumi.Context, one declared, providers map[string]pulumi.ProviderResource, components map[string]pulumi.Resource,
) ([]pulumi.ResourceOption, error) {
	var opts []pulumi.ResourceOption
	if provider, ok := providers[one.Provider]; ok {
		opts = append(opts, pulumi.Provider(provider))
	}
	if id, ok := one.Options["import_"].(string); ok {
		opts = append(opts, pulumi.Import(pulumi.ID(id)))
	}
	if one.Component == "" {
		return opts, nil
	}
	if components[one.Component] == nil {
		component := &pulumi.ResourceState{}
		if err := ctx.RegisterComponentResource("test:Component", one.Component, component); err != nil {
			return nil, err
		}
		components[one.Component] = component
	}
	return append(opts, pulumi.Parent(components[one.Component])), nil
}

func declare(ctx *pulumi.Context, name string, one declared, given program, opts []pulumi.ResourceOption) error {
	switch one.Class {
	case "", "ProjectServiceAccountSecret":
		args := fill(&atlas.ProjectServiceAccountSecretArgs{}, one.Args, one.Outputs)
		resource, err := atlas.NewProjectServiceAccountSecret(ctx, name, args, opts...)
		return export(ctx, name, given, resource, resource.ClientId, resource.Secret, resource.SecretId, err)
	case "RotatingProjectServiceAccountSecret":
		args := fill(&atlas.RotatingProjectServiceAccountSecretArgs{}, one.Args, one.Outputs)
		resource, err := atlas.NewRotatingProjectServiceAccountSecret(ctx, name, args, opts...)
		return export(ctx, name, given, resource, resource.ClientId, resource.Secret, resource.SecretId, err)
	case "ServiceAccountSecret":
		args := fill(&atlas.ServiceAccountSecretArgs{}, one.Args, one.Outputs)
		resource, err := atlas.NewServiceAccountSecret(ctx, name, args, opts...)
		return export(ctx, name, given, resource, resource.ClientId, resource.Secret, resource.SecretId, err)
	case "RotatingServiceAccountSecret":
		args := fill(&atlas.RotatingServiceAccountSecretArgs{}, one.Args, one.Outputs)
		resource, err := atlas.NewRotatingServiceAccountSecret(ctx, name, args, opts...)
		return export(ctx, name, given, resource, resource.ClientId, resource.Secret, resource.SecretId, err)
	case "ProjectServiceAccountSecretSet":
		args := fill(&atlas.ProjectServiceAccountSecretSetArgs{}, one.Args, one.Outputs)
		set, err := atlas.NewProjectServiceAccountSecretSet(ctx, name, args, opts...)
		if err != nil {
			return err
		}
		ctx.Export(name+"-audit", atlas.AuditRecords(set))
		ctx.Export(name+"-statusCounts", set.StatusCounts)
		ctx.Export(name+"-secrets", set.Secrets)
		return nil
	}
	return fmt.Errorf("the program has no class %s", one.Class)
}

func export(
	ctx *pulumi.Context, name string, given program, resource atlas.Secret, clientID, secret, id pulumi.StringOutput, err error,
) error {
	if err != nil {
		return err
	}
	if given.Consumers == nil || *given.Consumers {
		consumed := pulumi.Map{
			"baseUrl":    pulumi.String(os.Getenv("MONGODB_ATLAS_BASE_URL")),
			"clientId":   clientID,
			"secret":     secret,
			"isFailing":  pulumi.Bool(false),
			"__provider": pulumi.String(os.Getenv("SIGN_IN")),
		}
		var consumer pulumi.CustomResourceState
		if err := ctx.RegisterResource("pulumi-nodejs:dynamic/test:SignIn", name+"-consumer", consumed, &consumer); err != nil {
			return err
		}
	}
	ctx.Export(name+"-audit", atlas.AuditRecord(resource))
	ctx.Export(name+"-secret", secret)
	ctx.Export(name+"-secretId", id)
	return nil
}

// fill sets the fields of arguments by their names in the description.
func fill[A any](args *A, from values, asOutputs bool) *A {
	fillFields(reflect.ValueOf(args).Elem(), from, asOutputs)
	return args
}

func fillFields(fields reflect.Value, from values, asOutputs bool) {
	for key, value := range from {
		field := fields.FieldByName(strings.ToUpper(key[:1]) + key[1:])
		switch value := value.(type) {
		case string:
			if asOutputs && key == "clientId" {
				field.Set(reflect.ValueOf(pulumi.String(value).ToStringOutput()))
			} else {
				field.Set(reflect.ValueOf(pulumi.String(value)))
			}
		case float64:
			field.Set(reflect.ValueOf(pulumi.Int(int(value))))
		case bool:
			field.Set(reflect.ValueOf(pulumi.Bool(value)))
		case []any:
			list := pulumi.StringArray{}
			for _, item := range value {
				list = append(list, pulumi.String(item.(string)))
			}
			field.Set(reflect.ValueOf(list))
		case values:
			if key == "accounts" {
				fillAccounts(field, value)
			} else {
				field.Set(reflect.ValueOf(toTriggers(value)))
			}
		}
	}
}

func fillAccounts(field reflect.Value, accounts values) {
	field.Set(reflect.MakeMap(field.Type()))
	for name, account := range accounts {
		one := reflect.New(field.Type().Elem()).Elem()
		fillFields(one, account.(values), false)
		field.SetMapIndex(reflect.ValueOf(name), one)
	}
}

func toTriggers(given values) pulumi.Map {
	triggers := pulumi.Map{}
	for key, value := range given {
		triggers[key] = pulumi.Any(value)
		if strings.HasPrefix(key, "secret") {
			triggers[key] = pulumi.ToSecret(value)
		}
	}
	return triggers
}
