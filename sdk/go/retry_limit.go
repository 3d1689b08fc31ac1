package atlassecrets

import (
	"fmt"
	"sync/atomic"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// A hook's name is its own within a run.
var retryLimits atomic.Int64

// retryLimit keeps OnError of a program from losing a secret: once hooks have asked for the hundredth try, the engine forgets what all of
// them saved, what the resource had before included; and before 3.264 it repeats a creation that saved a secret as another creation. It
// gives a hook of ours to come after those of the program; none when it has none.
func retryLimit(ctx *pulumi.Context, options *pulumi.ResourceOptions) ([]pulumi.ResourceOption, error) {
	if options.Hooks == nil || len(options.Hooks.OnError) == 0 {
		return nil, nil
	}
	name := fmt.Sprintf("%s-%d", packageName, retryLimits.Add(1))
	limit, err := ctx.RegisterErrorHook(name, func(args *pulumi.ErrorHookArgs) (bool, error) {
		return false, findRetryProblem(ctx, args)
	})
	if err != nil {
		return nil, err
	}
	return []pulumi.ResourceOption{pulumi.ResourceHooks(&pulumi.ResourceHookBinding{OnError: []*pulumi.ErrorHook{limit}})}, nil
}

// findRetryProblem says why there is no other try; it is shown in place of the failure.
func findRetryProblem(ctx *pulumi.Context, args *pulumi.ErrorHookArgs) error {
	newest := ""
	if len(args.Errors) > 0 {
		newest = args.Errors[0]
	}
	if len(args.Errors) >= mostTries {
		return fmt.Errorf("%s It is not tried again after %d times", newest, mostTries)
	}
	if args.FailedOperation == "create" && ctx.RequirePulumiVersion(createsOnce) != nil {
		return fmt.Errorf("%s OnError repeats a creation only with Pulumi CLI %s", newest, createsOnce)
	}
	return nil
}
