import Basics
package import Formats

/// A JSON Schema of `docs/formats`, as the `jsonschema` package for Python reads it.
package struct JSONSchema: Sendable {
    private let path: String
    private let definition: String?

    /// The whole schema in file `name`, or its `$defs/DEFINITION`.
    package init(_ name: String, definition: String? = nil) throws {
        guard let tests = #filePath.firstRange(of: "/Tests/TestSupport/") else {
            throw TestServerError("\(#filePath) is not in Tests/TestSupport")
        }
        path = String(#filePath[..<tests.lowerBound]) + "/docs/formats/" + name
        self.definition = definition
    }

    /// The schema, or the definition in it, as JSON.
    package func read() throws -> JSONValue {
        let whole = try StrictJSON.parse(FileSystem.read(path), file: path)
        guard let definition else { return whole }
        guard let found = whole["$defs"]?[definition] else {
            throw TestServerError("\(path) has no $defs/\(definition)")
        }
        return found
    }

    private static let validator = """
        import json, sys
        import jsonschema
        path, definition, documents = sys.argv[1:]
        schema = json.load(open(path))
        jsonschema.Draft202012Validator.check_schema(schema)
        validator = jsonschema.Draft202012Validator(schema)
        if definition:
            validator = validator.evolve(schema={"$ref": "#/$defs/" + definition, "$defs": schema["$defs"]})
        for line in open(documents):
            errors = sorted(error.message for error in validator.iter_errors(json.loads(line)))
            print(errors[0].replace("\\n", " ")[:300] if errors else "ok")
        """

    /// For each document, `ok` or the first error. Each is JSON on one line.
    package func verdicts(_ documents: [String]) async throws -> [String] {
        try await withScratch { scratch in
            try write(["documents.jsonl": documents.joined(separator: "\n") + "\n"], in: scratch)
            let run = try await Program(
                "python3", ["-c", Self.validator, path, definition ?? "", scratch + "/documents.jsonl"]
            ).run()
            guard run.succeeded else { throw TestServerError("python3 with jsonschema: \(run.errorText)") }
            return run.outputText.split(separator: "\n").map(String.init)
        }
    }
}
