package atlassecrets

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
)

// findProblem says why a resource must not be registered: by its options, by the stack's settings, or since nothing would be found that
// manages it.
func findProblem(ctx *pulumi.Context, class secretClass, name string, options *pulumi.ResourceOptions) error {
	what := describe(class, name)
	if options.Import != nil {
		return fmt.Errorf("%s: the option Import cannot take over a secret, since Atlas shows its value only once. Leave it out and run "+
			"'atlas-secrets adopt --help' (npm package pulumi-atlas-secrets-cli): adopt makes the file for 'pulumi import --file'", what)
	}
	if _, isOurs := options.Provider.(*AtlasProvider); options.Provider != nil && !isOurs {
		return fmt.Errorf("%s: its provider is one of another package, which knows nothing of it. Give it an AtlasProvider, or none", what)
	}
	if err := findCredentialProblem(ctx); err != nil {
		return err
	}
	return findHandlerProblem()
}

func findCredentialProblem(ctx *pulumi.Context) error {
	for _, name := range confidentialSettings {
		key := configNamespace + ":" + name
		if _, isSet := ctx.GetConfig(key); isSet && !ctx.IsConfigSecret(key) {
			return fmt.Errorf("%s is stored in plaintext in the stack configuration. Encrypt it: pulumi config set --secret %s "+
				"(and replace the credential at Atlas if the file was committed)", key, key)
		}
	}
	return nil
}

// findHandlerProblem looks where the engine looks, in the folder that it starts a program in. Only a program that the CLI runs is judged:
// with mocks nothing is loaded, and an inline program of the Automation API runs in a folder of its own.
func findHandlerProblem() error {
	if os.Getenv("PULUMI_MONITOR") == "" {
		return nil
	}
	folder, err := os.Getwd()
	if err != nil {
		return err
	}
	node := ""
	if _, err := exec.LookPath("node"); err != nil {
		node = "Node.js, which is not on the PATH, and "
	}
	if node == "" && isInstalled(folder, packageName) && isInstalled(folder, "@pulumi/pulumi") {
		return nil
	}
	return fmt.Errorf("the engine cannot load %s, which manages these secrets: it needs %sthe npm packages in %s; run "+
		"'npm install %s @pulumi/pulumi' there, then 'pulumi up'", packageName, node, folder, packageName)
}

func isInstalled(folder, name string) bool {
	for {
		if _, err := os.Stat(filepath.Join(folder, "node_modules", filepath.FromSlash(name), "package.json")); err == nil {
			return true
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return false
		}
		folder = parent
	}
}
