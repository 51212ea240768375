import Basics
import ContentStore
import Dispatch
import Git
import Synchronization
import TestSupport
import Testing

@testable import Harness

/// Merges by the real git, as `Workspace` does; waits, so tests run on threads of their own.
private struct RealMerging: TextMerging {
    func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws -> [UInt8]? {
        let answer = Answer()
        let isDone = DispatchSemaphore(value: 0)
        Task {
            let path = FileSystem.exists("/usr/local/bin/git") ? "/usr/local/bin:/usr/bin:/bin" : "/usr/bin:/bin"
            let merge = TextMerge(environment: ["PATH": path, "GIT_DIR": "/nowhere", "GIT_CONFIG_COUNT": "x"])
            do {
                answer.set(.success(try await merge.merge(base: base, ours: ours, theirs: theirs)))
            } catch {
                answer.set(.failure(error))
            }
            isDone.signal()
        }
        isDone.wait()
        return try answer.result.withLock { $0 }.get()
    }

    private final class Answer: Sendable {
        let result = Mutex<Result<[UInt8]?, any Error>>(.success(nil))
        func set(_ new: Result<[UInt8]?, any Error>) { result.withLock { $0 = new } }
    }
}

/// What becomes of files that the user edited when their skill is installed again.
struct LocalEditTests {
    static let lines = (1...9).map { "line \($0)\n" }.joined()

    static func replacing(_ old: String, _ new: String, in text: String = lines) -> String {
        text.split(separator: old, omittingEmptySubsequences: false).joined(separator: new)
    }

    /// A skill `s` with a `text.md` of `lines`, installed.
    private struct Scene {
        var world: InstallWorld

        init(_ scratch: String, text: String = LocalEditTests.lines, extra: [String: String] = [:]) throws {
            world = try InstallWorld(scratch)
            world.installer = Installer(
                state: world.installer.state, store: world.store, merging: RealMerging())
            #expect(try install("one", text, extra).diagnostics.isEmpty)
        }

        var place: String { world.first + "/s" }

        func install(_ name: String, _ text: String?, _ extra: [String: String] = [:]) throws -> InstallPlan {
            var files = extra
            files["text.md"] = text
            return try world.installer.install(
                [world.request("s", world.first, try world.variant(name, extra: files))], removesOthers: true)
        }

        func text(_ path: String) throws -> String { try FileSystem.readText("\(place)/\(path)") }
        func edit(_ path: String, _ text: String) throws { try write([path: text], in: place) }
        func exists(_ path: String) -> Bool { FileSystem.exists("\(place)/\(path)") }
        func modified() throws -> [String] { try world.installer.verify()[0].modified.map(\.text) }
    }

    /// Runs `body` off the cooperative pool: the installer waits for git.
    private func inScene(
        text: String = lines, extra: [String: String] = [:], _ body: @escaping @Sendable (Scene) throws -> Void
    ) async throws {
        try await onThread { try withScratch { try body(try Scene($0, text: text, extra: extra)) } }
    }

    @Test func `edits and a new version that touch different lines become one file`() async throws {
        try await inScene { scene in
            try scene.edit("text.md", Self.replacing("line 2", "mine"))
            let plan = try scene.install("two", Self.replacing("line 8", "theirs"))
            #expect(plan.diagnostics.map(\.id) == ["install.merged"] && plan.clashes.isEmpty)
            let kinds = plan.skills[0].changes.map { "\($0.kind.rawValue) \($0.path)" }
            #expect(kinds == ["modify SKILL.md", "modify run.sh", "merge text.md"])
            let merged = Self.replacing("line 8", "theirs", in: Self.replacing("line 2", "mine"))
            #expect(try scene.text("text.md") == merged)
            #expect(try scene.text("run.sh").contains("two"))
            #expect(try scene.modified() == ["text.md"])
            // The base is now the second version: the third one's change of another line is merged as well.
            #expect(try scene.install("two", Self.replacing("line 8", "theirs")).isNoOp)
            let third = Self.replacing("line 5", "third", in: Self.replacing("line 8", "theirs"))
            #expect(try scene.install("three", third).clashes.isEmpty)
            #expect(try scene.text("text.md") == Self.replacing("line 5", "third", in: merged))
        }
    }

    @Test func `a path that was written into an edited file is merged like any text`() async throws {
        try await inScene { scene in
            let edited = try scene.text("SKILL.md") + "a\nb\nmine\n"
            try scene.edit("SKILL.md", edited)
            #expect(try scene.install("one", "new").clashes.isEmpty)
            #expect(try scene.text("SKILL.md") == edited)
        }
    }

