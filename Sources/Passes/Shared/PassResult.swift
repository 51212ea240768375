package import Basics

/// What a pass puts out: its value, and the diagnostics that a cached result shows again. A nil value means that there is
/// nothing for the passes after this one; then at least one diagnostic is an error. A value beside an error can be shown
/// (`inspect`) but must not be built.
package struct PassResult<Value: Sendable & Codable>: Sendable, Codable {
    package var value: Value?
    package var diagnostics: [Diagnostic]
    package init(_ value: Value?, diagnostics: [Diagnostic] = []) {
        self.value = value
        self.diagnostics = diagnostics
    }

    /// Whether a diagnostic is an error: then no variant may be made from the value.
    package var hasErrors: Bool { diagnostics.contains { $0.severity == .error } }
}

/// A file of a skill as a pass gets it.
package struct SourceFile: Sendable, Equatable {
    package var path: RelativePath
    /// The whole file. For a symlink: its target. May be left empty for a large file that is neither SKILL.md nor a script.
    package var bytes: [UInt8]
    /// The file's length in bytes, also when `bytes` was left empty.
    package var size: Int
    package var isExecutable: Bool
    package var isSymlink: Bool
    package init(
        path: RelativePath, bytes: [UInt8], size: Int? = nil, isExecutable: Bool = false, isSymlink: Bool = false
    ) {
        self.path = path
        self.bytes = bytes
        self.size = size ?? bytes.count
        self.isExecutable = isExecutable
        self.isSymlink = isSymlink
    }
}
