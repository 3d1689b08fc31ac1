package atlassecrets

import (
	"strings"
	"sync"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

const (
	projectID = "0123456789abcdef01234567"
	clientID  = "mdb_sa_id_0123456789abcdef01234567"
)

type mocks struct {
	lock       sync.Mutex
	registered []pulumi.MockResourceArgs
}

func (all *mocks) NewResource(args pulumi.MockResourceArgs) (string, resource.PropertyMap, error) {
	all.lock.Lock()
	defer all.lock.Unlock()
	all.registered = append(all.registered, args)
	return args.Name + "-id", args.Inputs, nil
}

func (all *mocks) Call(pulumi.MockCallArgs) (resource.PropertyMap, error) {
	return resource.PropertyMap{}, nil
}

type foreign struct{ pulumi.ProviderResourceState }

func declare(ctx *pulumi.Context, name, clientID string, opts ...pulumi.ResourceOption) error {
	_, err := NewRotatingProjectServiceAccountSecret(ctx, name, &RotatingProjectServiceAccountSecretArgs{
		ProjectId:               pulumi.String(projectID),
		ClientId:                pulumi.String(clientID),
		SecretExpiresAfterHours: pulumi.Int(720),
	}, opts...)
	return err
}

// declareBeside declares a first resource, and another one on its account.
func declareBeside(first func(ctx *pulumi.Context, clientID pulumi.StringInput) error, clientID pulumi.StringInput) pulumi.RunFunc {
	return func(ctx *pulumi.Context) error {
		if err := first(ctx, clientID); err != nil {
			return err
		}
		return declarePlain(ctx, "other", clientID, false)
	}
}

func declarePlain(ctx *pulumi.Context, name string, clientID pulumi.StringInput, isExclusive bool) error {
	_, err := NewProjectServiceAccountSecret(ctx, name, &ProjectServiceAccountSecretArgs{
		ProjectId:               pulumi.String(projectID),
		ClientId:                clientID,
		SecretExpiresAfterHours: pulumi.Int(720),
		Exclusive:               pulumi.Bool(isExclusive),
	})
	return err
}

func TestRefusesASecondResourceOnAnAccount(t *testing.T) {
	for _, first := range []struct {
		name, says string
		declare    func(ctx *pulumi.Context, clientID pulumi.StringInput) error
	}{
		{"a rotating one", "has a rotating secret, which needs both slots", func(ctx *pulumi.Context, clientID pulumi.StringInput) error {
			_, err := NewRotatingProjectServiceAccountSecret(ctx, "main", &RotatingProjectServiceAccountSecretArgs{
				ProjectId:               pulumi.String(projectID),
				ClientId:                clientID,
				SecretExpiresAfterHours: pulumi.Int(720),
			})
			return err
		}},
		{"an exclusive one", "is called exclusive, but", func(ctx *pulumi.Context, clientID pulumi.StringInput) error {
			return declarePlain(ctx, "main", clientID, true)
		}},
		{"a set", "has a rotating secret, which needs both slots", func(ctx *pulumi.Context, clientID pulumi.StringInput) error {
			_, err := NewProjectServiceAccountSecretSet(ctx, "main", &ProjectServiceAccountSecretSetArgs{
				Accounts:                map[string]ProjectSetAccountArgs{"one": {ProjectId: pulumi.String(projectID), ClientId: clientID}},
				SecretExpiresAfterHours: pulumi.Int(720),
			})
			return err
		}},
	} {
		for way, id := range map[string]pulumi.StringInput{"plainly": pulumi.String(clientID), "as an output": pulumi.String(clientID).ToStringOutput()} {
			t.Run(first.name+" with client ids given "+way, func(t *testing.T) {
				err := pulumi.RunErr(declareBeside(first.declare, id), pulumi.WithMocks("p", "s", &mocks{}))
				if err == nil || !strings.Contains(err.Error(), first.says) {
					t.Error(err)
				}
			})
		}
	}
}

func TestRegistersWhatIsGivenAndNoMore(t *testing.T) {
	seen := &mocks{}
	err := pulumi.RunErr(func(ctx *pulumi.Context) error { return declare(ctx, "main", clientID) }, pulumi.WithMocks("p", "s", seen))
	if err != nil || len(seen.registered) != 1 {
		t.Fatal(err, seen.registered)
	}
	expected := resource.NewPropertyMapFromMap(map[string]any{
		"projectId":               projectID,
		"clientId":                clientID,
		"secretExpiresAfterHours": 720,
		"__provider":              `exports.handler = () => require("pulumi-atlas-secrets/handlers").rotatingProjectSecret;`,
	})
	found := seen.registered[0]
	if found.TypeToken != "pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret" || !found.Inputs.DeepEquals(expected) {
		t.Error(found.TypeToken, found.Inputs)
	}
}

func TestRefuses(t *testing.T) {
	value := "mdb_sa_sk_FAKE-in-the-wrong-place-0001"
	for _, one := range []struct {
		name, says string
		program    func(ctx *pulumi.Context) error
	}{
		{"a provider of another package", "its provider is one of another package", func(ctx *pulumi.Context) error {
			east := &foreign{}
			if err := ctx.RegisterResource("pulumi:providers:aws", "east", pulumi.Map{}, east); err != nil {
				return err
			}
			return declare(ctx, "main", clientID, pulumi.Provider(east))
		}},
		{"an import", "cannot take over a secret", func(ctx *pulumi.Context) error {
			return declare(ctx, "main", clientID, pulumi.Import(pulumi.ID("x")))
		}},
		{"two on one account", "needs both slots", func(ctx *pulumi.Context) error {
			if err := declare(ctx, "main", clientID); err != nil {
				return err
			}
			return declare(ctx.WithValue("any", 1), "other", strings.ToUpper(clientID[:10])+clientID[10:])
		}},
		{"two with a value in the wrong place, which is not shown", "[not an id]", func(ctx *pulumi.Context) error {
			if err := declare(ctx, "main", value); err != nil {
				return err
			}
			return declare(ctx, "other", value)
		}},
	} {
		t.Run(one.name, func(t *testing.T) {
			err := pulumi.RunErr(one.program, pulumi.WithMocks("p", "s", &mocks{}))
			if err == nil || !strings.Contains(err.Error(), one.says) || strings.Contains(err.Error(), "FAKE") {
				t.Error(err)
			}
		})
	}
}
