#!/usr/bin/env python3
"""Measures the installation of 100 skills into three harness folders from a warm cache, beside what package managers of
other ecosystems that are found here do with 100 local packages of as many files. CPU milliseconds (user + system), medians,
interleaved.

    installers.py --skvm PATH [--count 100] [--rounds 5]

Each installs into a place that is empty; `uv` (pip install uv) and `npm` from a cache that has everything. skvm also compiles
for three targets before: that is done, and in its cache.
"""

import argparse
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import zipfile

import workload
from bench import Run, interleaved


def file_texts(name):
    """The sizes of a generated skill's files."""
    import random
    return {"SKILL.md": workload.skill_text(name, random.Random(name)), "run.sh": "#!/bin/sh\necho \"$1\"\n",
            "main.py": "import csv, sys\nprint(len(sys.argv))\n", "notes.md": f"# Notes of {name}\n"}


def wheel(folder, index):
    name = f"bench_{index:05d}"
    path = f"{folder}/{name}-1.0-py3-none-any.whl"
    info = f"{name}-1.0.dist-info"
    files = {f"{name}/{key}": text for key, text in file_texts(name).items()}
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n"
    files[f"{info}/WHEEL"] = "Wheel-Version: 1.0\nGenerator: bench\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    files[f"{info}/RECORD"] = "".join(f"{key},,\n" for key in files) + f"{info}/RECORD,,\n"
    with zipfile.ZipFile(path, "w") as archive:
        for key, text in files.items():
            archive.writestr(key, text)
    return path


def tarball(folder, index):
    name = f"bench-{index:05d}"
    path = f"{folder}/{name}.tgz"
    files = dict(file_texts(name), **{"package.json": json.dumps({"name": name, "version": "1.0.0"})})
    with tarfile.open(path, "w:gz") as archive:
        for key, text in files.items():
            data = text.encode()
            entry = tarfile.TarInfo(f"package/{key}")
            entry.size = len(data)
            archive.addfile(entry, io.BytesIO(data))
    return name, path


def prepare_uv(scratch, count, environment):
    folder = f"{scratch}/uv"
    os.makedirs(folder)
    wheels = [wheel(folder, index) for index in range(count)]
    with open(f"{folder}/requirements.txt", "w") as file:
        file.writelines(f"bench-{index:05d} @ file://{path}\n" for index, path in enumerate(wheels))
    subprocess.run(["uv", "venv", "-q", f"{folder}/venv"], env=environment, check=True)
    run = Run(["uv", "pip", "sync", "-q", "--offline", "--python", f"{folder}/venv", f"{folder}/requirements.txt"], folder,
              environment)

    def empty():
        shutil.rmtree(f"{folder}/venv")
        subprocess.run(["uv", "venv", "-q", f"{folder}/venv"], env=environment, check=True)

    return run, empty


def prepare_npm(scratch, count, environment):
    folder = f"{scratch}/npm"
    os.makedirs(folder)
    packages = dict(tarball(folder, index) for index in range(count))
    with open(f"{folder}/package.json", "w") as file:
        json.dump({"name": "bench", "version": "1.0.0",
                   "dependencies": {name: f"file:{path}" for name, path in packages.items()}}, file)
    flags = ["--offline", "--no-audit", "--no-fund", "--ignore-scripts", "--silent"]
    subprocess.run(["npm", "install", "--package-lock-only", *flags], cwd=folder, env=environment, check=True)
    return Run(["npm", "ci", *flags], folder, environment), lambda: shutil.rmtree(f"{folder}/node_modules", ignore_errors=True)


def prepare_skvm(skvm, scratch, count, environment):
    project = f"{scratch}/project"
    workload.skvm_workspace(project, count, None)
    workload.depend_on_members(project, count)
    Run([skvm, "build"], project, environment)()
    Run([skvm, "install", "--user"], project, environment)()

    def empty():
        for folder in [f"{scratch}/home", f"{scratch}/state", f"{project}/.skvm"]:
            shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(f"{scratch}/home")

    return Run([skvm, "install", "--user", "--locked"], project, environment), empty


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--skvm", required=True)
    parser.add_argument("--count", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    scratch = tempfile.mkdtemp(prefix="skvm-bench-")
    environment = dict(os.environ, SKVM_CACHE_DIR=f"{scratch}/cache", SKVM_CONFIG_DIR=f"{scratch}/config",
                       SKVM_STATE_DIR=f"{scratch}/state", UV_CACHE_DIR=f"{scratch}/uv-cache",
                       npm_config_cache=f"{scratch}/npm-cache", NO_COLOR="1")
    os.makedirs(f"{scratch}/home")
    count = options.count
    prepared = {f"skvm, {count} × 3 folders": prepare_skvm(
        os.path.abspath(options.skvm), scratch, count, dict(environment, HOME=f"{scratch}/home"))}
    if shutil.which("uv"):
        prepared[f"uv pip sync, {count}"] = prepare_uv(scratch, count, environment)
    if shutil.which("npm"):
        prepared[f"npm ci, {count}"] = prepare_npm(scratch, count, environment)
    for run, _ in prepared.values():
        run()
    noop = interleaved({name: run for name, (run, _) in prepared.items() if not name.startswith("npm")}, options.rounds)
    table("nothing to do", noop)
    anew = interleaved({name: run for name, (run, _) in prepared.items()}, options.rounds,
                       lambda name, _: prepared[name][1]())
    table("into an empty place, warm cache", anew)
    shutil.rmtree(scratch, ignore_errors=True)


def table(title, medians):
    own = next(iter(medians.values()))
    print(f"{title}: " + ", ".join(f"{name} {value:.0f} ms ({value / own:.2f})" for name, value in medians.items()), flush=True)


if __name__ == "__main__":
    main()
