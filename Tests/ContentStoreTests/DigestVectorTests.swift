import Basics
import ContentStore
import Testing

/// The vectors of `docs/formats/digest.md`: the page, this code and Python's must agree.
struct DigestVectorTests {
    static let vectors: [(name: String, tree: SampleTree)] = [
        ("empty", SampleTree()),
        ("one file", SampleTree().file("SKILL.md", "hello\n")),
        ("empty file", SampleTree().file("empty", "")),
        ("executable", SampleTree().file("run.sh", "#!/bin/sh\n", executable: true)),
        ("symlink", SampleTree().file("a.txt", "a").link("b.txt", to: "a.txt")),
        (
            "nested",
            SampleTree().file("SKILL.md", "hello\n").file("scripts/run.sh", "#!/bin/sh\n", executable: true)
                .file("scripts/lib/x.py", "").link("scripts/lib/up", to: "../../SKILL.md")
        ),
        ("order", SampleTree().file("a/x", "1").file("a-b/x", "2").file("a.b", "3").file("B", "4").file("a0", "5")),
        (
            "names",
            SampleTree().file("caf\u{E9}.md", "composed").file("日本語/説明.md", "x").file("\u{1F600}", "y")
                .file("\u{FF61}", "z").file("with space", "s")
        ),
    ]

    @Test(arguments: vectors.indices)
    func `a tree has the digest and the size that the page publishes`(index: Int) throws {
        let (name, tree) = Self.vectors[index]
        let root = try Tree.build(try tree.entries).root
        let page = try FileSystem.readText(packageRoot + "/docs/formats/digest.md")
        #expect(page.contains("| \(name) | `\(root.digest.hex)` | \(root.size) |"), "\(name) \(root)")
    }

    @Test func `the empty blob and a file have the digests that the page publishes`() throws {
        let page = try FileSystem.readText(packageRoot + "/docs/formats/digest.md")
        #expect(page.contains("`\(Blob(of: []).digest.hex)` | 0 |"))
        #expect(page.contains("`\(Blob(of: Array("hello\n".utf8)).digest.hex)` | 6 |"))
    }

    @Test func `python's encoding agrees on every vector and on three hundred generated trees`() async throws {
        var generator = SeededGenerator(state: 2026)
        let trees = Self.vectors.map(\.tree) + (0..<300).map { _ in SampleTree.random(&generator) }
        let input = trees.map(\.description).joined()
        let result = try await Program("python3", ["-c", reference]).run(input: Array(input.utf8))
        #expect(result.succeeded, "\(result.errorText)")
        let lines = result.outputText.split(separator: "\n")
        try #require(lines.count == trees.count)
        for (line, tree) in zip(lines, trees) {
            let root = try Tree.build(try tree.entries).root
            #expect(line == "\(root.digest.hex) \(root.size)", "\(tree)")
        }
    }

    @Test func `python's encoding agrees on an action's digest`() async throws {
        let root = try Tree.build(try Self.vectors[5].tree.entries).root
        let arguments = ["skvm", "pass", "lower", "", "é"]
        let environment = ["PATH": "/bin", "EMPTY": "", "B": "1"]
        let digest = ActionMessage.digest(
            arguments: arguments, environment: environment, outputPaths: ["out/b", "out/a", "out/b"], inputRoot: root)
        let script = """
            \(protobuf)
            environment = sorted({"PATH": "/bin", "EMPTY": "", "B": "1"}.items(), key=lambda e: e[0].encode())
            command = b"".join(field(1, a.encode()) for a in ["skvm", "pass", "lower", "", "\\u00e9"])
            command += b"".join(field(2, field(1, k.encode()) + (field(2, v.encode()) if v else b"")) for k, v in environment)
            command += field(7, b"out/a") + field(7, b"out/b")
            root = field(1, b"\(root.digest.hex)") + b"\\x10" + varint(\(root.size))
            print(hashlib.sha256(field(1, digest(command)) + field(2, root)).hexdigest())
            """
        let result = try await Program("python3", ["-c", script]).run()
        #expect(result.outputText == digest.hex + "\n", "\(result.errorText)")
    }
}

