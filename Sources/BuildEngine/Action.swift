package import Basics
package import ContentStore

/// What a value is called from build to build: the rule that makes it and what it is made for.
///
/// The name is for people and for the history. It is no part of an action's key.
package struct Node: Sendable, Hashable, Comparable, CustomStringConvertible {
    package var rule: String
    package var subject: [String]

    package init(_ rule: String, _ subject: [String]) {
        self.rule = rule
        self.subject = subject
    }

    package var description: String { "\(rule) for \(subject.joined(separator: " → "))" }

    package static func < (a: Node, b: Node) -> Bool {
        a.subject == b.subject ? a.rule < b.rule : a.subject.lexicographicallyPrecedes(b.subject)
    }

    /// The history's key: length-prefixed, so that no two nodes share it.
    var digest: Digest {
        var encoder = ByteEncoder()
        encoder.string(rule)
        encoder.count(subject.count)
        for part in subject { encoder.string(part) }
        return Digest(of: encoder.bytes)
    }
}

/// A declared input of an action: a file or link of its input root.
package struct ActionInput: Sendable, Hashable {
    /// Path in the input root.
    package var path: RelativePath
    package var kind: TreeEntry.Kind
    /// The node whose output it is; nil for a leaf.
    package var producer: Node?
    /// The value in a word (`L2`), for explanations. No part of the key.
    package var label: String?

    package init(_ path: RelativePath, _ kind: TreeEntry.Kind, producer: Node? = nil, label: String? = nil) {
        self.path = path
        self.kind = kind
        self.producer = producer
        self.label = label
    }

    package init(_ path: RelativePath, _ blob: Blob, producer: Node? = nil, label: String? = nil) {
        self.init(path, .file(blob, executable: false), producer: producer, label: label)
    }

    /// Of all that the key knows of the input: a mode that changed is a change.
    var digest: Digest {
        switch kind {
        case .file(let blob, false): blob.digest
        case .file(let blob, true): Digest(of: "executable \(blob.digest)")
        case .symlink(let target): Digest(of: "link \(target)")
        }
    }
}

/// A step applied to concrete inputs. Its key is the Remote Execution API's `Action` digest (`docs/formats/digest.md`):
/// `Command` with the arguments `skvm pass <id> --implementation <digest> …`, the declared variables, the output paths,
/// and an input root that holds exactly the declared inputs.
package struct Action: Sendable, Hashable {
    package var node: Node
    /// Changes whenever the code of the step changes.
    package var implementation: Digest
    package var arguments: [String]
    /// Declared variables. Nil is unset, which differs from empty.
    package var variables: [String: String?]
    /// Sorted by path; no two share one.
    package private(set) var inputs: [ActionInput]
    package var outputs: [RelativePath]

    package init(
        _ node: Node, implementation: Digest, arguments: [String] = [], variables: [String: String?] = [:],
        inputs: [ActionInput], outputs: [RelativePath]
    ) {
        self.node = node
        self.implementation = implementation
        self.arguments = arguments
        self.variables = variables
        self.inputs = inputs.sorted { $0.path < $1.path }
        self.outputs = outputs.sorted()
    }

    /// The action key. O(inputs). Throws when the inputs are no tree (two inputs of one path).
    package func key() throws -> ActionKey {
        let root = try Tree.build(
            inputs.map { TreeEntry($0.path, $0.kind) }
        ).root
        // The protocol's environment has no "unset": an unset variable is named in the arguments.
        let unset = variables.filter { $0.value == nil }.keys.sorted()
        return ActionKey(
            ActionMessage.digest(
                arguments: ["skvm", "pass", node.rule, "--implementation", implementation.description]
                    + unset.flatMap { ["--unset", $0] } + (arguments.isEmpty ? [] : ["--"]) + arguments,
                environment: variables.compactMapValues { $0 },
                outputPaths: outputs.map(\.text),
                inputRoot: root))
    }
}

/// The digest of an action: equal keys, equal outputs.
package struct ActionKey: Sendable, Hashable, CustomStringConvertible {
    package let digest: Digest
    package init(_ digest: Digest) { self.digest = digest }
    package var description: String { digest.description }
}
