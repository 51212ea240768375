import Basics
import ContentStore
import TestSupport
import Testing

@testable import Harness

struct InstallTests {
    @Test func `a variant is installed with its path, its exec bit and its link`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let tree = try world.variant("one")
            let plan = try world.installer.install([world.request("one", world.first, tree)], removesOthers: true)
            #expect(plan.skills.map(\.action) == [.create])
            #expect(plan.skills[0].changes.count == 4)
            let place = world.first + "/one"
            let text = try FileSystem.readText(place + "/SKILL.md")
            #expect(text == "# one\nrun \(place)/run.sh, then \(place)/run.sh again; not @@SKVM_SKILL_DIR@ this\n")
            #expect(try FileSystem.status(place + "/run.sh")?.isExecutable == true)
            #expect(try FileSystem.readLink(place + "/doc/skill.md") == "../SKILL.md")
            #expect(try FileSystem.list(world.root + "/p/.claude") == ["skills"])
            #expect(try FileSystem.list(world.root + "/p/.skvm") == ["installed.json", "lock"])
            let verification = try #require(try world.installer.verify().first)
            #expect(verification.tree == tree && verification.isWhole)
        }
    }

    @Test func `a second run keeps everything, a third writes not even the record`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let requests = [world.request("one", world.first, try world.variant("one"))]
            _ = try world.installer.install(requests, removesOthers: true)
            let before = try world.snapshot()
            let plan = try world.installer.install(requests, removesOthers: true)
            #expect(plan.isNoOp)
            #expect(try world.snapshot() == before)
            // What was kept needs neither the store nor, once stamped, its bytes.
            try FileSystem.removeTree(world.store.root)
            #expect(try world.installer.install(requests, removesOthers: true).isNoOp)
        }
    }

    @Test func `a new variant replaces what is ours, and leaves what is the user's`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let old = try world.variant("old", extra: ["gone.md": "g"])
            _ = try world.installer.install([world.request("s", world.first, old)], removesOthers: true)
            let place = world.first + "/s"
            try write(["notes.txt": "mine", "__pycache__/x.pyc": "cache"], in: place)
            try FileSystem.makeLink(place + "/mine", to: "/nowhere")
            let inode = try FileSystem.status(place + "/notes.txt")?.inode
            let new = try world.variant("new", extra: ["added.md": "a"])
            let plan = try world.installer.install([world.request("s", world.first, new)], removesOthers: true)
            #expect(plan.skills[0].action == .replace)
            #expect(
                plan.skills[0].changes.map { "\($0.kind.rawValue) \($0.path)" } == [
                    "modify SKILL.md", "add added.md", "remove gone.md", "modify run.sh",
                ])
            #expect(!FileSystem.exists(place + "/gone.md"))
            #expect(try FileSystem.readText(place + "/added.md") == "a")
            #expect(try FileSystem.readText(place + "/notes.txt") == "mine")
            #expect(try FileSystem.status(place + "/notes.txt")?.inode == inode)
            #expect(try FileSystem.readLink(place + "/mine") == "/nowhere")
            #expect(try world.installer.verify()[0].isWhole)
            #expect(try world.installer.verify()[0].extras.count == 3)
        }
    }

    @Test func `an update keeps the modes of folders, and the user's empty ones`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let old = try world.variant("old", extra: ["gone/g.md": "g"])
            _ = try world.installer.install([world.request("s", world.first, old)], removesOthers: true)
            let place = world.first + "/s"
            try write(["private/key": "secret", ".git/HEAD": "ref"], in: place)
            try FileSystem.makeDirectories(place + "/.git/refs/heads")
            for (folder, mode): (String, UInt32) in [("", 0o700), ("/private", 0o500), ("/doc", 0o750)] {
                try FileSystem.setMode(place + folder, mode)
            }
            let new = try world.variant("new", extra: ["added/a.md": "a"])
            _ = try world.installer.install([world.request("s", world.first, new)], removesOthers: true)
            for (folder, mode): (String, UInt32) in [("", 0o700), ("/private", 0o500), ("/doc", 0o750)] {
                #expect(try FileSystem.status(place + folder)?.mode == mode, "\(folder)")
            }
            #expect(FileSystem.isDirectory(place + "/.git/refs/heads"))
            #expect(try FileSystem.readText(place + "/private/key") == "secret")
            #expect(!FileSystem.exists(place + "/gone") && FileSystem.exists(place + "/added/a.md"))
            #expect(try world.installer.verify()[0].isWhole)
        }
    }

    @Test func `where the new variant has a file, an empty folder of the user's gives way`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            _ = try world.installer.install(
                [world.request("s", world.first, try world.variant("old"))], removesOthers: true)
            try FileSystem.makeDirectories(world.first + "/s/notes/deep")
            let new = try world.variant("new", extra: ["notes": "a file"])
            _ = try world.installer.install([world.request("s", world.first, new)], removesOthers: true)
            #expect(try FileSystem.readText(world.first + "/s/notes") == "a file")
        }
    }

    @Test func `a removed skill leaves the user's files behind, and only those`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let requests = [
                world.request("s", world.first, try world.variant("s")),
                world.request("t", world.first, try world.variant("t")),
            ]
            _ = try world.installer.install(requests, removesOthers: true)
            try write(["notes.txt": "mine"], in: world.first + "/s")
            let plan = try world.installer.remove([world.first + "/s", world.first + "/t"])
            #expect(plan.skills.map(\.action) == [.remove, .remove])
            #expect(try FileSystem.list(world.first) == ["s"])
            #expect(try FileSystem.list(world.first + "/s") == ["notes.txt"])
            #expect(try world.installer.state.installed().isEmpty)
        }
    }

    @Test func `a skill with an edited file is not removed, and neither is another`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let old = try world.variant("old")
            _ = try world.installer.install(
                [world.request("a", world.first, old), world.request("b", world.first, old)], removesOthers: true)
            try FileSystem.write(Array("edited".utf8), to: world.first + "/b/SKILL.md")
            let before = try world.snapshot()
            let plan = try world.installer.install([], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == ["install.modified"])
            #expect(plan.diagnostics[0].message.contains(world.first + "/b/SKILL.md"))
            #expect(try world.snapshot() == before)
            let both = [world.first + "/a", world.first + "/b"]
            #expect(try world.installer.remove(both).diagnostics.map(\.id) == ["install.modified"])
            #expect(try world.snapshot() == before)
            #expect(try world.installer.verify().last?.modified.map(\.text) == ["SKILL.md"])
        }
    }

    @Test func `a deleted file and a lost exec bit are mended`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let requests = [world.request("s", world.first, try world.variant("s"))]
            _ = try world.installer.install(requests, removesOthers: true)
            let before = try world.snapshot()
            try FileSystem.remove(world.first + "/s/SKILL.md")
            try FileSystem.setMode(world.first + "/s/run.sh", 0o644)
            #expect(try world.installer.install(requests, removesOthers: true).skills[0].action == .replace)
            #expect(try world.snapshot() == before)
            try FileSystem.removeTree(world.first + "/s")
            #expect(try world.installer.install(requests, removesOthers: true).skills[0].action == .create)
            #expect(try world.snapshot() == before)
        }
    }

    @Test(arguments: ["a file", "a folder", "a link to a folder", "a dangling link"])
    func `what is not ours is refused, never followed`(what: String) throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let place = world.first + "/s"
            try write(["elsewhere/SKILL.md": "theirs"], in: world.root)
            switch what {
            case "a file": try FileSystem.write([1], to: place)
            case "a folder": try write(["SKILL.md": "theirs"], in: place)
            case "a link to a folder": try FileSystem.makeLink(place, to: world.root + "/elsewhere")
            default: try FileSystem.makeLink(place, to: world.root + "/nowhere")
            }
            let before = try world.snapshot()
            let plan = try world.installer.install(
                [world.request("s", world.first, try world.variant("s"))], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == ["install.foreign"])
            #expect(try world.snapshot() == before)
            #expect(try FileSystem.list(world.root + "/elsewhere") == ["SKILL.md"])
        }
    }

    @Test func `a user's file where the new variant brings one is refused, unless they are equal`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            _ = try world.installer.install(
                [world.request("s", world.first, try world.variant("s"))], removesOthers: true)
            try write(["more.md": "mine", "same.md": "same", "tree": "file"], in: world.first + "/s")
            let new = try world.variant("s", extra: ["more.md": "theirs", "same.md": "same", "tree/x": "y"])
            let plan = try world.installer.install([world.request("s", world.first, new)], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == ["install.foreign", "install.foreign"])
            #expect(plan.diagnostics.contains { $0.message.contains("/s/more.md") })
            #expect(plan.diagnostics.contains { $0.message.contains("/s/tree ") })
        }
    }

    @Test func `without a record, equal bytes are adopted and other bytes are foreign`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let tree = try world.variant("s")
            _ = try world.installer.install([world.request("s", world.first, tree)], removesOthers: true)
            let before = try world.snapshot()
            try FileSystem.remove(world.installer.state.recordPath)
            let other = try world.variant("other")
            let refused = try world.installer.install([world.request("s", world.first, other)], removesOthers: true)
            #expect(refused.diagnostics.map(\.id) == ["install.foreign"])
            let plan = try world.installer.install([world.request("s", world.first, tree)], removesOthers: true)
            #expect(plan.skills.map(\.action) == [.adopt])
            #expect(try world.snapshot() == before)
        }
    }

    @Test func `without a record, what was installed at another path is ours, and what was edited there is not`() throws
    {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let tree = try world.variant("s")
            let elsewhere = scratch + "/elsewhere/skills"
            for edit in ["", "mine"] {
                _ = try world.installer.install([world.request("s", elsewhere, tree)], removesOthers: false)
                try FileSystem.remove(world.installer.state.recordPath)
                try FileSystem.removeTree(world.first)
                try FileSystem.makeDirectories(world.first)
                try FileSystem.rename(elsewhere + "/s", to: world.first + "/s")
                let file = world.first + "/s/SKILL.md"
                try FileSystem.write(try FileSystem.read(file) + Array(edit.utf8), to: file)
                let plan = try world.installer.install([world.request("s", world.first, tree)], removesOthers: true)
                if edit.isEmpty {
                    #expect(plan.diagnostics.isEmpty && plan.skills.map(\.action) == [.replace])
                    #expect(try world.installer.verify().allSatisfy(\.isWhole))
                    #expect(try !FileSystem.readText(file).contains("/elsewhere/"))
                } else {
                    #expect(plan.diagnostics.map(\.id) == ["install.foreign"])
                    #expect(try FileSystem.readText(file).hasSuffix("mine"))
                }
            }
        }
    }

    @Test func `two targets that share a folder need one variant`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let (a, b) = (try world.variant("a"), try world.variant("b"))
            let same = try world.installer.plan(
                [world.request("s", world.first, a, target: "x"), world.request("s", world.first, a, target: "y")],
                removesOthers: true)
            #expect(same.diagnostics.isEmpty && same.skills.count == 1)
            for name in ["s", "S"] {
                let plan = try world.installer.plan(
                    [
                        world.request("s", world.first, a, target: "x"),
                        world.request(name, world.first, b, target: "y"),
                    ],
                    removesOthers: true)
                #expect(plan.diagnostics.map(\.id) == ["install.conflict"])
                #expect(
                    plan.diagnostics[0].message.contains("'x' and 'y'")
                        || plan.diagnostics[0].message.contains("'y' and 'x'"))
                #expect(plan.skills.isEmpty)
            }
        }
    }

    @Test func `a moved project is still ours, and its paths are written anew`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let tree = try world.variant("s")
            _ = try world.installer.install([world.request("s", world.first, tree)], removesOthers: true)
            try FileSystem.rename(world.root + "/p", to: world.root + "/q")
            let state = InstallState(folder: world.root + "/q/.skvm", base: world.root + "/q")
            let moved = Installer(state: state, store: world.store)
            let folder = world.root + "/q/.claude/skills"
            #expect(try moved.verify()[0].tree == tree)
            let plan = try moved.install([world.request("s", folder, tree)], removesOthers: true)
            #expect(plan.skills.map(\.action) == [.replace])
            #expect(try FileSystem.readText(folder + "/s/SKILL.md").contains(folder + "/s/run.sh"))
        }
    }

    @Test(arguments: ["..", ".", "", "a/b", ".hidden", "new\nline", String(repeating: "n", count: 256)])
    func `a name that can't be a folder's is refused`(name: String) throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let plan = try world.installer.plan(
                [world.request(name, world.first, try world.variant("s"))], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == ["install.name"])
        }
    }

    @Test(arguments: [
        ("Don't run ", true), ("the skill's 'a' ", true), ("open(\"", true), ("open('", false), ("cat '", false),
        ("-c 'open(\"", false),
    ])
    func `a path with an apostrophe is refused where it would end a text in single quotes`(
        head: String, isInstalled: Bool
    ) throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let folder = world.root + "/p/it's/skills"
            try FileSystem.makeDirectories(folder)
            let list = #"{"relocations":[{"file":"SKILL.md","offsets":[\#(head.utf8.count)]}],"version":1}"#
            let tree = try world.variant(
                "one", extra: ["SKILL.md": head + Relocator.token + "/run.sh\n", ".skvm/variant.json": list])
            let plan = try world.installer.install([world.request("one", folder, tree)], removesOthers: true)
            #expect(plan.diagnostics.map(\.id) == (isInstalled ? [] : ["install.path"]))
            #expect(try (FileSystem.status(folder + "/one") != nil) == isInstalled)
        }
    }

    @Test func `a variant that is not in the store is named`() throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            let request = world.request("s", world.first, Digest(of: "nowhere"))
            let error = #expect(throws: Diagnostic.self) { try world.installer.plan([request], removesOthers: true) }
            #expect(error?.id == "store.missing")
            #expect(error?.fault == .offline)
        }
    }

    @Test(arguments: ["", "{", "{\"version\":2,\"skills\":[]}", "<<<<<<< ours", "{\"version\":1}"])
    func `a damaged record is an error that says what to do`(text: String) throws {
        try withScratch { scratch in
            let world = try InstallWorld(scratch)
            try FileSystem.makeDirectories(world.installer.state.folder)
            try FileSystem.write(Array(text.utf8), to: world.installer.state.recordPath)
            let error = #expect(throws: Diagnostic.self) { try world.installer.state.installed() }
            #expect(error?.id == "install.record")
            #expect(error?.hint != nil)
        }
    }

    @Test func `a second installer waits and says so`() async throws {
        try await withScratch { scratch in
            let world = try InstallWorld(scratch)
            try FileSystem.makeDirectories(world.installer.state.folder)
            let request = world.request("s", world.first, try world.variant("s"))
            let lock = try FileLock(path: world.installer.state.lockPath, mode: .exclusive)
            let installer = world.installer
            let (waiting, signal) = AsyncStream.makeStream(of: Void.self)
            async let second = onThread {
                try installer.install([request], removesOthers: true, onWait: { signal.finish() })
            }
            for await _ in waiting {}
            #expect(!FileSystem.exists(world.first + "/s"))
            lock.release()
            #expect(try await second.skills.count == 1)
            #expect(FileSystem.exists(world.first + "/s"))
        }
    }
}
