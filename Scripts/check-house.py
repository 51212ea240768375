#!/usr/bin/env python3
"""Checks the rules of the house that no compiler knows. Prints one line a fault, exits 1 when there is any.

- A module depends only on modules of lower floors. The floors are the `// Floor N` comments of Package.swift, the
  dependencies are what `swift package dump-package` says.
- A system library is imported by one module only. Nothing imports all of Foundation.
- What C code of ours defines is called `skvm_…`: the program exports it, and under a library's name the libraries that use
  that one would be bound to it. (libgit2's functions in `CLibgit2` are called by nobody else.)
- Each module has a README.md of at most 15 lines; no Swift file has more than 500.
"""
import json
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
IMPORT = re.compile(r"^\s*(?:@\w+\s+|public |package |internal |private |fileprivate )*import (?:\w+ )?(\w+)", re.M)


def floors() -> dict[str, int]:
    result: dict[str, int] = {}
    floor = None
    for line in (ROOT / "Package.swift").read_text(encoding="utf-8").splitlines():
        if mark := re.match(r"\s*// Floor (\d+)", line):
            floor = int(mark[1])
        elif floor is not None and "TestSupport" in line:
            break
        elif floor is not None:
            for name in re.findall(r'(?:module\(\s*|^\s*|name: )"(\w+)"', line):
                result.setdefault(name, floor)
    return result


def dependencies() -> dict[str, list[str]]:
    dump = json.loads(subprocess.run(
        ["swift", "package", "dump-package"], cwd=ROOT, check=True, capture_output=True, text=True).stdout)
    result = {}
    for target in dump["targets"]:
        # The tools of build plugins run while building: they stand beside the house.
        if target["type"] == "executable" and target["name"] != "skvm":
            continue
        if target["type"] not in {"regular", "executable", "system"} or target.get("path", "") not in {None, ""}:
            continue
        result[target["name"]] = [
            (d.get("byName") or d.get("target"))[0] for d in target["dependencies"] if "product" not in d]
    return result


TYPE = re.compile(r"^(?:package |indirect |final )*(?:enum|struct|class|protocol|actor) (\w+)", re.M)


def undigested() -> list[str]:
    """Uses of one pass's types by another that the PassDigests plugin doesn't count into the other's digest.

    `Shared` and `Parse` count for every pass, and so may use nothing of one.
    """
    plugin = next(ROOT.glob("Plugins/PassDigests/*.swift")).read_text(encoding="utf-8")
    table = {name: set(re.findall(r'"(\w+)"', rest)) for name, rest in re.findall(r'"(\w+)": \[([^\]]*)\],', plugin)}
    texts: dict[str, str] = {}
    for file in sorted(ROOT.glob("Sources/Passes/*/**/*.swift")):
        folder = file.relative_to(ROOT / "Sources" / "Passes").parts[0]
        code = re.sub(r"//.*", "", file.read_text(encoding="utf-8"))
        texts[folder] = texts.get(folder, "") + code
    common = {folder: texts.pop(folder) for folder in ("Shared", "Parse")}
    makers: dict[str, set[str]] = {}
    for folder, text in texts.items():
        for name in TYPE.findall(text):
            makers.setdefault(name, set()).add(folder)
    faults = []
    for folder, text in texts.items():
        for name in sorted(set(re.findall(r"\b[A-Z]\w+", text)) & makers.keys()):
            if folder not in makers[name] and not makers[name] & table.get(folder, set()):
                faults.append(f"Sources/Passes/{folder} uses {name} of {min(makers[name])}: "
                              "name that folder in the table of Plugins/PassDigests")
    for folder, text in common.items():
        own = set(TYPE.findall("".join(common.values())))
        for name in sorted(set(re.findall(r"\b[A-Z]\w+", re.sub(r'"(?:[^"\\\n]|\\.)*"', "", text))) & makers.keys() - own):
            faults.append(f"Sources/Passes/{folder} uses {name} of {min(makers[name])}, which is in no other pass's digest: "
                          "move it to Shared")
    return faults


def main() -> int:
    faults: list[str] = []
    floor, graph = floors(), dependencies()
    for name, uses in sorted(graph.items()):
        if name not in floor:
            faults.append(f"Package.swift: {name} stands on no floor")
            continue
        for used in uses:
            if used in floor and floor[used] >= floor[name]:
                faults.append(
                    f"Package.swift: {name} (floor {floor[name]}) may not depend on {used} (floor {floor[used]})")

    importers: dict[str, set[str]] = {}
    for file in sorted([*ROOT.glob("Sources/**/*.swift"), *ROOT.glob("Tests/**/*.swift")]):
        text = file.read_text(encoding="utf-8")
        place = file.relative_to(ROOT)
        if (lines := text.count("\n")) > 500:
            faults.append(f"{place}: {lines} lines; no file has more than 500")
        for imported in IMPORT.findall(text):
            heavy = imported in {"Foundation", "FoundationNetworking"}
            if heavy and place.parts[0] == "Sources" and place.parts[1] in graph:
                faults.append(f"{place}: imports {imported}")
            if imported in floor and floor[imported] == 0:
                importers.setdefault(imported, set()).add(place.parts[1])
    for library, modules in sorted(importers.items()):
        if len(modules) > 1:
            faults.append(f"{library} is imported by more than one module: {', '.join(sorted(modules))}")

    for name in sorted(graph):
        readme = ROOT / "Sources" / name / "README.md"
        if not readme.exists():
            if floor.get(name) != 0:
                faults.append(f"Sources/{name} has no README.md")
        elif (lines := len(readme.read_text(encoding="utf-8").splitlines())) > 15:
            faults.append(f"{readme.relative_to(ROOT)}: {lines} lines; a module's README has at most 15")

    for file in sorted(ROOT.glob("Sources/C*/*.c")):
        if file.parent.name == "CLibgit2":
            continue
        for name in re.findall(r"^(?!static)\w[\w *]*?\b(\w+)\([^;]*?\) ?\{", file.read_text(encoding="utf-8"), re.M):
            if not name.startswith("skvm_"):
                faults.append(f"{file.relative_to(ROOT)}: defines {name}, which libraries may look for")

    faults += undigested()
    for fault in faults:
        print(fault)
    print(f"{len(graph)} modules on {len(set(floor.values()))} floors, {len(faults)} faults", file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