    @Test func `an edited file that the new version does not change stays, and nobody says a word`() async throws {
        try await inScene { scene in
            try scene.edit("text.md", "mine")
            let inode = try FileSystem.status(scene.place + "/text.md")?.inode
            for name in ["one", "two", "two", "three"] {
                let plan = try scene.install(name, Self.lines)
                #expect(plan.diagnostics.isEmpty && plan.clashes.isEmpty)
                #expect(try scene.text("text.md") == "mine")
                #expect(try scene.text("run.sh").contains(name))
            }
            #expect(try FileSystem.status(scene.place + "/text.md")?.inode == inode)
            #expect(try scene.modified() == ["text.md"])
        }
    }

    /// A merge that throws what it is given.
    private struct Failing: TextMerging {
        let error: any Error & Sendable
        func merge(base: [UInt8], ours: [UInt8], theirs: [UInt8]) throws -> [UInt8]? { throw error }
    }

    @Test(
        arguments: [
            FileError("create", "/tmp/base", code: 28), ProgramError(program: "git", reason: "too many processes"),
            CancellationError(),
        ] as [any Error & Sendable])
    func `a merge for which the disk or git fails installs nothing, and the next run merges`(
        _ error: any Error & Sendable
    ) async throws {
        try await inScene { scene in
            var scene = scene
            let mine = Self.replacing("line 2", "mine")
            try scene.edit("text.md", mine)
            let merging = scene.world.installer
            scene.world.installer = Installer(
                state: merging.state, store: scene.world.store, merging: Failing(error: error))
            let theirs = Self.replacing("line 8", "theirs")
            let failure = #expect(throws: (any Error).self) { try scene.install("two", theirs) }
            #expect((failure as? DiagnosticsError)?.fault == .outside || (failure as? Diagnostic)?.fault == .outside)
            #expect(try scene.text("text.md") == mine)
            #expect(try scene.text("run.sh").contains("one"))
            scene.world.installer = merging
            #expect(try scene.install("two", theirs).clashes.isEmpty)
            #expect(try scene.text("text.md") == Self.replacing("line 8", "theirs", in: mine))
        }
    }

    @Test func `without a git the new version is put beside`() async throws {
        try await inScene { scene in
            var scene = scene
            try scene.edit("text.md", Self.replacing("line 2", "mine"))
            var missing = ProgramError(program: "git", reason: "not found")
            missing.isMissing = true
            scene.world.installer = Installer(
                state: scene.world.installer.state, store: scene.world.store, merging: Failing(error: missing))
            let plan = try scene.install("two", Self.replacing("line 8", "theirs"))
            #expect(plan.clashes.map(\.id) == ["install.clash"])
            #expect(plan.clashes.first?.message.contains("there is no git") == true)
            #expect(try scene.text("text.md.skvm-new") == Self.replacing("line 8", "theirs"))
        }
    }

