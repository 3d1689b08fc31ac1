// Written by tools/sdk/generate.mjs from provider/src/records/description.ts. Do not edit.

package atlassecrets

import "github.com/pulumi/pulumi/sdk/v3/go/pulumi"

// ProjectSetAccountArgs: one account of a `ProjectServiceAccountSecretSet`: whose it is, and what differs for it
// from the set.
type ProjectSetAccountArgs struct {
	// Project that the service account belongs to: 24 hex digits. A change makes a new secret.
	ProjectId pulumi.StringInput
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringInput
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntPtrInput
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired.
	RotateBeforeExpiryHours pulumi.IntPtrInput
	// Any change of any value makes a new secret.
	Triggers pulumi.MapInput
	// Whether a new secret is verified by minting an access token before it counts as active.
	Verify pulumi.BoolPtrInput
	// Whether an expired secret may be deleted when its slot is needed.
	ReclaimExpired pulumi.BoolPtrInput
	// Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one.
	MayRemove pulumi.StringArrayInput
	// Set only if this resource is the account's sole user. When both slots are full, the provider may then delete
	// an untracked secret that a killed run left: newer than the recorded one, and unused except for its
	// verification.
	Exclusive pulumi.BoolPtrInput
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	OverlapHours pulumi.IntPtrInput
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not.
	QuietHours pulumi.IntPtrInput
}

func (args ProjectSetAccountArgs) properties() pulumi.Map {
	properties := pulumi.Map{}
	if args.ProjectId != nil {
		properties["projectId"] = args.ProjectId
	}
	if args.ClientId != nil {
		properties["clientId"] = args.ClientId
	}
	if args.SecretExpiresAfterHours != nil {
		properties["secretExpiresAfterHours"] = args.SecretExpiresAfterHours
	}
	if args.RotateBeforeExpiryHours != nil {
		properties["rotateBeforeExpiryHours"] = args.RotateBeforeExpiryHours
	}
	if args.Triggers != nil {
		properties["triggers"] = args.Triggers
	}
	if args.Verify != nil {
		properties["verify"] = args.Verify
	}
	if args.ReclaimExpired != nil {
		properties["reclaimExpired"] = args.ReclaimExpired
	}
	if args.MayRemove != nil {
		properties["mayRemove"] = args.MayRemove
	}
	if args.Exclusive != nil {
		properties["exclusive"] = args.Exclusive
	}
	if args.OverlapHours != nil {
		properties["overlapHours"] = args.OverlapHours
	}
	if args.QuietHours != nil {
		properties["quietHours"] = args.QuietHours
	}
	return properties
}

// OrganizationSetAccountArgs: one account of a `ServiceAccountSecretSet`: whose it is, and what differs for it
// from the set.
type OrganizationSetAccountArgs struct {
	// Organization that the service account belongs to: 24 hex digits. A change makes a new secret.
	OrgId pulumi.StringInput
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringInput
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntPtrInput
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired.
	RotateBeforeExpiryHours pulumi.IntPtrInput
	// Any change of any value makes a new secret.
	Triggers pulumi.MapInput
	// Whether a new secret is verified by minting an access token before it counts as active.
	Verify pulumi.BoolPtrInput
	// Whether an expired secret may be deleted when its slot is needed.
	ReclaimExpired pulumi.BoolPtrInput
	// Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one.
	MayRemove pulumi.StringArrayInput
	// Set only if this resource is the account's sole user. When both slots are full, the provider may then delete
	// an untracked secret that a killed run left: newer than the recorded one, and unused except for its
	// verification.
	Exclusive pulumi.BoolPtrInput
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	OverlapHours pulumi.IntPtrInput
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not.
	QuietHours pulumi.IntPtrInput
}

func (args OrganizationSetAccountArgs) properties() pulumi.Map {
	properties := pulumi.Map{}
	if args.OrgId != nil {
		properties["orgId"] = args.OrgId
	}
	if args.ClientId != nil {
		properties["clientId"] = args.ClientId
	}
	if args.SecretExpiresAfterHours != nil {
		properties["secretExpiresAfterHours"] = args.SecretExpiresAfterHours
	}
	if args.RotateBeforeExpiryHours != nil {
		properties["rotateBeforeExpiryHours"] = args.RotateBeforeExpiryHours
	}
	if args.Triggers != nil {
		properties["triggers"] = args.Triggers
	}
	if args.Verify != nil {
		properties["verify"] = args.Verify
	}
	if args.ReclaimExpired != nil {
		properties["reclaimExpired"] = args.ReclaimExpired
	}
	if args.MayRemove != nil {
		properties["mayRemove"] = args.MayRemove
	}
	if args.Exclusive != nil {
		properties["exclusive"] = args.Exclusive
	}
	if args.OverlapHours != nil {
		properties["overlapHours"] = args.OverlapHours
	}
	if args.QuietHours != nil {
		properties["quietHours"] = args.QuietHours
	}
	return properties
}

