package import Basics

/// What a pass puts out: its value, and the diagnostics that a cached result shows again. A nil value means that the
/// skill is unusable for the passes after this one; then at least one diagnostic is an error.
package struct PassResult<Value: Sendable & Codable>: Sendable, Codable {
    package var value: Value?
    package var diagnostics: [Diagnostic]
    package init(_ value: Value?, diagnostics: [Diagnostic] = []) {
        self.value = value
        self.diagnostics = diagnostics
    }
}

/// A file of a skill as a pass gets it.
package struct SourceFile: Sendable, Equatable {
    package var path: RelativePath
    /// The whole file. For a symlink: its target.
    package var bytes: [UInt8]
    package var isExecutable: Bool
    package var isSymlink: Bool
    package init(path: RelativePath, bytes: [UInt8], isExecutable: Bool = false, isSymlink: Bool = false) {
        self.path = path
        self.bytes = bytes
        self.isExecutable = isExecutable
        self.isSymlink = isSymlink
    }
}
