// Command module-archive makes the archive of a Go module as a module proxy serves it, and unpacks it as the go command does, with
// the checks of both: module-archive <folder of the module> <path@version> <archive> <folder to unpack it into>.
//
// See https://go.dev/ref/mod#zip-files.
package main

import (
	"log"
	"os"
	"strings"

	"golang.org/x/mod/module"
	"golang.org/x/mod/zip"
)

func main() {
	log.SetFlags(0)
	if len(os.Args) != 5 {
		log.Fatal("usage: module-archive <folder of the module> <path@version> <archive> <folder to unpack it into>")
	}
	path, version, _ := strings.Cut(os.Args[2], "@")
	of := module.Version{Path: path, Version: version}
	if err := archive(os.Args[1], of, os.Args[3], os.Args[4]); err != nil {
		log.Fatal(err)
	}
}

func archive(source string, of module.Version, file, target string) (err error) {
	out, err := os.Create(file)
	if err != nil {
		return err
	}
	if err := zip.CreateFromDir(out, of, source); err != nil {
		return err
	}
	if err := out.Close(); err != nil {
		return err
	}
	return zip.Unzip(target, of, file)
}
