package main

import (
	"cmp"
	"fmt"
	"net/http"
	"os"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

// signIn is a consumer of a service account secret: it signs in to Atlas with it. A real program puts it into a secret of Kubernetes, a
// variable of a CI or a secret store in this place. It runs in every pulumi up, and in no preview; what it returns as an error fails the
// run, and nothing is deleted.
func signIn(ctx *pulumi.Context, clientID, secret string) (bool, error) {
	if ctx.DryRun() {
		return true, nil
	}
	configured := config.New(ctx, "mongodbatlas").Get("baseUrl")
	baseURL := cmp.Or(configured, os.Getenv("MONGODB_ATLAS_BASE_URL"), "https://cloud.mongodb.com")
	request, err := http.NewRequest("POST", baseURL+"/api/oauth/token", strings.NewReader("grant_type=client_credentials"))
	if err != nil {
		return false, err
	}
	request.SetBasicAuth(clientID, secret)
	request.Header.Set("Accept", "application/json")
	request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return false, err
	}
	defer answer.Body.Close()
	if answer.StatusCode != http.StatusOK {
		return false, fmt.Errorf("%s could not sign in: Atlas answered %d", clientID, answer.StatusCode)
	}
	return true, nil
}