// ProjectServiceAccountSecretArgs are the inputs of ProjectServiceAccountSecret.
type ProjectServiceAccountSecretArgs struct {
	// Project that the service account belongs to: 24 hex digits. A change makes a new secret.
	ProjectId pulumi.StringInput
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringInput
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntInput
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired. Default: a third of the lifetime, rounded down.
	RotateBeforeExpiryHours pulumi.IntPtrInput
	// Any change of any value makes a new secret. Default: none.
	Triggers pulumi.MapInput
	// Whether a new secret is verified by minting an access token before it counts as active. Default: `true`.
	Verify pulumi.BoolPtrInput
	// Whether an expired secret may be deleted when its slot is needed. Default: `true`.
	ReclaimExpired pulumi.BoolPtrInput
	// Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one. Default:
	// none.
	MayRemove pulumi.StringArrayInput
	// Set only if this resource is the account's sole user. When both slots are full, the provider may then delete
	// an untracked secret that a killed run left: newer than the recorded one, and unused except for its
	// verification. Default: `false`.
	Exclusive pulumi.BoolPtrInput
}

func (args ProjectServiceAccountSecretArgs) properties() pulumi.Map {
	properties := pulumi.Map{}
	if args.ProjectId != nil {
		properties["projectId"] = args.ProjectId
	}
	if args.ClientId != nil {
		properties["clientId"] = args.ClientId
	}
	if args.SecretExpiresAfterHours != nil {
		properties["secretExpiresAfterHours"] = args.SecretExpiresAfterHours
	}
	if args.RotateBeforeExpiryHours != nil {
		properties["rotateBeforeExpiryHours"] = args.RotateBeforeExpiryHours
	}
	if args.Triggers != nil {
		properties["triggers"] = args.Triggers
	}
	if args.Verify != nil {
		properties["verify"] = args.Verify
	}
	if args.ReclaimExpired != nil {
		properties["reclaimExpired"] = args.ReclaimExpired
	}
	if args.MayRemove != nil {
		properties["mayRemove"] = args.MayRemove
	}
	if args.Exclusive != nil {
		properties["exclusive"] = args.Exclusive
	}
	return properties
}

// ProjectServiceAccountSecret: One secret of a project service account. `pulumi up` creates it, replaces it when
// it is due, and deletes the old one only after everything that depends on it was updated.
type ProjectServiceAccountSecret struct {
	pulumi.CustomResourceState

	// Project that the service account belongs to: 24 hex digits. A change makes a new secret.
	ProjectId pulumi.StringOutput `pulumi:"projectId"`
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringOutput `pulumi:"clientId"`
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntOutput `pulumi:"secretExpiresAfterHours"`
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired.
	RotateBeforeExpiryHours pulumi.IntOutput `pulumi:"rotateBeforeExpiryHours"`
	// The value. Always a Pulumi secret.
	Secret pulumi.StringOutput `pulumi:"secret"`
	// Id of the secret at Atlas: 24 hex digits. Not confidential.
	SecretId pulumi.StringOutput `pulumi:"secretId"`
	// The value's last four characters behind a mask.
	MaskedSecretValue pulumi.StringOutput `pulumi:"maskedSecretValue"`
	// `active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not find the account
	// where it belongs); of a rotating resource also `overlapping` or `current-missing`, and never `rejected`.
	Status pulumi.StringOutput `pulumi:"status"`
	// When Atlas created it, ISO 8601, UTC.
	CreatedAt pulumi.StringOutput `pulumi:"createdAt"`
	// When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created.
	ExpiresAt pulumi.StringOutput `pulumi:"expiresAt"`
	// From when on `pulumi up` makes a new one, ISO 8601, UTC.
	RotateAfter pulumi.StringOutput `pulumi:"rotateAfter"`
	// When it was verified; absent when it was not.
	VerifiedAt pulumi.StringPtrOutput `pulumi:"verifiedAt"`
	// When a token was last minted with it, as of the last refresh; absent until then.
	LastUsedAt pulumi.StringPtrOutput `pulumi:"lastUsedAt"`
}

var projectServiceAccountSecretClass = secretClass{
	"ProjectServiceAccountSecret",
	"pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecret",
	`exports.handler = () => require("pulumi-atlas-secrets/handlers").projectSecret;`,
	false,
	[]string{"secret"},
}

// NewProjectServiceAccountSecret registers the resource. It fails when a secret or a credential would be lost or
// shown: by the options, or by the stack's settings.
func NewProjectServiceAccountSecret(
	ctx *pulumi.Context, name string, args *ProjectServiceAccountSecretArgs, opts ...pulumi.ResourceOption,
) (*ProjectServiceAccountSecret, error) {
	if args == nil {
		args = &ProjectServiceAccountSecretArgs{}
	}
	resource := &ProjectServiceAccountSecret{}
	return resource, register(ctx, projectServiceAccountSecretClass, name, args, resource, opts)
}

func (resource *ProjectServiceAccountSecret) audited() pulumi.Map {
	outputs := pulumi.Map{}
	outputs["projectId"] = resource.ProjectId
	outputs["clientId"] = resource.ClientId
	outputs["secretId"] = resource.SecretId
	outputs["status"] = resource.Status
	outputs["createdAt"] = resource.CreatedAt
	outputs["expiresAt"] = resource.ExpiresAt
	outputs["rotateAfter"] = resource.RotateAfter
	outputs["verifiedAt"] = resource.VerifiedAt
	outputs["lastUsedAt"] = resource.LastUsedAt
	return outputs
}

