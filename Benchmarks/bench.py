#!/usr/bin/env python3
"""Measures skvm beside the build tools found here. CPU milliseconds (user + system) of the child, interleaved medians.

    bench.py --skvm PATH [--skills 1000] [--rounds 7] [--registry DIR] [--json FILE]
"""

import argparse
import json
import os
import re
import shutil
import statistics
import sys
import tempfile
import time

import workload

class Run:
    def __init__(self, command, directory, environment):
        self.command, self.directory, self.environment = command, directory, environment

    def __call__(self):
        """CPU ms, wall ms and the greatest resident size in MiB; stops the benchmark when the command fails."""
        start = time.monotonic()
        pid = os.fork()
        if pid == 0:
            os.chdir(self.directory)
            null = os.open(os.devnull, os.O_WRONLY)
            os.dup2(null, 1)
            if not os.environ.get("BENCH_VERBOSE"):
                os.dup2(null, 2)
            os.execvpe(self.command[0], self.command, self.environment)
        _, status, usage = os.wait4(pid, 0)
        if status != 0:
            sys.exit(f"failed ({status}): {' '.join(self.command)} in {self.directory}; BENCH_VERBOSE=1 shows why")
        return (usage.ru_utime + usage.ru_stime) * 1000, (time.monotonic() - start) * 1000, usage.ru_maxrss / 1024


def interleaved(runs, rounds, before=None):
    """Medians of CPU ms of each named run, one of each a round."""
    times = {name: [] for name in runs}
    for number in range(rounds):
        for name, run in runs.items():
            if before:
                before(name, number)
            times[name].append(run()[0])
    return {name: statistics.median(values) for name, values in times.items()}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--skvm", required=True)
    parser.add_argument("--skills", type=int, default=1000)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--registry")
    parser.add_argument("--json")
    options = parser.parse_args()
    skvm = os.path.abspath(options.skvm)
    scratch = tempfile.mkdtemp(prefix="skvm-bench-")
    environment = dict(os.environ, SKVM_CACHE_DIR=f"{scratch}/cache", SKVM_CONFIG_DIR=f"{scratch}/config",
                       SKVM_STATE_DIR=f"{scratch}/state", HOME=f"{scratch}/home", NO_COLOR="1")
    os.makedirs(f"{scratch}/home")
    count = options.skills
    project, peers = f"{scratch}/project", f"{scratch}/peers"
    workload.skvm_workspace(project, count, options.registry)
    tools = {name: command for name, command in {
        "ninja": ["ninja", "-j2"], "samurai": ["samu", "-j2"], "make": ["make", "-j2"]}.items()
        if shutil.which(command[0])}
    for name in tools:
        workload.peer_workspace(f"{peers}/{name}", count)

    def build(*more):
        return Run([skvm, "build", *more], project, environment)

    figures = {}
    print(f"# {count} skills × 3 targets, CPU ms, medians of {options.rounds} rounds\n")

    cold_cpu, cold_wall, memory = build()()
    pairs = count * 3
    figures["cold"] = {"cpu": cold_cpu, "wall": cold_wall, "per_pair_cpu_ms": cold_cpu / pairs, "MiB": memory}
    print(f"cold build: {cold_cpu:.0f} ms CPU, {cold_wall:.0f} ms wall, {pairs / cold_cpu * 1000:.0f} skill-targets a CPU "
          f"second, {memory:.0f} MiB")
    for name, command in tools.items():
        Run(command, f"{peers}/{name}", environment)()
    time.sleep(1.1)  # so that no stamp is younger than the builds
    build()()

    def table(title, runs, before=None):
        row = interleaved(runs, options.rounds, before)
        figures[title] = row
        reference = row.get("ninja")
        for name, value in row.items():
            ratio = f"  {value / reference:5.2f} × ninja" if reference else ""
            print(f"{title:14} {name:10} {value:9.1f}{ratio}")
        print()

    start = {"skvm": Run([skvm, "--version"], scratch, environment), "true": Run(["true"], scratch, environment)}
    for name in tools:
        start[name] = Run([tools[name][0], "--version"], scratch, environment)
    table("start-up", start)

    everything = {"skvm": build()} | {name: Run(c, f"{peers}/{name}", environment) for name, c in tools.items()}
    table("null", everything)

    def touch(name, number):
        path = f"{project}/skills/bench-00003/SKILL.md" if name == "skvm" else f"{peers}/{name}/s/00003/in0"
        os.utime(path)
        time.sleep(0.03)

    table("touch", everything, touch)

    def edit(name, number):
        if name == "skvm":
            path = f"{project}/skills/bench-00004/SKILL.md"
            with open(path) as file:
                text = file.read()
            with open(path, "w") as file:
                file.write(re.sub(r"Never( \(.*?\))? write", f"Never ({time.monotonic_ns()}) write", text, count=1))
        else:
            with open(f"{peers}/{name}/s/00004/in0", "a") as file:
                file.write(f"edit {number}\n")
        time.sleep(0.03)

    table("one edit", everything, edit)

    # Into the user's three harness folders, which lie in the scratch folder.
    workload.depend_on_members(project, count)
    build()()
    def install():
        return Run([skvm, "install", "--user"], project, environment)

    first = install()()
    figures["install"] = {"cpu": first[0], "wall": first[1]}
    print(f"install of {count} × 3 folders from the lock, warm store: {first[0]:.0f} ms CPU, {first[1]:.0f} ms wall\n")
    table("no-op install", {"build": build(), "install": install()})

    small = f"{scratch}/small"
    workload.skvm_workspace(small, 100, options.registry)
    workload.depend_on_members(small, 100)
    from_lock = Run([skvm, "install", "--user", "--locked"], small, dict(
        environment, HOME=f"{scratch}/home-small", SKVM_STATE_DIR=f"{scratch}/home-small/state"))
    Run([skvm, "build"], small, environment)()

    def uninstall(name, number):
        shutil.rmtree(f"{scratch}/home-small", ignore_errors=True)
        os.makedirs(f"{scratch}/home-small")
        shutil.rmtree(f"{small}/.skvm", ignore_errors=True)

    table("100 × 3 anew", {"install": from_lock}, uninstall)

    if options.json:
        with open(options.json, "w") as file:
            json.dump(figures, file, indent=1)
    shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
