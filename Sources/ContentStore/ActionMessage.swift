package import Basics

/// The Remote Execution API v2 `Command` and `Action` messages, as far as skvm uses them: the identity of an action.
package enum ActionMessage {
    /// The canonical `Command`: arguments in their order, variables sorted by name, output paths sorted, each once.
    package static func command(
        arguments: [String], environment: [String: String], outputPaths: [String]
    ) -> [UInt8] {
        var writer = ProtobufWriter()
        for argument in arguments { writer.text(1, argument) }
        for (name, value) in environment.sorted(by: { precedes($0.key, $1.key) }) {
            let valueBytes = value.isEmpty ? 0 : ProtobufWriter.count(ofField: value.utf8.count)
            writer.message(2, count: ProtobufWriter.count(ofField: name.utf8.count) + valueBytes)
            writer.text(1, name)
            if !value.isEmpty { writer.text(2, value) }
        }
        var last: String?
        for path in outputPaths.sorted(by: precedes) where last.map({ !$0.utf8.elementsEqual(path.utf8) }) ?? true {
            writer.text(7, path)
            last = path
        }
        return writer.bytes
    }

    /// The canonical `Action` of a command's blob and an input tree's root.
    package static func action(command: Blob, inputRoot: Blob) -> [UInt8] {
        var writer = ProtobufWriter()
        writer.blob(1, command)
        writer.blob(2, inputRoot)
        return writer.bytes
    }

    /// The action's digest: what keys the action cache, here and in a remote one. O(n) in the command's bytes.
    package static func digest(
        arguments: [String], environment: [String: String], outputPaths: [String], inputRoot: Blob
    ) -> Digest {
        let command = command(arguments: arguments, environment: environment, outputPaths: outputPaths)
        return Digest(of: action(command: Blob(of: command), inputRoot: inputRoot))
    }
}