// RotatingProjectServiceAccountSecretArgs are the inputs of RotatingProjectServiceAccountSecret.
type RotatingProjectServiceAccountSecretArgs struct {
	// Project that the service account belongs to: 24 hex digits. A change makes a new secret.
	ProjectId pulumi.StringInput
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringInput
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntInput
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired. Default: a third of the lifetime, rounded down.
	RotateBeforeExpiryHours pulumi.IntPtrInput
	// Any change of any value makes a new secret. Default: none.
	Triggers pulumi.MapInput
	// Whether a new secret is verified by minting an access token before it counts as active. Default: `true`.
	Verify pulumi.BoolPtrInput
	// Whether an expired secret may be deleted when its slot is needed. Default: `true`.
	ReclaimExpired pulumi.BoolPtrInput
	// Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one. Default:
	// none.
	MayRemove pulumi.StringArrayInput
	// Set only if this resource is the account's sole user. When both slots are full, the provider may then delete
	// an untracked secret that a killed run left: newer than the recorded one, and unused except for its
	// verification. Default: `false`.
	Exclusive pulumi.BoolPtrInput
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	// Default: 24, or the window if that is shorter.
	OverlapHours pulumi.IntPtrInput
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not. Default: 24, or half of the lifetime less the window if that
	// is shorter.
	QuietHours pulumi.IntPtrInput
}

func (args RotatingProjectServiceAccountSecretArgs) properties() pulumi.Map {
	properties := pulumi.Map{}
	if args.ProjectId != nil {
		properties["projectId"] = args.ProjectId
	}
	if args.ClientId != nil {
		properties["clientId"] = args.ClientId
	}
	if args.SecretExpiresAfterHours != nil {
		properties["secretExpiresAfterHours"] = args.SecretExpiresAfterHours
	}
	if args.RotateBeforeExpiryHours != nil {
		properties["rotateBeforeExpiryHours"] = args.RotateBeforeExpiryHours
	}
	if args.Triggers != nil {
		properties["triggers"] = args.Triggers
	}
	if args.Verify != nil {
		properties["verify"] = args.Verify
	}
	if args.ReclaimExpired != nil {
		properties["reclaimExpired"] = args.ReclaimExpired
	}
	if args.MayRemove != nil {
		properties["mayRemove"] = args.MayRemove
	}
	if args.Exclusive != nil {
		properties["exclusive"] = args.Exclusive
	}
	if args.OverlapHours != nil {
		properties["overlapHours"] = args.OverlapHours
	}
	if args.QuietHours != nil {
		properties["quietHours"] = args.QuietHours
	}
	return properties
}

// RotatingProjectServiceAccountSecret: The secret of a project service account, for consumers that take time to
// pick a new one up. `pulumi up` rotates it when it is due: the new one becomes current, and the old one stays
// as the previous until its overlap is over and it is quiet. It needs both slots of the account, so there is one
// for an account.
type RotatingProjectServiceAccountSecret struct {
	pulumi.CustomResourceState

	// Project that the service account belongs to: 24 hex digits. A change makes a new secret.
	ProjectId pulumi.StringOutput `pulumi:"projectId"`
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringOutput `pulumi:"clientId"`
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntOutput `pulumi:"secretExpiresAfterHours"`
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired.
	RotateBeforeExpiryHours pulumi.IntOutput `pulumi:"rotateBeforeExpiryHours"`
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	OverlapHours pulumi.IntOutput `pulumi:"overlapHours"`
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not.
	QuietHours pulumi.IntOutput `pulumi:"quietHours"`
	// The value. Always a Pulumi secret.
	Secret pulumi.StringOutput `pulumi:"secret"`
	// Id of the secret at Atlas: 24 hex digits. Not confidential.
	SecretId pulumi.StringOutput `pulumi:"secretId"`
	// The value's last four characters behind a mask.
	MaskedSecretValue pulumi.StringOutput `pulumi:"maskedSecretValue"`
	// `active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not find the account
	// where it belongs); of a rotating resource also `overlapping` or `current-missing`, and never `rejected`.
	Status pulumi.StringOutput `pulumi:"status"`
	// When Atlas created it, ISO 8601, UTC.
	CreatedAt pulumi.StringOutput `pulumi:"createdAt"`
	// When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created.
	ExpiresAt pulumi.StringOutput `pulumi:"expiresAt"`
	// From when on `pulumi up` makes a new one, ISO 8601, UTC.
	RotateAfter pulumi.StringOutput `pulumi:"rotateAfter"`
	// When it was verified; absent when it was not.
	VerifiedAt pulumi.StringPtrOutput `pulumi:"verifiedAt"`
	// When a token was last minted with it, as of the last refresh; absent until then.
	LastUsedAt pulumi.StringPtrOutput `pulumi:"lastUsedAt"`
	// How many secrets were current so far, this one included: 1 for the first.
	Generation pulumi.IntOutput `pulumi:"generation"`
	// When the current secret was promoted, ISO 8601, UTC: the first run that handed it out without failing.
	PromotedAt pulumi.StringOutput `pulumi:"promotedAt"`
	// Id of the secret that was current before, as long as it is there.
	PreviousSecretId pulumi.StringPtrOutput `pulumi:"previousSecretId"`
	// When the previous secret stops working, ISO 8601, UTC.
	PreviousExpiresAt pulumi.StringPtrOutput `pulumi:"previousExpiresAt"`
	// When a token was last minted with the previous secret, as of the last run that asked Atlas.
	PreviousLastUsedAt pulumi.StringPtrOutput `pulumi:"previousLastUsedAt"`
	// From when on `pulumi up` deletes the previous secret once it has been quiet for `QuietHours`, ISO 8601, UTC.
	RetireAfter pulumi.StringPtrOutput `pulumi:"retireAfter"`
	// Id of a new secret that is not verified yet.
	PendingSecretId pulumi.StringPtrOutput `pulumi:"pendingSecretId"`
	// The value of the pending secret. Always a Pulumi secret.
	PendingSecret pulumi.StringPtrOutput `pulumi:"pendingSecret"`
}

