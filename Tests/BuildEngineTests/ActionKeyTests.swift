import Basics
import BuildEngine
import ContentStore
import Testing

struct ActionKeyTests {
    private let blob = Blob(digest: Digest(of: "x"), size: 1)

    private func key(
        rule: String = "r", subject: [String] = ["a"], implementation: String = "1", arguments: [String] = [],
        variables: [String: String?] = [:], inputs: [ActionInput]? = nil, outputs: [String] = ["out"]
    ) throws -> ActionKey {
        try Action(
            Node(rule, subject), implementation: Digest(of: implementation), arguments: arguments, variables: variables,
            inputs: inputs ?? [ActionInput(path("in"), blob)], outputs: outputs.map(path)
        ).key()
    }

    @Test func `every declared part changes the key`() throws {
        let other = Blob(digest: Digest(of: "y"), size: 1)
        let keys = [
            try key(), try key(rule: "s"), try key(implementation: "2"), try key(arguments: ["x"]),
            try key(arguments: ["x", ""]), try key(variables: ["V": nil]), try key(variables: ["V": ""]),
            try key(variables: ["V": "1"]), try key(inputs: []), try key(inputs: [ActionInput(path("in"), other)]),
            try key(inputs: [ActionInput(path("in2"), blob)]), try key(outputs: ["out", "second"]),
            try key(inputs: [ActionInput(path("in"), .file(blob, executable: true))]),
            try key(inputs: [ActionInput(path("in"), .symlink(target: "x"))]),
        ]
        #expect(Set(keys).count == keys.count)
    }

    @Test func `what the node is called, who made an input and its label are no part of the key`() throws {
        let labelled = ActionInput(path("in"), blob, producer: Node("p", ["q"]), label: "L2")
        #expect(try key(subject: ["b", "c"]) == key())
        #expect(try key(inputs: [labelled]) == key())
    }

    @Test func `the order in which inputs and outputs are declared does not matter`() throws {
        let a = ActionInput(path("a"), blob)
        let b = ActionInput(path("b"), blob)
        #expect(try key(inputs: [a, b], outputs: ["x", "y"]) == key(inputs: [b, a], outputs: ["y", "x"]))
    }

    @Test func `two inputs of one path are refused`() {
        let a = ActionInput(path("a"), blob)
        #expect(throws: (any Error).self) { try key(inputs: [a, a]) }
    }

    @Test func `a result survives its encoding, and a damaged one is no result`() {
        let result = ActionResult([
            (path("b/ü.json"), Blob(digest: Digest(of: "1"), size: 300)),
            (path("a"), Blob(digest: Digest(of: ""), size: 0)),
        ])
        #expect(ActionResult(encoded: result.encoded) == result)
        for cut in 1..<result.encoded.count where cut != 75 {
            let part = ActionResult(encoded: Array(result.encoded.prefix(cut)))
            #expect(part == nil || part != result)
        }
    }
}
