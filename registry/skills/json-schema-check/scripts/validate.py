#!/usr/bin/env python3
"""Validates JSON and YAML files against a JSON Schema: one line an error. Exits 1 when there are any."""
import argparse
import json
import pathlib
import sys

import jsonschema
from jsonschema.validators import validator_for


def load(path: pathlib.Path):
    text = path.read_text(encoding="utf-8")
    if path.suffix in {".yaml", ".yml"}:
        import yaml
        return yaml.safe_load(text)
    return json.loads(text)


def kind(value) -> str:
    names = {bool: "a boolean", int: "an integer", float: "a number", str: "a string", dict: "an object", list: "an array"}
    return names.get(type(value), "null")


def plain(error: jsonschema.ValidationError) -> str:
    value = json.dumps(error.instance, ensure_ascii=False)
    value = value if len(value) <= 60 else value[:57] + "..."
    match error.validator:
        case "type":
            wanted = error.validator_value
            return f"{value} is {kind(error.instance)}, expected {' or '.join(wanted) if isinstance(wanted, list) else wanted}"
        case "minimum":
            return f"{value} is below the minimum {error.validator_value}"
        case "maximum":
            return f"{value} is above the maximum {error.validator_value}"
        case "enum":
            return f"{value} is none of {', '.join(map(json.dumps, error.validator_value))}"
        case "required" | "additionalProperties":
            return error.message[0].lower() + error.message[1:]
        case _:
            return error.message


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--schema", required=True)
    parser.add_argument("files", nargs="+")
    a = parser.parse_args()
    schema = load(pathlib.Path(a.schema))
    validator_class = validator_for(schema)
    try:
        validator_class.check_schema(schema)
    except jsonschema.SchemaError as error:
        print(f"{a.schema} /{'/'.join(map(str, error.absolute_path))}: {error.message}")
        return 2
    validator = validator_class(schema)
    count = 0
    for path in map(pathlib.Path, a.files):
        try:
            document = load(path)
        except ValueError as error:
            print(f"{path}: cannot be read: {error}")
            count += 1
            continue
        for error in sorted(validator.iter_errors(document), key=lambda e: [str(p) for p in e.absolute_path]):
            print(f"{path} /{'/'.join(map(str, error.absolute_path))}: {plain(error)}")
            count += 1
    print(f"{count} errors in {len(a.files)} files")
    return 1 if count else 0


if __name__ == "__main__":
    sys.exit(main())