private let packageRoot = String(#filePath.dropLast("/Tests/ContentStoreTests/DigestVectorTests.swift".count))

extension SampleTree: CustomStringConvertible {
    /// The form that the reference reads: one entry a line, texts in hexadecimal.
    var description: String {
        var lines = files.map { "file \(Array($0.path.utf8).hex) \($0.executable) \($0.bytes.hex)" }
        lines += links.map { "link \(Array($0.path.utf8).hex) \(Array($0.target.utf8).hex)" }
        return (lines + ["end"]).joined(separator: "\n") + "\n"
    }

    static func random(_ generator: inout SeededGenerator) -> SampleTree {
        // Neighbours of '/' in ASCII, and scalars whose order in UTF-8 is not that in UTF-16.
        let pieces = ["a", "b", "-", ".x", "0", "é", "\u{FF61}", "\u{1F600}", " ", "日本", "_"]
        var tree = SampleTree()
        var leaves: Set<String> = []
        var folders: Set<String> = []
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            let parts = (0..<Int.random(in: 1...4, using: &generator)).map { _ in
                (0..<Int.random(in: 1...2, using: &generator)).map { _ in pieces.randomElement(using: &generator) ?? ""
                }
                .joined()
            }
            let path = parts.joined(separator: "/")
            let above = (1..<parts.count).map { parts[..<$0].joined(separator: "/") }
            if folders.contains(path) || leaves.contains(path) || !leaves.isDisjoint(with: above) { continue }
            leaves.insert(path)
            folders.formUnion(above)
            if Int.random(in: 0..<5, using: &generator) == 0 {
                tree = tree.link(path, to: String(repeating: "../", count: parts.count - 1) + "target")
            } else {
                let count = Int.random(in: 0...300, using: &generator)
                let text = String(repeating: "y", count: count)
                tree = tree.file(path, text, executable: Bool.random(using: &generator))
            }
        }
        return tree
    }
}

/// Protobuf as its specification describes it, written without a look at the Swift code.
private let protobuf = """
    import hashlib, sys

    def varint(value):
        out = b""
        while value > 127:
            out += bytes([value % 128 + 128])
            value //= 128
        return out + bytes([value])

    def field(number, data):
        return varint(number * 8 + 2) + varint(len(data)) + data

    def digest(data):
        message = field(1, hashlib.sha256(data).hexdigest().encode())
        return message + (b"\\x10" + varint(len(data)) if data else b"")
    """

private let reference = """
    \(protobuf)

    def encode(folder):
        out = b""
        for number, kind in ((1, "file"), (2, "folder"), (3, "link")):
            for name in sorted(folder):
                node = folder[name]
                if isinstance(node, dict):
                    if kind == "folder":
                        out += field(2, field(1, name) + field(2, digest(encode(node))))
                elif node[0] == kind == "file":
                    out += field(1, field(1, name) + field(2, digest(node[2])) + (b"\\x20\\x01" if node[1] else b""))
                elif node[0] == kind == "link":
                    out += field(3, field(1, name) + field(2, node[1]))
        return out

    root = {}
    for line in sys.stdin:
        words = line.rstrip("\\n").split(" ")
        if words[0] == "end":
            message = encode(root)
            print(hashlib.sha256(message).hexdigest(), len(message))
            root = {}
            continue
        parts = bytes.fromhex(words[1]).split(b"/")
        folder = root
        for part in parts[:-1]:
            folder = folder.setdefault(part, {})
        if words[0] == "file":
            folder[parts[-1]] = ("file", words[2] == "true", bytes.fromhex(words[3]))
        else:
            folder[parts[-1]] = ("link", bytes.fromhex(words[2]))
    """
