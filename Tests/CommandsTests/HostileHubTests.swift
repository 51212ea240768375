import Basics
import TestSupport
import Testing

/// One answer of a hub that is not what it should be: for which path, as `answers.json` of `HubServer` has it.
struct HostileAnswer: Sendable, CustomTestStringConvertible {
    var what: String
    var path: String
    var answer: String
    var status: Int32
    var id: String
    var words: String

    init(_ what: String, _ path: String, _ answer: String, _ status: Int32, _ id: String, _ words: String = "") {
        (self.what, self.path, self.answer, self.status, self.id, self.words) = (what, path, answer, status, id, words)
    }

    var testDescription: String { what }

    private static let skill = "/api/v1/skills/tides"
    private static let versions = "/api/v1/skills/tides/versions"
    private static let files = "/api/v1/skills/tides/versions/1.0.0"
    private static let download = "/api/v1/download"
    private static let page = #"{"items": [{"version": "1.0.0", "createdAt": 1}], "nextCursor": "again"}"#

    static let all: [HostileAnswer] = [
        HostileAnswer("a list of 8 MB", versions, #"{"body": "[[[[[[[[", "repeat": 1000000}"#, 5, "http.too-large"),
        HostileAnswer(
            "a page where a list should be", versions, #"{"body": "<html>hello</html>"}"#, 6, "clawhub.answer"),
        HostileAnswer("nothing", versions, #"{"body": ""}"#, 6, "clawhub.answer", "not JSON"),
        HostileAnswer("a list that is none", versions, #"{"body": "{\"items\": 5}"}"#, 6, "clawhub.answer"),
        HostileAnswer(
            "depth", versions, #"{"body": "[", "repeat": 100000}"#, 6, "clawhub.answer", "not JSON"),
        HostileAnswer(
            "one key twice", versions, #"{"body": "{\"items\": [], \"items\": []}"}"#, 6, "clawhub.answer"),
        HostileAnswer(
            "pages in a circle", versions, #"{"body": "\#(page.replacing("\"", with: "\\\""))"}"#, 6, "clawhub.answer",
            "in a circle"),
        HostileAnswer("no such list", versions, #"{"status": 404}"#, 1, "clawhub.unknown-package"),
        HostileAnswer(
            "too many requests", versions, #"{"status": 429, "headers": {"Retry_After": "0"}}"#, 6, "http.busy"),
        HostileAnswer("a server at fault", versions, #"{"status": 500}"#, 6, "http.status", "asked 4 times"),
        HostileAnswer(
            "a name that leads out", skill,
            #"{"body": "{\"skill\": {\"slug\": \"../../x\"}, \"owner\": {\"handle\": \"harbour\"}}"}"#, 6,
            "clawhub.name"),
        HostileAnswer(
            "an owner that is none", skill,
            #"{"body": "{\"skill\": {\"slug\": \"tides\"}, \"owner\": {\"handle\": \"../x\"}}"}"#, 6, "clawhub.answer"),
        HostileAnswer(
            "another owner", skill,
            #"{"body": "{\"skill\": {\"slug\": \"tides\"}, \"owner\": {\"handle\": \"mallory\"}}"}"#, 1,
            "clawhub.renamed",
            "@mallory/tides"),
        HostileAnswer(
            "a private skill", skill,
            #"{"status": 403, "body": "Not for \u001b[31myou", "headers": {"Content_Type": "text/plain"}}"#, 6,
            "clawhub.refused", "it says: Not for"),
        HostileAnswer(
            "other digests", files,
            #"{"body": "{\"version\": {\"version\": \"1.0.0\", \"files\": [{\"path\": \"SKILL.md\", \"size\": 1, \"sha256\": \"\#(String(repeating: "ab", count: 32))\"}]}}"}"#,
            5, "clawhub.digest"),
        HostileAnswer(
            "another version", files, #"{"body": "{\"version\": {\"version\": \"9.9.9\", \"files\": []}}"}"#, 6,
            "clawhub.answer", "another version"),
        HostileAnswer(
            "a size below nothing", files,
            #"{"body": "{\"version\": {\"version\": \"1.0.0\", \"files\": [{\"path\": \"a\", \"size\": -1, \"sha256\": \"\"}]}}"}"#,
            6, "clawhub.answer"),
        HostileAnswer("a version that is gone", files, #"{"status": 410}"#, 6, "clawhub.gone"),
        HostileAnswer("an archive that is gone", download, #"{"status": 404}"#, 6, "clawhub.gone"),
        HostileAnswer("a page for an archive", download, #"{"body": "<html>hello</html>"}"#, 5, "archive.format"),
        HostileAnswer("an archive of nothing", download, #"{"zip": {}}"#, 1, "archive.no-skill"),
        HostileAnswer(
            "an archive that leads out", download, #"{"zip": {"SKILL.md": "x", "../../evil": "x"}}"#, 5,
            "git.hostile-entry"),
        HostileAnswer(
            "an archive with a link's name", download, #"{"zip": {"SKILL.md": "x", "/etc/passwd": "x"}}"#, 5,
            "git.hostile-entry"),
        HostileAnswer(
            "an archive with one file more", download, #"{"zip": {"SKILL.md": "x", "evil.sh": "x"}}"#, 5,
            "clawhub.digest"),
    ]
}

@Suite struct `A ClawHub under attack` {
    @Test(arguments: HostileAnswer.all)
    func `a bad answer is refused, named, and changes nothing`(_ attack: HostileAnswer) async throws {
        try await withCommandWorld { world in
            let root = world.scratch + "/hub"
            try write(
                [
                    "harbour/tides/1.0.0/SKILL.md": WebSite.skill("tides"),
                    "answers.json": "{\"\(attack.path)\": \(attack.answer)}",
                ], in: root)
            try await HubServer.serving(root) { hub in
                try world.writeManifest([], extra: "[registries]\nhub = \"\(hub.address)\"\n")
                let before = try world.snapshot(world.project)
                let result = try await world.skvm("add", "@harbour/tides")
                #expect(result.status == attack.status, "\(result.errorText)")
                #expect(result.errorText.contains("[\(attack.id)"), "\(result.errorText)")
                #expect(result.errorText.contains(attack.words), "\(result.errorText)")
                #expect(!result.errorText.contains("\u{1b}"))
                #expect(try world.snapshot(world.project) == before)
                #expect(!FileSystem.exists(world.scratch + "/evil"))

                // The attack over, nothing of it is left.
                try FileSystem.remove(root + "/answers.json")
                try await world.done("add", "@harbour/tides")
            }
        }
    }

    @Test func `a busy hub is waited for`() async throws {
        try await withCommandWorld { world in
            let script = """
                if count == 0: return self.answer(429, "Rate limit exceeded", Retry_After="0")
                self.answer(200, json.dumps({"results": []}), Content_Type="application/json")
                """
            try await ScriptedWebServer.serving(script) { server in
                try world.writeManifest([], extra: "[registries]\nhub = \"clawhub+\(server.address)\"\n")
                try await world.done("search", "tide", "--registry", "hub")
                #expect(try server.requests().count == 2)
            }
        }
    }

    @Test func `what a hub took for malware is not used, and what it suspects is warned of`() async throws {
        try await withCommandWorld { world in
            let root = world.scratch + "/hub"
            let blocked =
                #"{"isSuspicious": true, "isMalwareBlocked": true, "verdict": "malicious", "summary": "steals keys"}"#
            let suspected =
                #"{"isSuspicious": true, "isMalwareBlocked": false, "verdict": "suspicious", "reasonCodes": ["suspicious.x"]}"#
            try write(
                [
                    "harbour/bad/1.0.0/SKILL.md": WebSite.skill("bad"),
                    "harbour/bad/about.json": "{\"moderation\": \(blocked)}",
                    "harbour/odd/1.0.0/SKILL.md": WebSite.skill("odd"),
                    "harbour/odd/about.json": "{\"moderation\": \(suspected)}",
                    "harbour/moved/1.0.0/SKILL.md": WebSite.skill("moved"),
                    "harbour/moved/about.json": #"{"slug": "moved-on"}"#,
                    "harbour/listed/about.json": "{}",
                ], in: root)
            try await HubServer.serving(root) { hub in
                try world.writeManifest([], extra: "[registries]\nhub = \"\(hub.address)\"\n")
                try await world.skvm("add", "@harbour/bad").expectError(5, "clawhub.blocked", "steals keys")
                try await world.skvm("add", "@harbour/moved").expectError(1, "clawhub.renamed", "@harbour/moved-on")
                try await world.skvm("add", "@harbour/listed").expectError(
                    1, "clawhub.elsewhere", "skvm add https://github.com/acme/kit#skills/listed")
                let odd = try await world.done("add", "@harbour/odd")
                #expect(odd.errorText.contains("[clawhub.suspicious]") && odd.errorText.contains("suspicious.x"))
            }
        }
    }

    @Test func `a damaged record of what was seen is none`() async throws {
        try await withCommandWorld { world in
            let root = world.scratch + "/hub"
            try write(["harbour/tides/1.0.0/SKILL.md": WebSite.skill("tides")], in: root)
            try await HubServer.serving(root) { hub in
                try world.writeManifest([], extra: "[registries]\nhub = \"\(hub.address)\"\n")
                try await world.done("add", "@harbour/tides")
                let folder = world.cache + "/hub-v1/\(Digest(of: hub.server.address).hex)/harbour"
                let whole = try FileSystem.readText(folder + "/tides")
                #expect(whole.hasPrefix("skvm-hub-1\n1.0.0 1700000000 sha256:"))
                for damage in ["", "x", String(whole.dropLast(20)), whole.replacing("sha256:", with: "sha1:"), "\0"] {
                    try FileSystem.write(Array(damage.utf8), to: folder + "/tides")
                    try await world.skvm("update", "--offline").expectError(4, "http.offline")
                    try await world.done("update")
                    #expect(try FileSystem.readText(folder + "/tides").hasPrefix("skvm-hub-1\n1.0.0 1700000000 "))
                }
            }
        }
    }
}
