# Aula: every target sets up what it needs first, can be repeated, and ends by saying what to do next.
# Settings, from the environment: NAME PREFIX STATE PORT SUBNET NODES CLUSTER SITE (see: make help).

DEPLOY := /usr/bin/python3 -m deploy

.PHONY: help up demo correct install check-site down backup restore units upgrade uninstall status test quick bench hostile soak pack check notebooks book

help:       ## what there is
	@grep -E '^[a-z-]+: +##' Makefile | sed -E 's/: +## /\t/' | expand -t 14
	@$(DEPLOY) --help | sed -n '/^settings/,$$p'

up:         ## a whole classroom on this machine: Slurm, hub, course, book
	@$(DEPLOY) up

install:    ## only what up needs from the package registries
	@$(DEPLOY) install

check-site: ## try a centre's site.yml: make check-site SITE=site.yml
	@CLUSTER=site $(DEPLOY) check-site

down:       ## stop exactly what up started; work and grades stay
	@$(DEPLOY) down

demo:       ## bring the demo people and a course run into a class that is up
	@$(DEPLOY) demo

correct:    ## a corrected course for a class that runs: make correct RUN=name NOTE="what has changed"
	@$(DEPLOY) correct

status:     ## what runs where, and whether it is healthy (JSON=1 for scripts)
	@$(DEPLOY) status

backup:     ## everything that cannot be built again, in one file: make backup TO=aula.tar.gz
	@$(DEPLOY) backup

restore:    ## bring a backup back on another machine: make restore FROM=aula.tar.gz, then make up
	@$(DEPLOY) restore

units:      ## systemd units for a service node: make units TO=/etc/systemd/system
	@$(DEPLOY) units

upgrade:    ## after a newer checkout, where systemd starts the class; elsewhere: make up
	@$(DEPLOY) upgrade

uninstall:  ## remove the class; people's work only with DATA=delete
	@$(DEPLOY) uninstall

test:       ## lint, types, tests, and the journey in a browser, in a classroom of its own
	@$(DEPLOY) test

quick:      ## the part of it that takes under a minute
	@$(DEPLOY) quick

bench:      ## ours against the peers, to build/bench/NAME.json (BENCH=spawn for one)
	@$(DEPLOY) bench

hostile:    ## what attackers try; what was contained: build/hostile.json
	@$(DEPLOY) hostile

soak:       ## the long fault runs, and a thousand kernel starts: about half an hour
	@$(DEPLOY) soak

pack:       ## each environment of notebooks as one file, for nodes on a slow file system
	@$(DEPLOY) pack

check:      ## what is wrong with courses: make check COURSE=name, or CHANGED=origin/main
	@$(DEPLOY) check

notebooks:  ## execute every notebook with papermill on the cluster (COURSE=name for one course)
	@$(DEPLOY) notebooks

book:       ## build the book to build/book/html (PDF=1: each course as a PDF, too)
	@$(DEPLOY) book
