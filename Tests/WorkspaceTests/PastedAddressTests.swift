import Basics
import TestSupport
import Testing

@testable import Workspace

/// Addresses as people copy them from elsewhere.
struct PastedAddressTests {
    @Test(arguments: [
        ("https://github.com/o/r/tree/main/skills/pdf", "https://github.com/o/r", "main", "skills/pdf"),
        ("https://github.com/o/r/tree/main", "https://github.com/o/r", "main", nil),
        ("https://github.com/o/r/blob/v1.0.0/pdf/SKILL.md", "https://github.com/o/r", "v1.0.0", "pdf"),
        ("https://git.example.org/g/s/r/-/tree/main/pdf/", "https://git.example.org/g/s/r", "main", "pdf"),
    ])
    func `a forge's page is a repository, a reference and a folder`(
        text: String, repository: String, reference: String, folder: String?
    ) throws {
        let address = try #require(PastedAddress(text))
        #expect(address.repository == repository && address.reference == reference && address.folder == folder)
    }

    @Test(arguments: [
        "https://github.com/o/r", "https://github.com/o/r#pdf", "https://example.org/g/r/tree/main/pdf",
        "https://github.com/o/r/tree/", "ssh://git@github.com/o/r/tree/main/x", "./o/r/tree/main/x", "charts",
    ])
    func `any other address is what it was`(text: String) {
        #expect(PastedAddress(text) == nil && PastedAddress.written(text) == text)
    }

    @Test func `a short form is an address on GitHub`() {
        #expect(PastedAddress.written("github:o/r") == "https://github.com/o/r")
        #expect(PastedAddress.written("gh:o/r@^1") == "https://github.com/o/r@^1")
        #expect(PastedAddress.written("github:o/r/skills/pdf@^1") == "https://github.com/o/r#skills/pdf@^1")
        #expect(PastedAddress.written("github:o") == "github:o")
        #expect(PastedAddress.written("github:o/r#pdf") == "https://github.com/o/r#pdf")
        #expect(PastedAddress.written("github:o/r#skills/pdf@*") == "https://github.com/o/r#skills/pdf@*")
        #expect(PastedAddress.written("gh:o/r/C#/lint") == "https://github.com/o/r#C#/lint")
        #expect(PastedAddress.written("github:o/r#C#/lint") == "https://github.com/o/r#C#/lint")
        #expect(PastedAddress.written("github:o/r#a/b#c/d") == "https://github.com/o/r#a/b#c/d")
    }

    @Test func `a page's folder is added at the branch that the page shows`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            let remote = try await RemoteRepository(at: world.root + "/remotes/r.git")
            try await remote.commit(
                ["skills/pdf/SKILL.md": .text(ProjectWorld.skill("pdf")), "x/SKILL.md": .text(ProjectWorld.skill("x"))])
            try world.put(["skvm.toml": "[dependencies]\n"])
            let branch = try await remote.git("symbolic-ref", "--short", "HEAD")
            try await GitWebServer.serving(world.root + "/remotes") { server in
                _ = try await world.workspace().add(
                    ["\(server.open)/r.git/-/tree/\(branch)/skills/pdf"], registry: nil, install: false)
                let manifest = try world.manifest
                #expect(
                    manifest.contains(
                        "pdf = { git = \"\(server.open)/r.git\", path = \"skills/pdf\", branch = \"\(branch)\" }"),
                    "\(manifest)")
            }
        }
    }

    @Test func `a root that is the skill meant is named`() async throws {
        try await withScratch { scratch in
            let world = try ProjectWorld(scratch)
            let remote = try await RemoteRepository(at: world.root + "/ed.git")
            try await remote.commit(["SKILL.md": .text(ProjectWorld.skill("ed"))])
            try world.put(["skvm.toml": "[dependencies]\n"])
            let found = await world.failure {
                try await world.workspace().add(["\(remote.url)#ed"], registry: nil, install: false)
            }
            #expect(found.first?.hint == "the skill is the repository's root: write \(remote.url)", "\(found)")
        }
    }
}