var rotatingProjectServiceAccountSecretClass = secretClass{
	"RotatingProjectServiceAccountSecret",
	"pulumi-nodejs:dynamic/atlas:RotatingProjectServiceAccountSecret",
	`exports.handler = () => require("pulumi-atlas-secrets/handlers").rotatingProjectSecret;`,
	true,
	[]string{"secret", "pendingSecret"},
}

// NewRotatingProjectServiceAccountSecret registers the resource. It fails when a secret or a credential would be lost or
// shown: by the options, or by the stack's settings.
func NewRotatingProjectServiceAccountSecret(
	ctx *pulumi.Context, name string, args *RotatingProjectServiceAccountSecretArgs, opts ...pulumi.ResourceOption,
) (*RotatingProjectServiceAccountSecret, error) {
	if args == nil {
		args = &RotatingProjectServiceAccountSecretArgs{}
	}
	resource := &RotatingProjectServiceAccountSecret{}
	return resource, register(ctx, rotatingProjectServiceAccountSecretClass, name, args, resource, opts)
}

func (resource *RotatingProjectServiceAccountSecret) audited() pulumi.Map {
	outputs := pulumi.Map{}
	outputs["projectId"] = resource.ProjectId
	outputs["clientId"] = resource.ClientId
	outputs["secretId"] = resource.SecretId
	outputs["status"] = resource.Status
	outputs["createdAt"] = resource.CreatedAt
	outputs["expiresAt"] = resource.ExpiresAt
	outputs["rotateAfter"] = resource.RotateAfter
	outputs["verifiedAt"] = resource.VerifiedAt
	outputs["lastUsedAt"] = resource.LastUsedAt
	outputs["generation"] = resource.Generation
	outputs["promotedAt"] = resource.PromotedAt
	outputs["previousSecretId"] = resource.PreviousSecretId
	outputs["previousExpiresAt"] = resource.PreviousExpiresAt
	outputs["retireAfter"] = resource.RetireAfter
	outputs["pendingSecretId"] = resource.PendingSecretId
	return outputs
}

// ProjectServiceAccountSecretSetArgs are the inputs of ProjectServiceAccountSecretSet.
type ProjectServiceAccountSecretSetArgs struct {
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntInput
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired. Default: a third of the lifetime, rounded down.
	RotateBeforeExpiryHours pulumi.IntPtrInput
	// Any change of any value makes a new secret. Default: none.
	Triggers pulumi.MapInput
	// Whether a new secret is verified by minting an access token before it counts as active. Default: `true`.
	Verify pulumi.BoolPtrInput
	// Whether an expired secret may be deleted when its slot is needed. Default: `true`.
	ReclaimExpired pulumi.BoolPtrInput
	// Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one. Default:
	// none.
	MayRemove pulumi.StringArrayInput
	// Set only if this resource is the account's sole user. When both slots are full, the provider may then delete
	// an untracked secret that a killed run left: newer than the recorded one, and unused except for its
	// verification. Default: `false`.
	Exclusive pulumi.BoolPtrInput
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	// Default: 24, or the window if that is shorter.
	OverlapHours pulumi.IntPtrInput
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not. Default: 24, or half of the lifetime less the window if that
	// is shorter.
	QuietHours pulumi.IntPtrInput
	// The service accounts, by names of your own: of each its project (or organization) and client id, and any input
	// of the rotating resource that differs for it. A changed name changes nothing at Atlas; a removed account keeps
	// its secrets for the overlap, and as long as they are used.
	Accounts map[string]ProjectSetAccountArgs
	// How many accounts are worked on at once: 1 to 64. Default: 16.
	Concurrency pulumi.IntPtrInput
}

func (args ProjectServiceAccountSecretSetArgs) properties() pulumi.Map {
	properties := pulumi.Map{}
	if args.SecretExpiresAfterHours != nil {
		properties["secretExpiresAfterHours"] = args.SecretExpiresAfterHours
	}
	if args.RotateBeforeExpiryHours != nil {
		properties["rotateBeforeExpiryHours"] = args.RotateBeforeExpiryHours
	}
	if args.Triggers != nil {
		properties["triggers"] = args.Triggers
	}
	if args.Verify != nil {
		properties["verify"] = args.Verify
	}
	if args.ReclaimExpired != nil {
		properties["reclaimExpired"] = args.ReclaimExpired
	}
	if args.MayRemove != nil {
		properties["mayRemove"] = args.MayRemove
	}
	if args.Exclusive != nil {
		properties["exclusive"] = args.Exclusive
	}
	if args.OverlapHours != nil {
		properties["overlapHours"] = args.OverlapHours
	}
	if args.QuietHours != nil {
		properties["quietHours"] = args.QuietHours
	}
	if args.Concurrency != nil {
		properties["concurrency"] = args.Concurrency
	}
	if args.Accounts != nil {
		properties["accounts"] = accountProperties(args.Accounts)
	}
	return properties
}