    @Test func `where lines clash the new version is put beside once, until the user has merged it`() async throws {
        try await inScene { scene in
            let (mine, theirs) = (Self.replacing("line 5", "mine"), Self.replacing("line 5", "theirs"))
            try scene.edit("text.md", mine)
            for number in 0..<3 {
                let plan = try scene.install("two", theirs)
                #expect(plan.clashes.map(\.id) == ["install.clash"] && plan.diagnostics.isEmpty)
                #expect(plan.clashes[0].message.contains("/s/text.md"))
                #expect(plan.clashes[0].notes[0].hasSuffix("/s/text.md.skvm-new"))
                #expect(plan.isNoOp == (number > 0))
                #expect(try scene.text("text.md") == mine)
                #expect(try scene.text("text.md.skvm-new") == theirs)
                #expect(try scene.text("run.sh").contains("two"))
                #expect(try FileSystem.list(scene.place).count == 6)
            }
            #expect(try scene.modified() == ["text.md"])
            try scene.edit("text.md", Self.replacing("line 5", "both"))
            // Only the user knows whether that was the merge: no error any more, and not forgotten.
            let reminder = try #require(try scene.install("two", theirs).clashes.first)
            #expect(reminder.severity == .warning && reminder.hint?.hasSuffix("/s/text.md.skvm-new") == true)
            try FileSystem.remove(scene.place + "/text.md.skvm-new")
            #expect(try scene.install("two", theirs).clashes.isEmpty)
            #expect(try scene.world.installer.state.installed()[0].clashes == nil)
            // What was merged by hand is compared with the version that it was merged with.
            let next = Self.replacing("line 9", "ninth", in: theirs)
            #expect(try scene.install("three", next).clashes.isEmpty)
            #expect(
                try scene.text("text.md") == Self.replacing("line 9", "ninth", in: Self.replacing("line 5", "both")))
        }
    }

    @Test(arguments: ["copied", "moved", "deleted"])
    func `a clash ends as well when the user takes the new version`(how: String) async throws {
        try await inScene { scene in
            let theirs = Self.replacing("line 5", "theirs")
            try scene.edit("text.md", Self.replacing("line 5", "mine"))
            #expect(try !scene.install("two", theirs).clashes.isEmpty)
            switch how {
            case "copied": try scene.edit("text.md", theirs)
            case "moved": try FileSystem.rename(scene.place + "/text.md.skvm-new", to: scene.place + "/text.md")
            default: try FileSystem.remove(scene.place + "/text.md")
            }
            #expect(try scene.install("two", theirs).clashes.isEmpty)
            #expect(try scene.text("text.md") == theirs && !scene.exists("text.md.skvm-new"))
            #expect(try scene.world.installer.verify()[0].isWhole)
            #expect(try scene.install("two", theirs).isNoOp)
        }
    }

    @Test func `while a clash is open the next version is merged with what was edited`() async throws {
        try await inScene { scene in
            let mine = Self.replacing("line 5", "mine")
            try scene.edit("text.md", mine)
            #expect(try !scene.install("two", Self.replacing("line 5", "theirs")).clashes.isEmpty)
            // Clashes again: the new version beside is the newest.
            #expect(try !scene.install("three", Self.replacing("line 5", "third")).clashes.isEmpty)
            #expect(try scene.text("text.md.skvm-new") == Self.replacing("line 5", "third"))
            // The user has written to the version beside: it is the user's.
            try scene.edit("text.md.skvm-new", "notes")
            #expect(try !scene.install("four", Self.replacing("line 5", "fourth")).clashes.isEmpty)
            #expect(try scene.text("text.md.skvm-new") == "notes")
            #expect(try scene.text("text.md.skvm-new.2") == Self.replacing("line 5", "fourth"))
            // Does not clash with the version that the edit was made to.
            #expect(try scene.install("five", Self.replacing("line 9", "fifth")).clashes.isEmpty)
            #expect(try scene.text("text.md") == Self.replacing("line 9", "fifth", in: mine))
            #expect(scene.exists("text.md.skvm-new") && !scene.exists("text.md.skvm-new.2"))
        }
    }

    @Test func `an edited file that the new version does not have stays, and is the user's`() async throws {
        try await inScene { scene in
            try scene.edit("text.md", "mine")
            let plan = try scene.install("two", nil)
            #expect(plan.clashes.map(\.id) == ["install.clash"])
            #expect(try scene.text("text.md") == "mine" && !scene.exists("text.md.skvm-new"))
            #expect(try scene.install("two", nil).clashes.isEmpty)
            #expect(try scene.world.installer.verify()[0].extras.map(\.text) == ["text.md"])
            // A folder in its place is another matter.
            let refused = try scene.install("three", nil, ["text.md/file": "x"])
            #expect(refused.diagnostics.map(\.id) == ["install.foreign"])
        }
    }

    @Test func `an edited file where the new version has a folder is refused`() async throws {
        try await inScene { scene in
            try scene.edit("text.md", "mine")
            let before = try scene.world.snapshot()
            let refused = try scene.install("two", nil, ["text.md/file": "x"])
            #expect(refused.diagnostics.map(\.id) == ["install.modified"])
            #expect(try scene.world.snapshot() == before)
        }
    }

    @Test func `one refusal, and no file is merged or put beside another`() async throws {
        try await inScene(extra: ["other.md": Self.lines, "third.md": "x"]) { scene in
            try scene.edit("text.md", "mine")
            try scene.edit("other.md", Self.replacing("line 2", "mine"))
            try scene.edit("third.md", "mine")
            let before = try scene.world.snapshot()
            let more = ["other.md": Self.replacing("line 8", "theirs"), "third.md/file": "x"]
            let plan = try scene.install("two", "theirs", more)
            #expect(plan.diagnostics.map(\.id) == ["install.modified"] && plan.clashes.isEmpty)
            #expect(try scene.world.snapshot() == before)
        }
    }

    @Test func `a file that the user deleted comes back, beside edited ones`() async throws {
        try await inScene { scene in
            try FileSystem.remove(scene.place + "/text.md")
            try scene.edit("run.sh", "mine")
            #expect(try scene.install("one", Self.lines).clashes.isEmpty)
            #expect(try scene.text("text.md") == Self.lines && scene.text("run.sh") == "mine")
        }
    }

    @Test func `what is not text is never merged`() async throws {
        try await inScene(text: "a\u{0}b") { scene in
            try scene.edit("text.md", "a\u{0}c")
            let plan = try scene.install("two", "b\u{0}b")
            #expect(plan.clashes.count == 1 && plan.clashes[0].message.contains("not text"))
            #expect(try scene.text("text.md") == "a\u{0}c" && scene.text("text.md.skvm-new") == "b\u{0}b")
        }
    }

    @Test func `line ends stay what they are`() async throws {
        let dos = Self.replacing("\n", "\r\n")
        try await inScene(text: dos) { scene in
            try scene.edit("text.md", Self.replacing("line 2", "mine", in: dos))
            #expect(try scene.install("two", Self.replacing("line 8", "theirs", in: dos) + "no end").clashes.isEmpty)
            let merged = Self.replacing("line 8", "theirs", in: Self.replacing("line 2", "mine", in: dos)) + "no end"
            #expect(Array(try scene.text("text.md").utf8) == Array(merged.utf8))
            // Other line ends everywhere are an edit of every line.
            try scene.edit("text.md", Self.lines)
            #expect(try scene.install("three", Self.replacing("line 1", "third", in: dos)).clashes.count == 1)
            #expect(try scene.text("text.md") == Self.lines)
        }
    }

    @Test func `CRLF throughout, as a checkout gives it, is no edit of each line`() async throws {
        let dos = Self.replacing("\n", "\r\n")
        try await inScene { scene in
            try scene.edit("text.md", Self.replacing("line 2", "mine", in: dos) + "no end")
            #expect(try scene.install("two", Self.replacing("line 8", "theirs")).clashes.isEmpty)
            let merged = Self.replacing("line 8", "theirs", in: Self.replacing("line 2", "mine", in: dos)) + "no end"
            #expect(Array(try scene.text("text.md").utf8) == Array(merged.utf8))
            // The same line still clashes, and mixed ends are text like other.
            #expect(try scene.install("three", Self.replacing("line 2", "third")).clashes.count == 1)
            #expect(Array(try scene.text("text.md").utf8) == Array(merged.utf8))
        }
        try await inScene { scene in
            let mixed = Self.replacing("line 2\n", "line 2\r\n")
            try scene.edit("text.md", mixed)
            #expect(try scene.install("two", Self.replacing("line 8", "theirs")).clashes.isEmpty)
            let merged = Self.replacing("line 8", "theirs", in: mixed)
            #expect(Array(try scene.text("text.md").utf8) == Array(merged.utf8))
        }
    }

    @Test func `a base that the cache has lost makes a clash, not a loss`() async throws {
        try await inScene { scene in
            try scene.edit("text.md", Self.replacing("line 2", "mine"))
            try FileSystem.removeTree(scene.world.store.root)
            let plan = try scene.install("two", Self.replacing("line 8", "theirs"))
            #expect(plan.clashes.count == 1 && plan.clashes[0].message.contains("no longer in the cache"))
            #expect(try scene.text("text.md") == Self.replacing("line 2", "mine"))
            #expect(try scene.text("text.md.skvm-new") == Self.replacing("line 8", "theirs"))
            #expect(try scene.install("two", Self.replacing("line 8", "theirs")).isNoOp)
        }
    }

    @Test func `the execute bit is the user's where the user changed it, else the new version's`() async throws {
        try await inScene(extra: ["a.sh": Self.lines, "b.sh": Self.lines]) { scene in
            let mine = Self.replacing("line 2", "mine")
            try scene.edit("a.sh", mine)
            try scene.edit("b.sh", mine)
            try FileSystem.setMode(scene.place + "/b.sh", 0o644)
            let theirs = Self.replacing("line 8", "theirs")
            #expect(try scene.install("two", Self.lines, ["a.sh": theirs, "b.sh": theirs]).clashes.isEmpty)
            #expect(try FileSystem.status(scene.place + "/a.sh")?.isExecutable == true)
            #expect(try FileSystem.status(scene.place + "/b.sh")?.isExecutable == false)
            #expect(try scene.text("b.sh").contains("mine") && scene.text("b.sh").contains("theirs"))
        }
    }

    @Test func `an execute bit that the new version brings reaches an edited file`() async throws {
        try await inScene { scene in
            try scene.edit("text.md", "mine")
            var tree: [(path: RelativePath, bytes: [UInt8], executable: Bool)] = []
            let path = try #require(RelativePath("text.md"))
            tree.append((path, Array(Self.lines.utf8), true))
            let root = try scene.world.store.putTree(files: tree, symlinks: []).root.digest
            let request = scene.world.request("s", scene.world.first, root)
            #expect(try scene.world.installer.install([request], removesOthers: true).clashes.isEmpty)
            #expect(try scene.text("text.md") == "mine")
            #expect(try FileSystem.status(scene.place + "/text.md")?.isExecutable == true)
        }
    }

    @Test func `links and files in each other's places stay, with the new version beside`() async throws {
        try await inScene { scene in
            try FileSystem.remove(scene.place + "/text.md")
            try FileSystem.makeLink(scene.place + "/text.md", to: "/nowhere")
            try FileSystem.remove(scene.place + "/doc/skill.md")
            try scene.edit("doc/skill.md", "mine")
            // The link in the variant did not change; the file did.
            let plan = try scene.install("two", "new")
            #expect(plan.clashes.map(\.notes).joined().map { $0.hasSuffix("/s/text.md.skvm-new") } == [true])
            #expect(try FileSystem.readLink(scene.place + "/text.md") == "/nowhere")
            #expect(try scene.text("text.md.skvm-new") == "new" && scene.text("doc/skill.md") == "mine")
            #expect(!FileSystem.exists("/nowhere"))
        }
    }

    @Test func `names beside that are taken are not touched`() async throws {
        try await inScene { scene in
            try scene.edit("text.md", "mine")
            try scene.edit("text.md.skvm-new", "my notes")
            try scene.edit("text.md.skvm-new.2/deep", "my folder")
            #expect(try scene.install("two", "theirs").clashes.count == 1)
            #expect(try scene.text("text.md.skvm-new") == "my notes")
            #expect(try scene.text("text.md.skvm-new.2/deep") == "my folder")
            #expect(try scene.text("text.md.skvm-new.3") == "theirs")
        }
    }

    @Test func `a dry run says what would be merged and what would clash, and writes nothing`() async throws {
        try await inScene(extra: ["other.md": Self.lines]) { scene in
            try scene.edit("text.md", Self.replacing("line 2", "mine"))
            try scene.edit("other.md", "mine")
            let before = try scene.world.snapshot()
            let tree = try scene.world.variant(
                "two", extra: ["text.md": Self.replacing("line 8", "theirs"), "other.md": "theirs"])
            let plan = try scene.world.installer.plan(
                [scene.world.request("s", scene.world.first, tree)], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == ["install.merged"] && plan.clashes.map(\.id) == ["install.clash"])
            let kinds = plan.skills[0].changes.map { "\($0.kind.rawValue) \($0.path)" }
            #expect(kinds.contains("merge text.md") && kinds.contains("clash other.md"))
            #expect(kinds.contains("add other.md.skvm-new"))
            #expect(try scene.world.snapshot() == before)
        }
    }

    @Test(arguments: ["merged", "clashing", "beside"])
    func `an edit made between plan and swap is not lost`(which: String) async throws {
        try await inScene(extra: ["other.md": Self.lines]) { scene in
            try scene.edit("text.md", Self.replacing("line 2", "mine"))
            try scene.edit("other.md", "mine")
            let first = ["text.md": Self.lines, "other.md": "theirs"]
            _ = try scene.install("two", Self.lines, first)
            let tree = try scene.world.variant(
                "three", extra: ["text.md": Self.replacing("line 8", "theirs"), "other.md": "more of theirs"])
            let path = ["merged": "text.md", "clashing": "other.md", "beside": "other.md.skvm-new"][which] ?? ""
            let request = scene.world.request("s", scene.world.first, tree)
            _ = try? scene.world.install([request]) { step in
                // As editors write: a new file under the old name.
                guard step == .journal("swapping") else { return }
                try scene.edit("draft", "late")
                try FileSystem.rename("\(scene.place)/draft", to: "\(scene.place)/\(path)")
            }
            #expect(try scene.text(path) == "late")
            _ = try scene.world.installer.install([request], removesOthers: true)
            #expect(try scene.text(path) == "late")
        }
    }

    @Test func `a removal refuses edited files, and takes new versions beside along`() async throws {
        try await inScene { scene in
            try scene.edit("text.md", "mine")
            #expect(try scene.install("two", "theirs").clashes.count == 1)
            let before = try scene.world.snapshot()
            #expect(try scene.world.installer.remove([scene.place]).diagnostics.map(\.id) == ["install.modified"])
            #expect(try scene.world.snapshot() == before)
            try scene.edit("text.md", "theirs")
            #expect(try scene.world.installer.remove([scene.place]).diagnostics.isEmpty)
            #expect(!FileSystem.exists(scene.place))
        }
    }
}
