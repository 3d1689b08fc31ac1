package atlassecrets

import (
	"fmt"
	"regexp"
	"strings"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// claimant is the resource that claims an account. Type, parent and name together tell it from all others, as in its URN.
type claimant struct {
	class  secretClass
	name   string
	parent pulumi.Resource
}

func (one claimant) isSame(other claimant) bool {
	return one.class.name == other.class.name && one.name == other.name && one.parent == other.parent
}

type claim struct {
	claimant
	isExclusive bool
}

// claimsOfRun holds what is claimed in one run of a program, by client id.
type claimsOfRun struct {
	lock sync.Mutex
	byID map[string][]claim
}

// By run: the Automation API runs several programs in one process. Contexts that are derived from one another share their log.
var claimsOfRuns sync.Map

// claimAccounts notes which accounts a resource uses, and returns its properties with the client ids to register. It fails at once for
// plain arguments; with outputs, the client id fails, and so does the registration.
//
// exclusive lets an untracked live secret be deleted for its slot, and the engine tells a provider about resources one at a time: a
// second resource's recorded secret would look untracked. A rotating resource needs both slots.
func claimAccounts(ctx *pulumi.Context, by claimant, args secretArgs) (pulumi.Map, error) {
	found, _ := claimsOfRuns.LoadOrStore(ctx.Log, &claimsOfRun{byID: map[string][]claim{}})
	claims := found.(*claimsOfRun)
	properties := args.properties()
	accounts, isSet := properties["accounts"].(pulumi.MapMap)
	if !isSet {
		return properties, claims.claim(by, properties, nil)
	}
	for _, account := range accounts {
		if err := claims.claim(by, account.(pulumi.Map), properties["exclusive"]); err != nil {
			return nil, err
		}
	}
	return properties, nil
}

func (claims *claimsOfRun) claim(by claimant, account pulumi.Map, exclusive pulumi.Input) error {
	if own, ok := account["exclusive"]; ok {
		exclusive = own
	}
	if exclusive == nil {
		exclusive = pulumi.Bool(false)
	}
	clientID, isPlain := account["clientId"].(pulumi.String)
	isExclusive, isKnown := exclusive.(pulumi.Bool)
	if isPlain && isKnown {
		return claims.add(string(clientID), claim{by, bool(isExclusive)})
	}
	if account["clientId"] == nil {
		return nil // The check says so.
	}
	account["clientId"] = pulumi.All(account["clientId"], exclusive).ApplyT(func(known []any) (string, error) {
		id, _ := known[0].(string)
		exclusive, _ := known[1].(bool)
		if pointer, ok := known[1].(*bool); ok && pointer != nil {
			exclusive = *pointer
		}
		return id, claims.add(id, claim{by, exclusive})
	})
	return nil
}

func (claims *claimsOfRun) add(clientID string, added claim) error {
	claims.lock.Lock()
	defer claims.lock.Unlock()
	account := strings.ToLower(clientID)
	var all []claim
	for _, other := range claims.byID[account] {
		if !other.isSame(added.claimant) {
			all = append(all, other)
		}
	}
	all = append(all, added)
	claims.byID[account] = all
	if len(all) == 1 {
		return nil
	}
	var names []string
	var isRotating, isExclusive bool
	for _, one := range all {
		names = append(names, describe(one.class, one.name))
		isRotating = isRotating || one.class.isRotating
		isExclusive = isExclusive || one.isExclusive
	}
	both := strings.Join(names, " and ")
	if isRotating {
		return fmt.Errorf("service account %s has a rotating secret, which needs both slots of the account, but %s are both on it. "+
			"Declare one of them, or give each its own account", toShownID(clientID), both)
	}
	if isExclusive {
		return fmt.Errorf("service account %s is called exclusive, but %s are both on it, and one could delete the other's secret. "+
			"Declare one secret on it, or leave exclusive out", toShownID(clientID), both)
	}
	return nil
}

var clientIDShape = regexp.MustCompile(clientIDPattern)

// It can be a value in the wrong place: nothing has checked it yet.
func toShownID(clientID string) string {
	if clientIDShape.MatchString(clientID) {
		return clientID
	}
	return "[not an id]"
}
