//go:build tools

// Package tools pins what a build of the Pulumi CLI needs; go.mod and go.sum beside it are what counts.
package tools

import _ "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi"
