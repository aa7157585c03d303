# Short names for the scripts; the logic is in scripts/. `make` alone lists them.
.DEFAULT_GOAL := help
.PHONY: help run dev test faults bench fuzz setup fmt cluster-up cluster-down

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: ## build and serve the portal, with a local cluster unless KUBECONFIG names one (PORT=3000, BASE_PATH=/team/portal, MODE=stripped or kept)
	@PORT="$(PORT)" BASE_PATH="$(BASE_PATH)" MODE="$(MODE)" exec scripts/run.sh

dev: ## the same, built and served again after each edit (PORT=3000)
	@PORT="$(PORT)" exec scripts/dev.sh

test: ## prove everything: lints, unit tests, a real cluster, a real browser
	@exec scripts/test.sh

faults: ## prove what needs long: kills, full disks, clocks, memory, thousands of random cases
	@exec scripts/faults.sh

bench: ## measure the release portal against curl and nginx
	@exec scripts/bench.sh

fuzz: ## fuzz all that reads outside text, 20 seconds per target (FOR=20)
	@FOR="$(FOR)" scripts/fuzz.sh

setup: ## install what building and testing needs, and nothing else
	@scripts/setup.sh build cluster browser tests

fmt: ## format the Rust code
	@scripts/fmt.sh

cluster-up: ## start the local cluster and load the sample apps
	@end2end/cluster/cluster.sh up && end2end/cluster/cluster.sh load-samples

cluster-down: ## stop the local cluster; nothing is left
	@end2end/cluster/cluster.sh down
