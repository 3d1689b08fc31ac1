package atlassecrets

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// Secret is a resource that holds the secret of one account.
type Secret interface {
	pulumi.CustomResource
	audited() pulumi.Map
}

// SecretSet is a resource that holds the secrets of many accounts.
type SecretSet interface {
	pulumi.CustomResource
	records() (current, removed pulumi.MapMapOutput)
}

// AuditRecord gives the value-free record of a resource, meant for ctx.Export: who, which secret, until when. Its properties are those of
// audit-record.schema.json of the Node.js package; what a resource does not have is left out. It is never a Pulumi secret, also when an
// id was given as one: nothing in it is confidential.
func AuditRecord(resource Secret) pulumi.MapOutput {
	record := pulumi.All(resource.URN(), resource.audited()).ApplyT(func(known []any) map[string]any {
		return toRecord(toName(known[0].(pulumi.URN)), known[1].(map[string]any))
	})
	return pulumi.Unsecret(record).(pulumi.MapOutput)
}

// AuditRecords gives the records of a set: one for each of its accounts, named set[account].
func AuditRecords(set SecretSet) pulumi.MapArrayOutput {
	current, removed := set.records()
	all := pulumi.All(set.URN(), current, removed).ApplyT(func(known []any) []map[string]any {
		name := toName(known[0].(pulumi.URN))
		current, _ := known[1].(map[string]map[string]any)
		removed, _ := known[2].(map[string]map[string]any)
		byName := listRecords(name, current, func(account string, _ map[string]any) any { return account })
		byClientID := listRecords(name, removed, func(_ string, record map[string]any) any { return record["clientId"] })
		return append(byName, byClientID...)
	})
	return pulumi.Unsecret(all).(pulumi.MapArrayOutput)
}

func toName(urn pulumi.URN) string {
	parts := strings.SplitN(string(urn), "::", 4)
	return parts[len(parts)-1]
}

func toRecord(name string, values map[string]any) map[string]any {
	record := map[string]any{"name": name}
	for _, key := range audited {
		switch value := values[key].(type) {
		case nil:
		case *string:
			if value != nil {
				record[key] = *value
			}
		default:
			record[key] = value
		}
	}
	return record
}

func listRecords(set string, records map[string]map[string]any, name func(key string, record map[string]any) any) []map[string]any {
	var all []map[string]any
	for _, key := range slices.Sorted(maps.Keys(records)) {
		all = append(all, toRecord(fmt.Sprintf("%s[%v]", set, name(key, records[key])), records[key]))
	}
	return all
}
