module module-archive

go 1.26.6

require golang.org/x/mod v0.43.0
