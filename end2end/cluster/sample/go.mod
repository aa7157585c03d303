module quayside.dev/sample

go 1.23
