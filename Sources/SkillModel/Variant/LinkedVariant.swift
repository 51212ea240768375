package import Basics

/// A file of a variant.
package struct VariantFile: Sendable, Hashable, Codable {
    package enum Content: Sendable, Hashable, Codable {
        /// The whole file.
        case text(String)
        /// The source's file of this path, unchanged: bytes, mode, and the link if it is one.
        case sourceFile
    }

    package var path: RelativePath
    package var content: Content
    package var isExecutable: Bool
    package init(path: RelativePath, content: Content, isExecutable: Bool) {
        self.path = path
        self.content = content
        self.isExecutable = isExecutable
    }
}

/// Output of `link`: a variant before relocation, files sorted by path.
package struct LinkedVariant: Sendable, Hashable, Codable {
    package var files: [VariantFile]
    package var manifest: VariantManifest
    package init(files: [VariantFile], manifest: VariantManifest) {
        self.files = files
        self.manifest = manifest
    }

    /// SKILL.md as lowered; nil when it is the source's own.
    package var skillText: String? {
        guard let file = files.first(where: { $0.path.text == "SKILL.md" }), case .text(let text) = file.content else {
            return nil
        }
        return text
    }
}
