// Written by tools/sdk/generate.mjs from provider/src/records/description.ts. Do not edit.

package atlassecrets

// Names that the Node.js package has too.
const (
	packageName       = `pulumi-atlas-secrets`
	providerPackage   = `pulumi-nodejs`
	providerKey       = `__provider`
	configNamespace   = `mongodbatlas`
	explicitKey       = `explicit`
	baseURL           = `https://cloud.mongodb.com`
	governmentBaseURL = `https://cloud.mongodbgov.com`
	clientIDPattern   = `^mdb_sa_id_[a-fA-F\d]{24}$`
	autonamingKey     = `pulumi:autonaming`
	createsOnce       = `>=3.264.0`
	mostTries         = 20
)

// Settings that must be encrypted wherever they are kept.
var confidentialSettings = []string{"accessToken", "clientSecret", "privateKey"}

// What an audit record holds, besides the name of the resource.
var audited = []string{
	"projectId",
	"orgId",
	"clientId",
	"secretId",
	"status",
	"createdAt",
	"expiresAt",
	"rotateAfter",
	"verifiedAt",
	"lastUsedAt",
	"generation",
	"promotedAt",
	"previousSecretId",
	"previousExpiresAt",
	"retireAfter",
	"pendingSecretId",
	"removedAt",
}
