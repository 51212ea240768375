import Basics
import ContentStore
import Formats
import SkillModel
import TestSupport
import Testing

@testable import Workspace

/// Which script is run, and with what.
@Suite struct `A bind script that is run` {
    private func project(_ scratch: String) async throws -> ProjectWorld {
        let world = try ProjectWorld(scratch)
        let target = try world.putTarget("one")
        try world.put(ProjectWorld.folder("alpha"), at: "src/alpha")
        try world.put(["skvm.toml": "[dependencies]\nalpha = { path = \"src/alpha\" }\n\n" + target])
        #expect(try await world.install().ok)
        return world
    }

    /// A lock that came with a clone leads to another tree of the store, which may be any source's.
    @Test(arguments: [true, false])
    func `is one that skvm writes itself, whatever the lock leads to`(keepsNeeds: Bool) async throws {
        try await withScratch { scratch in
            let world = try await project(scratch)
            #expect(try await world.workspace().bind([]).skills.map(\.package) == ["alpha"])
            let pinned = try #require(try Lockfile(parsing: Array(try world.lock.utf8)).variants.first?.tree)
            let mark = world.root + "/it-was-run"
            var files: [(path: RelativePath, bytes: [UInt8], executable: Bool)] = []
            for entry in try world.store.entries(of: pinned) {
                guard let blob = entry.blob else { continue }
                var bytes = try world.store.bytes(of: blob.digest)
                if entry.path.text == ".skvm/bind.sh" {
                    bytes = Array("#!/bin/sh\ntouch \(mark)\n".utf8) + (keepsNeeds ? bytes : [])
                }
                files.append((entry.path, bytes, false))
            }
            let forged = try world.store.putTree(files: files).root.digest
            let text = try world.lock.replacing(pinned.description, with: forged.description)
            try FileSystem.write(Array(text.utf8), to: world.project + "/skvm.lock")
            let report = try await world.workspace().bind([], consent: .given)
            #expect(report.diagnostics.map(\.id) == ["bind.script"] && report.fault == .integrity)
            #expect(report.skills.isEmpty && !FileSystem.exists(mark))
            // The line for a shell is skvm's own, whatever is locked.
            #expect(try await world.workspace().bindExports([]).exports?.hasPrefix("PATH=") == true)
            #expect(!FileSystem.exists(mark))
        }
    }

    @Test func `is missing in a tree that no compiler wrote, and in a cache that lost it`() async throws {
        try await withScratch { scratch in
            let world = try await project(scratch)
            let pinned = try #require(try Lockfile(parsing: Array(try world.lock.utf8)).variants.first?.tree)
            let foreign = try world.store.putTree(files: [(RelativePath("SKILL.md")!, Array("x\n".utf8), false)]).root
            let lost = Digest(of: "lost")
            for (tree, id, words) in [
                (foreign.digest, "bind.script", "no compiler of skvm wrote it"),
                (lost, "bind.not-cached", "not in the cache"),
            ] {
                let text = try world.lock
                try FileSystem.write(
                    Array(text.replacing(pinned.description, with: tree.description).utf8),
                    to: world.project + "/skvm.lock")
                let report = try await world.workspace().bind([])
                #expect(report.diagnostics.map(\.id) == [id])
                #expect(report.diagnostics.first?.message.contains(words) == true, "\(report.diagnostics)")
                try FileSystem.write(Array(text.utf8), to: world.project + "/skvm.lock")
            }
        }
    }

    @Test func `comes from the store, not from a folder that somebody edited`() async throws {
        try await withScratch { scratch in
            let world = try await project(scratch)
            let mark = world.root + "/it-was-run"
            let installed = world.project + "/.agents/skills/alpha/.skvm/bind.sh"
            try #require(FileSystem.exists(installed))
            try FileSystem.write(Array("#!/bin/sh\ntouch \(mark)\n".utf8), to: installed)
            let report = try await world.workspace().bind([])
            #expect(report.diagnostics.allSatisfy { $0.id != "bind.script" } && report.skills.count == 1)
            #expect(!FileSystem.exists(mark))
        }
    }

    @Test(
        arguments: [
            ("redis://:s3cret@localhost:6390/0?a=b", "localhost:6390"), ("unix:///var/run/docker.sock", "localhost"),
            ("postgresql://u:p@db.example.org/x", "db.example.org"), ("localhost", "localhost"), ("", ""),
            ("mongodb://u:p@a:1,b:2/x", "a:1"), ("tcp://10.0.0.1:2375", "10.0.0.1:2375"), ("/run/pg", "localhost"),
        ])
    func `is told of a server's address where it is, and no password`(value: String, place: String) {
        #expect(BindVariables.place(value) == place)
    }

    @Test func `gets no variable but those that are named`() {
        let all = [
            "PATH": "/usr/bin:.:bin:/bin", "HOME": "/h", "SSH_AUTH_SOCK": "/s", "LD_PRELOAD": "/x.so", "BASH_ENV": "/x",
            "PIP_INDEX_URL": "u", "npm_config__authToken": "t", "LC_ALL": "C", "PYTHONPATH": "/p", "https_proxy": "p",
        ]
        #expect(
            BindVariables.base(all) == [
                "PATH": "/usr/bin:/bin", "HOME": "/h", "PIP_INDEX_URL": "u", "LC_ALL": "C", "https_proxy": "p",
            ])
        #expect(BindVariables.base([:])["PATH"] == "/usr/local/bin:/usr/bin:/bin")
    }

    @Test(
        arguments: [
            ("ok binary rg", "ok", "rg", ""),
            ("missing binary rg (required): apt has it as ripgrep", "missing", "rg", "apt has it as ripgrep"),
            (
                "unseen service metrics server (optional): it must be running", "unseen", "metrics server",
                "it must be running"
            ),
            ("missing env A (required)", "missing", "A", ""),
        ])
    func `is understood line by line`(text: String, state: String, name: String, detail: String) {
        let line = ScriptAnswer.line(text)
        #expect(line?.state.rawValue == state && line?.name == name && line?.detail == detail)
        for other in ["", "ok", "ok binary", "bad binary rg"] { #expect(ScriptAnswer.line(other) == nil) }
    }
}