// ProjectServiceAccountSecretSet: The secrets of many project service accounts, each rotated in place as by
// `RotatingProjectServiceAccountSecret`: what costs a second for each resource of its own costs that once.
// Accounts fail alone. Any change makes all of `Secrets` unknown in a preview: have one set for each group of
// consumers.
type ProjectServiceAccountSecretSet struct {
	pulumi.CustomResourceState

	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntOutput `pulumi:"secretExpiresAfterHours"`
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired.
	RotateBeforeExpiryHours pulumi.IntOutput `pulumi:"rotateBeforeExpiryHours"`
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	OverlapHours pulumi.IntOutput `pulumi:"overlapHours"`
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not.
	QuietHours pulumi.IntOutput `pulumi:"quietHours"`
	// The value of each account's current secret, by the account's name. Always a Pulumi secret.
	Secrets pulumi.StringMapOutput `pulumi:"secrets"`
	// What is recorded of each account, by its name, without a value: `AuditRecords` gives it with all names.
	Records pulumi.MapMapOutput `pulumi:"records"`
	// How many accounts have which status; `account-removed` counts those that left the set and still have secrets.
	StatusCounts pulumi.IntMapOutput `pulumi:"statusCounts"`
	// The same as `Records` for accounts that left the set and still have secrets, by owner and client id.
	RemovedRecords pulumi.MapMapOutput `pulumi:"removedRecords"`
}

var projectServiceAccountSecretSetClass = secretClass{
	"ProjectServiceAccountSecretSet",
	"pulumi-nodejs:dynamic/atlas:ProjectServiceAccountSecretSet",
	`exports.handler = () => require("pulumi-atlas-secrets/handlers").projectSecretSet;`,
	true,
	[]string{"secrets"},
}

// NewProjectServiceAccountSecretSet registers the resource. It fails when a secret or a credential would be lost or
// shown: by the options, or by the stack's settings.
func NewProjectServiceAccountSecretSet(
	ctx *pulumi.Context, name string, args *ProjectServiceAccountSecretSetArgs, opts ...pulumi.ResourceOption,
) (*ProjectServiceAccountSecretSet, error) {
	if args == nil {
		args = &ProjectServiceAccountSecretSetArgs{}
	}
	resource := &ProjectServiceAccountSecretSet{}
	return resource, register(ctx, projectServiceAccountSecretSetClass, name, args, resource, opts)
}

func (resource *ProjectServiceAccountSecretSet) records() (current, removed pulumi.MapMapOutput) {
	return resource.Records, resource.RemovedRecords
}

// ServiceAccountSecretArgs are the inputs of ServiceAccountSecret.
type ServiceAccountSecretArgs struct {
	// Organization that the service account belongs to: 24 hex digits. A change makes a new secret.
	OrgId pulumi.StringInput
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringInput
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntInput
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired. Default: a third of the lifetime, rounded down.
	RotateBeforeExpiryHours pulumi.IntPtrInput
	// Any change of any value makes a new secret. Default: none.
	Triggers pulumi.MapInput
	// Whether a new secret is verified by minting an access token before it counts as active. Default: `true`.
	Verify pulumi.BoolPtrInput
	// Whether an expired secret may be deleted when its slot is needed. Default: `true`.
	ReclaimExpired pulumi.BoolPtrInput
	// Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one. Default:
	// none.
	MayRemove pulumi.StringArrayInput
	// Set only if this resource is the account's sole user. When both slots are full, the provider may then delete
	// an untracked secret that a killed run left: newer than the recorded one, and unused except for its
	// verification. Default: `false`.
	Exclusive pulumi.BoolPtrInput
}

func (args ServiceAccountSecretArgs) properties() pulumi.Map {
	properties := pulumi.Map{}
	if args.OrgId != nil {
		properties["orgId"] = args.OrgId
	}
	if args.ClientId != nil {
		properties["clientId"] = args.ClientId
	}
	if args.SecretExpiresAfterHours != nil {
		properties["secretExpiresAfterHours"] = args.SecretExpiresAfterHours
	}
	if args.RotateBeforeExpiryHours != nil {
		properties["rotateBeforeExpiryHours"] = args.RotateBeforeExpiryHours
	}
	if args.Triggers != nil {
		properties["triggers"] = args.Triggers
	}
	if args.Verify != nil {
		properties["verify"] = args.Verify
	}
	if args.ReclaimExpired != nil {
		properties["reclaimExpired"] = args.ReclaimExpired
	}
	if args.MayRemove != nil {
		properties["mayRemove"] = args.MayRemove
	}
	if args.Exclusive != nil {
		properties["exclusive"] = args.Exclusive
	}
	return properties
}

