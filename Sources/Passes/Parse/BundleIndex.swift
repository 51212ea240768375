import Basics
import SkillModel

/// The skill's files beside SKILL.md: what is there, and what the scripts among them need.
struct BundleIndex {
    /// A parent folder deeper than this is not looked up by name; nobody refers to it.
    private static let maximumDepth = 32
    /// A longer script is not scanned for imports.
    private static let maximumScript = 1 << 20

    let files: [BundledFile]
    private var paths: Set<String> = []
    private var folders: Set<String> = []

    /// O(n) in the scripts' bytes, O(n log n) in the number of files.
    init(_ sources: [SourceFile], except main: RelativePath) {
        files = sources.filter { $0.path != main }.map(Self.describe).sorted { $0.path < $1.path }
        for file in files {
            paths.insert(file.path.text)
            var end = file.path.text.startIndex
            for _ in 0..<Self.maximumDepth {
                guard let slash = file.path.text[end...].firstIndex(of: "/") else { break }
                folders.insert(String(file.path.text[..<slash]))
                end = file.path.text.index(after: slash)
            }
        }
    }

    func hasFile(_ path: String) -> Bool { paths.contains(path) }
    func hasFolder(_ path: String) -> Bool { folders.contains(path) }

    private static func describe(_ file: SourceFile) -> BundledFile {
        let language = file.isSymlink ? "" : language(of: file)
        let isScanned = !language.isEmpty && file.bytes.count <= maximumScript
        let installs = isScanned && language == "bash" ? ShellPrograms.installs(file.bytes) : []
        let places = file.isSymlink ? [] : PlaceFiles.read(file.path, file.bytes, language: isScanned ? language : "")
        return BundledFile(
            path: file.path, size: file.size, isExecutable: file.isExecutable, language: language,
            imports: isScanned ? ImportScanner.imports(of: file.bytes, language: language) : [],
            packages: file.isSymlink ? nil : ManifestPackages.read(file.path, file.bytes),
            installs: installs.isEmpty ? nil : installs, places: places.isEmpty ? nil : places)
    }

    /// By extension, else by `#!`.
    private static func language(of file: SourceFile) -> String {
        let name = file.path.name
        if let dot = name.lastIndex(of: "."), let known = extensions[String(name[dot...]).lowercased()] { return known }
        guard file.bytes.has("#!", at: 0) else { return "" }
        let line = file.bytes[..<(file.bytes.firstIndex(of: .lineFeed) ?? file.bytes.count)].prefix(200)
        let words = String(decoding: line, as: UTF8.self).split { $0 == "/" || $0 == " " || $0 == "\r" }
        for word in words.reversed() {
            let program = word.prefix { $0.isLetter }
            if let known = interpreters[String(program)] { return known }
        }
        return ""
    }

    private static let extensions: [String: String] = [
        ".py": "python", ".sh": "bash", ".bash": "bash", ".zsh": "bash", ".js": "javascript", ".mjs": "javascript",
        ".cjs": "javascript", ".jsx": "javascript", ".ts": "typescript", ".mts": "typescript", ".cts": "typescript",
        ".tsx": "typescript", ".go": "go", ".rb": "ruby",
    ]

    private static let interpreters: [String: String] = [
        "python": "python", "sh": "bash", "bash": "bash", "zsh": "bash", "dash": "bash", "ksh": "bash",
        "node": "javascript", "bun": "typescript", "deno": "typescript", "tsx": "typescript", "ruby": "ruby",
    ]
}
