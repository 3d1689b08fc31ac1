//go:build tools

// Package tools pins what a build of Pulumi's language host for go needs; go.mod and go.sum beside it are what counts.
package tools

import _ "github.com/pulumi/pulumi/sdk/v3/go/pulumi-language-go"
