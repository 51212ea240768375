package import Basics
package import ContentStore
package import SkillModel

/// A custom pass with all that it is made of: what its key holds, and what its run needs.
package struct PreparedPass: Sendable, Hashable {
    /// The program that a command names by a name on the path.
    package struct Program: Sendable, Hashable {
        package var name: String
        /// Of its executable; nil when this machine has none: then only the cache can answer.
        package var blob: Blob?
        /// Where the run finds it. No part of a key.
        package var path: String

        package init(name: String, blob: Blob?, path: String) {
            self.name = name
            self.blob = blob
            self.path = path
        }
    }

    package var pass: CustomPass
    /// The project's files that it may read, at their paths in the project; in the store.
    package var files: [TreeEntry]
    /// Nil when the program is one of `files`.
    package var program: Program?
    /// Declared variables; nil is unset.
    package var variables: [String: String?]
    /// The passes that it comes after, directly or not.
    package var before: Set<String>

    package init(
        _ pass: CustomPass, files: [TreeEntry], program: Program?, variables: [String: String?], before: Set<String>
    ) {
        self.pass = pass
        self.files = files
        self.program = program
        self.variables = variables
        self.before = before
    }

    package var name: String { pass.name.description }

    /// Of all that its keys hold beside the skill and the target.
    package var identity: Digest {
        var parts = [name] + pass.command + [""] + pass.inputs.map(\.rawValue).sorted() + [""] + before.sorted() + [""]
        parts += pass.phrases + ["", program?.name ?? "", program?.blob?.digest.description ?? ""]
        for file in files {
            switch file.kind {
            case .file(let blob, let executable): parts += [file.path.text, "\(executable)", blob.digest.description]
            case .symlink(let target): parts += [file.path.text, "link", target]
            }
        }
        parts.append("")
        for (name, value) in variables.sorted(by: { $0.key < $1.key }) {
            parts += [name, value.map { "=" + $0 } ?? ""]
        }
        return Digest(of: parts.map { "\($0.utf8.count):\($0)" }.joined())
    }
}

/// Runs a custom pass for the pipeline: in a sandbox, or, in tests, without a program.
package protocol PassRunner: Sendable {
    /// What the pass prints for `request`; `skill` are the files it may read, in the store, when it asked for them.
    ///
    /// Throws `DiagnosticsError` when it does not come to its end as it should; nothing is cached then.
    func answer(of pass: PreparedPass, on skill: String, to request: [UInt8], files: [TreeEntry]?) throws -> [UInt8]
}

/// The custom passes of a project, in the order in which they run.
package struct CustomPasses: Sendable {
    package var passes: [PreparedPass]
    package var runner: any PassRunner

    package init(_ passes: [PreparedPass], runner: any PassRunner) {
        self.passes = passes
        self.runner = runner
    }
}