// ServiceAccountSecret: One secret of an organization service account: the same as
// `ProjectServiceAccountSecret`, at the level of organizations.
type ServiceAccountSecret struct {
	pulumi.CustomResourceState

	// Organization that the service account belongs to: 24 hex digits. A change makes a new secret.
	OrgId pulumi.StringOutput `pulumi:"orgId"`
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringOutput `pulumi:"clientId"`
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntOutput `pulumi:"secretExpiresAfterHours"`
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired.
	RotateBeforeExpiryHours pulumi.IntOutput `pulumi:"rotateBeforeExpiryHours"`
	// The value. Always a Pulumi secret.
	Secret pulumi.StringOutput `pulumi:"secret"`
	// Id of the secret at Atlas: 24 hex digits. Not confidential.
	SecretId pulumi.StringOutput `pulumi:"secretId"`
	// The value's last four characters behind a mask.
	MaskedSecretValue pulumi.StringOutput `pulumi:"maskedSecretValue"`
	// `active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not find the account
	// where it belongs); of a rotating resource also `overlapping` or `current-missing`, and never `rejected`.
	Status pulumi.StringOutput `pulumi:"status"`
	// When Atlas created it, ISO 8601, UTC.
	CreatedAt pulumi.StringOutput `pulumi:"createdAt"`
	// When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created.
	ExpiresAt pulumi.StringOutput `pulumi:"expiresAt"`
	// From when on `pulumi up` makes a new one, ISO 8601, UTC.
	RotateAfter pulumi.StringOutput `pulumi:"rotateAfter"`
	// When it was verified; absent when it was not.
	VerifiedAt pulumi.StringPtrOutput `pulumi:"verifiedAt"`
	// When a token was last minted with it, as of the last refresh; absent until then.
	LastUsedAt pulumi.StringPtrOutput `pulumi:"lastUsedAt"`
}

var serviceAccountSecretClass = secretClass{
	"ServiceAccountSecret",
	"pulumi-nodejs:dynamic/atlas:ServiceAccountSecret",
	`exports.handler = () => require("pulumi-atlas-secrets/handlers").organizationSecret;`,
	false,
	[]string{"secret"},
}

// NewServiceAccountSecret registers the resource. It fails when a secret or a credential would be lost or
// shown: by the options, or by the stack's settings.
func NewServiceAccountSecret(
	ctx *pulumi.Context, name string, args *ServiceAccountSecretArgs, opts ...pulumi.ResourceOption,
) (*ServiceAccountSecret, error) {
	if args == nil {
		args = &ServiceAccountSecretArgs{}
	}
	resource := &ServiceAccountSecret{}
	return resource, register(ctx, serviceAccountSecretClass, name, args, resource, opts)
}

func (resource *ServiceAccountSecret) audited() pulumi.Map {
	outputs := pulumi.Map{}
	outputs["orgId"] = resource.OrgId
	outputs["clientId"] = resource.ClientId
	outputs["secretId"] = resource.SecretId
	outputs["status"] = resource.Status
	outputs["createdAt"] = resource.CreatedAt
	outputs["expiresAt"] = resource.ExpiresAt
	outputs["rotateAfter"] = resource.RotateAfter
	outputs["verifiedAt"] = resource.VerifiedAt
	outputs["lastUsedAt"] = resource.LastUsedAt
	return outputs
}

// RotatingServiceAccountSecretArgs are the inputs of RotatingServiceAccountSecret.
type RotatingServiceAccountSecretArgs struct {
	// Organization that the service account belongs to: 24 hex digits. A change makes a new secret.
	OrgId pulumi.StringInput
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringInput
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntInput
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired. Default: a third of the lifetime, rounded down.
	RotateBeforeExpiryHours pulumi.IntPtrInput
	// Any change of any value makes a new secret. Default: none.
	Triggers pulumi.MapInput
	// Whether a new secret is verified by minting an access token before it counts as active. Default: `true`.
	Verify pulumi.BoolPtrInput
	// Whether an expired secret may be deleted when its slot is needed. Default: `true`.
	ReclaimExpired pulumi.BoolPtrInput
	// Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one. Default:
	// none.
	MayRemove pulumi.StringArrayInput
	// Set only if this resource is the account's sole user. When both slots are full, the provider may then delete
	// an untracked secret that a killed run left: newer than the recorded one, and unused except for its
	// verification. Default: `false`.
	Exclusive pulumi.BoolPtrInput
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	// Default: 24, or the window if that is shorter.
	OverlapHours pulumi.IntPtrInput
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not. Default: 24, or half of the lifetime less the window if that
	// is shorter.
	QuietHours pulumi.IntPtrInput
}

func (args RotatingServiceAccountSecretArgs) properties() pulumi.Map {
	properties := pulumi.Map{}
	if args.OrgId != nil {
		properties["orgId"] = args.OrgId
	}
	if args.ClientId != nil {
		properties["clientId"] = args.ClientId
	}
	if args.SecretExpiresAfterHours != nil {
		properties["secretExpiresAfterHours"] = args.SecretExpiresAfterHours
	}
	if args.RotateBeforeExpiryHours != nil {
		properties["rotateBeforeExpiryHours"] = args.RotateBeforeExpiryHours
	}
	if args.Triggers != nil {
		properties["triggers"] = args.Triggers
	}
	if args.Verify != nil {
		properties["verify"] = args.Verify
	}
	if args.ReclaimExpired != nil {
		properties["reclaimExpired"] = args.ReclaimExpired
	}
	if args.MayRemove != nil {
		properties["mayRemove"] = args.MayRemove
	}
	if args.Exclusive != nil {
		properties["exclusive"] = args.Exclusive
	}
	if args.OverlapHours != nil {
		properties["overlapHours"] = args.OverlapHours
	}
	if args.QuietHours != nil {
		properties["quietHours"] = args.QuietHours
	}
	return properties
}

