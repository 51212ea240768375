import Basics
import Harness
import SkillModel
import TestSupport
import Testing

struct HarnessFolderTests {
    private func harness(project: String? = nil, global: String? = nil) -> HarnessDescription {
        HarnessDescription(
            name: "h", title: "H", projectFolder: project, globalFolder: global, support: .init(), source: "test")
    }

    @Test(arguments: [
        ("~/.h/skills", [:], "/nohome/.h/skills"),
        ("${H_HOME:-~/.h}/skills", [:], "/nohome/.h/skills"),
        ("${H_HOME:-~/.h}/skills", ["H_HOME": ""], "/nohome/.h/skills"),
        ("${H_HOME:-~/.h}/skills", ["H_HOME": "/opt/h"], "/opt/h/skills"),
        ("${H_HOME:-~/.h}/skills", ["H_HOME": "~/x"], "/nohome/x/skills"),
        ("${H_HOME}/skills", ["H_HOME": "/opt/h/"], "/opt/h/skills"),
    ])
    func `a user's folder is expanded as a shell would`(text: String, extra: [String: String], path: String) throws {
        let environment = extra.merging(["HOME": "/nohome"]) { $1 }
        #expect(try HarnessFolder.resolve(harness(global: text), .user, environment: environment) == path)
    }

    @Test(arguments: [
        "relative/skills", "${H_HOME}/skills", "${H_HOME:-x", "~/../../etc", "${R:-~}/skills", "/", "/a\nb",
    ])
    func `a folder that is not absolute, or climbs, is refused`(text: String) {
        let environment = ["HOME": "/nohome", "R": "relative"]
        let error = #expect(throws: Diagnostic.self) {
            try HarnessFolder.resolve(harness(global: text), .user, environment: environment)
        }
        #expect(error?.id == "harness.folder")
    }

    @Test func `a harness without such a folder says which it has`() {
        #expect(throws: Diagnostic.self) { try HarnessFolder.resolve(harness(), .user, environment: [:]) }
        #expect(throws: Diagnostic.self) {
            try HarnessFolder.resolve(harness(), .project(root: "/p"), environment: [:])
        }
    }

    @Test func `a project's folder follows links inside the project, and none out of it`() throws {
        try withScratch { scratch in
            let root = try #require(FileSystem.realPath(scratch)) + "/p"
            try FileSystem.makeDirectories(root + "/.agents/skills")
            try FileSystem.makeDirectories(root + "/.claude")
            try FileSystem.makeLink(root + "/.claude/skills", to: "../.agents/skills")
            try FileSystem.makeLink(root + "/.evil", to: "/etc")
            let resolved = try HarnessFolder.resolve(
                harness(project: ".claude/skills"), .project(root: root), environment: [:])
            #expect(resolved == root + "/.agents/skills")
            for folder in [".evil", ".evil/skills"] {
                let error = #expect(throws: Diagnostic.self) {
                    try HarnessFolder.resolve(harness(project: folder), .project(root: root), environment: [:])
                }
                #expect(error?.id == "install.link")
            }
            for folder in ["../x", "/abs", "", "a/../../b"] {
                #expect(throws: Diagnostic.self) {
                    try HarnessFolder.resolve(harness(project: folder), .project(root: root), environment: [:])
                }
            }
        }
    }
}
