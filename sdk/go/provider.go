package atlassecrets

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// AtlasProviderArgs are the inputs of AtlasProvider: one whole credential, and where it is used.
type AtlasProviderArgs struct {
	// Client id of a service account that is Project Owner, or Organization Owner; with ClientSecret.
	ClientId pulumi.StringInput
	// Kept encrypted whether or not it is given as a secret.
	ClientSecret pulumi.StringInput
	// Of an API key; with PrivateKey.
	PublicKey pulumi.StringInput
	// Kept encrypted whether or not it is given as a secret.
	PrivateKey pulumi.StringInput
	// Kept encrypted whether or not it is given as a secret.
	AccessToken pulumi.StringInput
	// Default: the stack's mongodbatlas:baseUrl, its isMongodbgovCloud, the environment, then https://cloud.mongodb.com.
	BaseUrl pulumi.StringPtrInput
	// True: https://cloud.mongodbgov.com; false: https://cloud.mongodb.com, whatever the stack says. BaseUrl comes first.
	IsMongodbgovCloud pulumi.BoolPtrInput
}

// AtlasProvider is a provider with its own credential, for the option pulumi.Provider of the resources of this package: another Atlas
// organization, or another credential, beside the stack's own. The credential counts as a whole and never comes from anywhere else; the
// base URL falls back to the stack's.
type AtlasProvider struct {
	pulumi.ProviderResourceState
}

// NewAtlasProvider registers the provider. Anything but one whole credential is refused when it is used.
func NewAtlasProvider(ctx *pulumi.Context, name string, args *AtlasProviderArgs, opts ...pulumi.ResourceOption) (*AtlasProvider, error) {
	if args == nil {
		args = &AtlasProviderArgs{}
	}
	provider := &AtlasProvider{}
	properties := pulumi.Map{configNamespace + ":" + explicitKey: pulumi.String(name)}
	set := func(key string, value pulumi.Input) { properties[configNamespace+":"+key] = value }
	for key, value := range map[string]pulumi.StringInput{"clientId": args.ClientId, "publicKey": args.PublicKey} {
		if value != nil {
			set(key, value)
		}
	}
	confidential := map[string]pulumi.StringInput{
		"clientSecret": args.ClientSecret, "privateKey": args.PrivateKey, "accessToken": args.AccessToken,
	}
	for key, value := range confidential {
		if value != nil {
			set(key, pulumi.ToSecret(value))
		}
	}
	if url := toBaseURL(ctx, args); url != nil {
		set("baseUrl", url)
	}
	// The handler is told of the stack's own settings by the default provider alone.
	if setting, isSet := ctx.GetConfig(autonamingKey); isSet {
		set("autonaming", pulumi.String(setting))
	}
	return provider, ctx.RegisterResource("pulumi:providers:"+providerPackage, name, properties, provider, opts...)
}

func toBaseURL(ctx *pulumi.Context, args *AtlasProviderArgs) pulumi.Input {
	if args.BaseUrl != nil {
		return args.BaseUrl
	}
	if args.IsMongodbgovCloud != nil {
		return args.IsMongodbgovCloud.ToBoolPtrOutput().ApplyT(func(isGovernment *bool) string {
			return toCloud(isGovernment != nil && *isGovernment)
		})
	}
	if url, isSet := ctx.GetConfig(configNamespace + ":baseUrl"); isSet {
		return pulumi.String(url)
	}
	if flag, isSet := ctx.GetConfig(configNamespace + ":isMongodbgovCloud"); isSet {
		return pulumi.String(toCloud(flag == "true"))
	}
	return nil
}

func toCloud(isGovernment bool) string {
	if isGovernment {
		return governmentBaseURL
	}
	return baseURL
}