// RotatingServiceAccountSecret: The secret of an organization service account: the same as
// `RotatingProjectServiceAccountSecret`, at the level of organizations.
type RotatingServiceAccountSecret struct {
	pulumi.CustomResourceState

	// Organization that the service account belongs to: 24 hex digits. A change makes a new secret.
	OrgId pulumi.StringOutput `pulumi:"orgId"`
	// Client id of the service account: `mdb_sa_id_` and 24 hex digits. A change makes a new secret.
	ClientId pulumi.StringOutput `pulumi:"clientId"`
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntOutput `pulumi:"secretExpiresAfterHours"`
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired.
	RotateBeforeExpiryHours pulumi.IntOutput `pulumi:"rotateBeforeExpiryHours"`
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	OverlapHours pulumi.IntOutput `pulumi:"overlapHours"`
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not.
	QuietHours pulumi.IntOutput `pulumi:"quietHours"`
	// The value. Always a Pulumi secret.
	Secret pulumi.StringOutput `pulumi:"secret"`
	// Id of the secret at Atlas: 24 hex digits. Not confidential.
	SecretId pulumi.StringOutput `pulumi:"secretId"`
	// The value's last four characters behind a mask.
	MaskedSecretValue pulumi.StringOutput `pulumi:"maskedSecretValue"`
	// `active`, `pending-verification`, `rejected`, or `account-unassigned` (a refresh did not find the account
	// where it belongs); of a rotating resource also `overlapping` or `current-missing`, and never `rejected`.
	Status pulumi.StringOutput `pulumi:"status"`
	// When Atlas created it, ISO 8601, UTC.
	CreatedAt pulumi.StringOutput `pulumi:"createdAt"`
	// When it stops working, ISO 8601, UTC. Atlas shortens it when another secret of the account is created.
	ExpiresAt pulumi.StringOutput `pulumi:"expiresAt"`
	// From when on `pulumi up` makes a new one, ISO 8601, UTC.
	RotateAfter pulumi.StringOutput `pulumi:"rotateAfter"`
	// When it was verified; absent when it was not.
	VerifiedAt pulumi.StringPtrOutput `pulumi:"verifiedAt"`
	// When a token was last minted with it, as of the last refresh; absent until then.
	LastUsedAt pulumi.StringPtrOutput `pulumi:"lastUsedAt"`
	// How many secrets were current so far, this one included: 1 for the first.
	Generation pulumi.IntOutput `pulumi:"generation"`
	// When the current secret was promoted, ISO 8601, UTC: the first run that handed it out without failing.
	PromotedAt pulumi.StringOutput `pulumi:"promotedAt"`
	// Id of the secret that was current before, as long as it is there.
	PreviousSecretId pulumi.StringPtrOutput `pulumi:"previousSecretId"`
	// When the previous secret stops working, ISO 8601, UTC.
	PreviousExpiresAt pulumi.StringPtrOutput `pulumi:"previousExpiresAt"`
	// When a token was last minted with the previous secret, as of the last run that asked Atlas.
	PreviousLastUsedAt pulumi.StringPtrOutput `pulumi:"previousLastUsedAt"`
	// From when on `pulumi up` deletes the previous secret once it has been quiet for `QuietHours`, ISO 8601, UTC.
	RetireAfter pulumi.StringPtrOutput `pulumi:"retireAfter"`
	// Id of a new secret that is not verified yet.
	PendingSecretId pulumi.StringPtrOutput `pulumi:"pendingSecretId"`
	// The value of the pending secret. Always a Pulumi secret.
	PendingSecret pulumi.StringPtrOutput `pulumi:"pendingSecret"`
}

var rotatingServiceAccountSecretClass = secretClass{
	"RotatingServiceAccountSecret",
	"pulumi-nodejs:dynamic/atlas:RotatingServiceAccountSecret",
	`exports.handler = () => require("pulumi-atlas-secrets/handlers").rotatingOrganizationSecret;`,
	true,
	[]string{"secret", "pendingSecret"},
}

// NewRotatingServiceAccountSecret registers the resource. It fails when a secret or a credential would be lost or
// shown: by the options, or by the stack's settings.
func NewRotatingServiceAccountSecret(
	ctx *pulumi.Context, name string, args *RotatingServiceAccountSecretArgs, opts ...pulumi.ResourceOption,
) (*RotatingServiceAccountSecret, error) {
	if args == nil {
		args = &RotatingServiceAccountSecretArgs{}
	}
	resource := &RotatingServiceAccountSecret{}
	return resource, register(ctx, rotatingServiceAccountSecretClass, name, args, resource, opts)
}

func (resource *RotatingServiceAccountSecret) audited() pulumi.Map {
	outputs := pulumi.Map{}
	outputs["orgId"] = resource.OrgId
	outputs["clientId"] = resource.ClientId
	outputs["secretId"] = resource.SecretId
	outputs["status"] = resource.Status
	outputs["createdAt"] = resource.CreatedAt
	outputs["expiresAt"] = resource.ExpiresAt
	outputs["rotateAfter"] = resource.RotateAfter
	outputs["verifiedAt"] = resource.VerifiedAt
	outputs["lastUsedAt"] = resource.LastUsedAt
	outputs["generation"] = resource.Generation
	outputs["promotedAt"] = resource.PromotedAt
	outputs["previousSecretId"] = resource.PreviousSecretId
	outputs["previousExpiresAt"] = resource.PreviousExpiresAt
	outputs["retireAfter"] = resource.RetireAfter
	outputs["pendingSecretId"] = resource.PendingSecretId
	return outputs
}

