import SkillModel

/// What `skvm new --pass` writes: a pass that works, and its table of `skvm.toml`.
struct PassTemplate {
    /// Below `passes/`, without the ending.
    var fileEnding: String
    var text: String
    var command: (_ path: String) -> [String]
    var inputs: [String]
    var phrases: [String]

    /// Passes that are part of skvm, to be copied into a project: nothing runs from where they lie here.
    static let shipped = ["slim", "outline"]

    /// A shipped pass, or, for any other name, one that warns of what was left to do.
    static func named(_ name: PassName, _ language: PassLanguage) -> PassTemplate {
        switch language {
        case .python:
            PassTemplate(
                fileEnding: ".py", text: python(name), command: { ["python3", $0] }, inputs: ["document"], phrases: [])
        case .swift:
            PassTemplate(
                fileEnding: ".swift", text: swift(name), command: { ["swift", $0] }, inputs: ["document"], phrases: [])
        }
    }

    static func shipped(_ name: String) -> PassTemplate? {
        switch name {
        case "slim":
            file("passes/slim.py").map {
                PassTemplate(
                    fileEnding: ".py", text: $0, command: { ["python3", $0] },
                    inputs: ["document", "support", "edits", "movable"], phrases: ["See for this part"])
            }
        case "outline":
            file("passes/outline.swift").map {
                PassTemplate(
                    fileEnding: ".swift", text: $0, command: { ["swift", $0] }, inputs: ["document"],
                    phrases: ["Sections of this skill:"])
            }
        default: nil
        }
    }

    private static func file(_ path: String) -> String? {
        EmbeddedRegistryFiles.table.first { $0.path.description == path }?.text.description
    }

    private static func python(_ name: PassName) -> String {
        """
        #!/usr/bin/env python3
        \"""\(name): a custom pass of skvm. It warns of notes that the skill's author left in the text.

        skvm writes a request to standard input and reads an answer from standard output. It runs the pass in a sandbox:
        no network, no files but those that skvm.toml declares.
        \"""
        import json
        import sys

        PROTOCOL = 1


        def run(request):
            edits = []
            diagnostics = []
            text = request["text"].encode("utf-8")  # spans count its bytes
            for block in request["document"]["blocks"]:
                if block["kind"] == "paragraph" and "TODO" in block["text"]:
                    diagnostics.append({
                        "id": "note", "severity": "warning", "message": "a note to the author is left in the text",
                        "line": text[:block["span"][0]].count(b"\\n") + 1})
            # An edit replaces bytes of SKILL.md:
            # edits.append({"span": [0, 0], "replacement": "", "rule": "example", "reason": "why, for `skvm diff`"})
            return {"protocol": PROTOCOL, "edits": edits, "files": [], "diagnostics": diagnostics}


        def main():
            try:
                request = json.load(sys.stdin)
            except ValueError as error:
                sys.exit(f"the request is no JSON: {error}")
            if not isinstance(request, dict) or request.get("protocol") != PROTOCOL:
                sys.exit(f"\(name) speaks protocol {PROTOCOL}")
            json.dump(run(request), sys.stdout, ensure_ascii=False)


        if __name__ == "__main__":
            main()

        """
    }

    /// Named only in the text: skvm itself does without it, and says so in a check of its imports.
    private static let foundation = "Foundation"

    private static func swift(_ name: PassName) -> String {
        """
        // \(name): a custom pass of skvm. It warns of notes that the skill's author left in the text.
        //
        // skvm writes a request to standard input and reads an answer from standard output. It runs the pass in a sandbox:
        // no network, no files but those that skvm.toml declares.
        //
        // Interpreted it takes seconds. Compile it when it is done, and change the command to ["passes/\(name)"]:
        //     swiftc -O -static-stdlib passes/\(name).swift -o passes/\(name)

        #if canImport(FoundationEssentials)
            import FoundationEssentials
            import Glibc
        #else
            import \(foundation)
        #endif

        let protocolVersion = 1

        struct Version: Decodable {
            var `protocol`: Int
        }

        /// The part of a request that this pass reads.
        struct Request: Decodable {
            struct Document: Decodable {
                struct Block: Decodable {
                    var kind: String
                    var text: String
                    /// Bytes of `Request.text`.
                    var span: [Int]
                }
                var blocks: [Block]
            }
            var text: String
            var document: Document
        }

        struct Answer: Encodable {
            struct Edit: Encodable {
                var span: [Int]
                var replacement: String
                var rule: String
                var reason: String
            }
            struct Diagnostic: Encodable {
                var id: String
                var severity: String
                var message: String
                var line: Int
            }
            var `protocol` = protocolVersion
            var edits: [Edit] = []
            var diagnostics: [Diagnostic] = []
        }

        func run(_ request: Request) -> Answer {
            var answer = Answer()
            let text = Array(request.text.utf8)
            for block in request.document.blocks where block.kind == "paragraph" && block.text.contains("TODO") {
                let line = text[..<block.span[0]].filter { $0 == 0x0A }.count + 1
                answer.diagnostics.append(
                    .init(
                        id: "note", severity: "warning", message: "a note to the author is left in the text",
                        line: line))
            }
            return answer
        }

        func fail(_ message: String) -> Never {
            fputs("\(name): \\(message)\\n", stderr)
            exit(1)
        }

        var text = ""
        while let line = readLine(strippingNewline: false) { text += line }
        let input = Data(text.utf8)
        guard let version = try? JSONDecoder().decode(Version.self, from: input) else {
            fail("the request is no JSON object")
        }
        guard version.protocol == protocolVersion else { fail("it speaks protocol \\(protocolVersion)") }
        guard let request = try? JSONDecoder().decode(Request.self, from: input) else {
            fail("it needs inputs = [\\"document\\"]")
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        guard let answer = try? encoder.encode(run(request)) else { fail("its answer can't be encoded") }
        print(String(decoding: answer, as: UTF8.self))

        """
    }
}

/// In what `skvm new --pass` writes a pass.
package enum PassLanguage: String, Sendable, CaseIterable {
    case python, swift
}