// ServiceAccountSecretSetArgs are the inputs of ServiceAccountSecretSet.
type ServiceAccountSecretSetArgs struct {
	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntInput
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired. Default: a third of the lifetime, rounded down.
	RotateBeforeExpiryHours pulumi.IntPtrInput
	// Any change of any value makes a new secret. Default: none.
	Triggers pulumi.MapInput
	// Whether a new secret is verified by minting an access token before it counts as active. Default: `true`.
	Verify pulumi.BoolPtrInput
	// Whether an expired secret may be deleted when its slot is needed. Default: `true`.
	ReclaimExpired pulumi.BoolPtrInput
	// Ids of live secrets that may be deleted when their slot is needed, such as the account's initial one. Default:
	// none.
	MayRemove pulumi.StringArrayInput
	// Set only if this resource is the account's sole user. When both slots are full, the provider may then delete
	// an untracked secret that a killed run left: newer than the recorded one, and unused except for its
	// verification. Default: `false`.
	Exclusive pulumi.BoolPtrInput
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	// Default: 24, or the window if that is shorter.
	OverlapHours pulumi.IntPtrInput
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not. Default: 24, or half of the lifetime less the window if that
	// is shorter.
	QuietHours pulumi.IntPtrInput
	// The service accounts, by names of your own: of each its project (or organization) and client id, and any input
	// of the rotating resource that differs for it. A changed name changes nothing at Atlas; a removed account keeps
	// its secrets for the overlap, and as long as they are used.
	Accounts map[string]OrganizationSetAccountArgs
	// How many accounts are worked on at once: 1 to 64. Default: 16.
	Concurrency pulumi.IntPtrInput
}

func (args ServiceAccountSecretSetArgs) properties() pulumi.Map {
	properties := pulumi.Map{}
	if args.SecretExpiresAfterHours != nil {
		properties["secretExpiresAfterHours"] = args.SecretExpiresAfterHours
	}
	if args.RotateBeforeExpiryHours != nil {
		properties["rotateBeforeExpiryHours"] = args.RotateBeforeExpiryHours
	}
	if args.Triggers != nil {
		properties["triggers"] = args.Triggers
	}
	if args.Verify != nil {
		properties["verify"] = args.Verify
	}
	if args.ReclaimExpired != nil {
		properties["reclaimExpired"] = args.ReclaimExpired
	}
	if args.MayRemove != nil {
		properties["mayRemove"] = args.MayRemove
	}
	if args.Exclusive != nil {
		properties["exclusive"] = args.Exclusive
	}
	if args.OverlapHours != nil {
		properties["overlapHours"] = args.OverlapHours
	}
	if args.QuietHours != nil {
		properties["quietHours"] = args.QuietHours
	}
	if args.Concurrency != nil {
		properties["concurrency"] = args.Concurrency
	}
	if args.Accounts != nil {
		properties["accounts"] = accountProperties(args.Accounts)
	}
	return properties
}

// ServiceAccountSecretSet: The secrets of many organization service accounts: the same as
// `ProjectServiceAccountSecretSet`, at the level of organizations.
type ServiceAccountSecretSet struct {
	pulumi.CustomResourceState

	// Lifetime in hours, 8 to 8760. A change makes a new secret.
	SecretExpiresAfterHours pulumi.IntOutput `pulumi:"secretExpiresAfterHours"`
	// The rotation window in hours, less than the lifetime: a `pulumi up` this close to the expiry makes a new
	// secret. 0: only once it has expired.
	RotateBeforeExpiryHours pulumi.IntOutput `pulumi:"rotateBeforeExpiryHours"`
	// How long the previous secret stays at least, in hours: 0 to 168, at most the lifetime less the window.
	OverlapHours pulumi.IntOutput `pulumi:"overlapHours"`
	// After the overlap the previous secret goes once nobody has signed in with it for this long, in hours: 0 to
	// 168. 0: at the end of the overlap, used or not.
	QuietHours pulumi.IntOutput `pulumi:"quietHours"`
	// The value of each account's current secret, by the account's name. Always a Pulumi secret.
	Secrets pulumi.StringMapOutput `pulumi:"secrets"`
	// What is recorded of each account, by its name, without a value: `AuditRecords` gives it with all names.
	Records pulumi.MapMapOutput `pulumi:"records"`
	// How many accounts have which status; `account-removed` counts those that left the set and still have secrets.
	StatusCounts pulumi.IntMapOutput `pulumi:"statusCounts"`
	// The same as `Records` for accounts that left the set and still have secrets, by owner and client id.
	RemovedRecords pulumi.MapMapOutput `pulumi:"removedRecords"`
}

var serviceAccountSecretSetClass = secretClass{
	"ServiceAccountSecretSet",
	"pulumi-nodejs:dynamic/atlas:ServiceAccountSecretSet",
	`exports.handler = () => require("pulumi-atlas-secrets/handlers").organizationSecretSet;`,
	true,
	[]string{"secrets"},
}

// NewServiceAccountSecretSet registers the resource. It fails when a secret or a credential would be lost or
// shown: by the options, or by the stack's settings.
func NewServiceAccountSecretSet(
	ctx *pulumi.Context, name string, args *ServiceAccountSecretSetArgs, opts ...pulumi.ResourceOption,
) (*ServiceAccountSecretSet, error) {
	if args == nil {
		args = &ServiceAccountSecretSetArgs{}
	}
	resource := &ServiceAccountSecretSet{}
	return resource, register(ctx, serviceAccountSecretSetClass, name, args, resource, opts)
}

func (resource *ServiceAccountSecretSet) records() (current, removed pulumi.MapMapOutput) {
	return resource.Records, resource.RemovedRecords
}
