import Basics
package import BuildEngine
package import ContentStore
import Formats
package import Passes
import Synchronization

/// A pass's result as the next pass sees it: its digest at once, its value when somebody asks.
///
/// A cached result whose consumers are cached, too, is never read. Bytes that turn out to be damaged are made again.
package final class Produced<Value: Sendable & Codable>: Sendable {
    package let evaluation: Evaluation
    package let blob: Blob
    private let load: @Sendable () throws -> PassResult<Value>
    private let again: @Sendable () throws -> PassResult<Value>
    private let loaded: Mutex<PassResult<Value>?>

    init(
        _ evaluation: Evaluation, blob: Blob, value: PassResult<Value>?,
        load: @escaping @Sendable () throws -> PassResult<Value>,
        again: @escaping @Sendable () throws -> PassResult<Value>
    ) {
        self.evaluation = evaluation
        self.blob = blob
        self.load = load
        self.again = again
        self.loaded = Mutex(value)
    }

    /// The value and its diagnostics. Throws when the store can't be read or the pass that makes it again throws.
    package func result() throws -> PassResult<Value> {
        try loaded.withLock { loaded in
            if let loaded { return loaded }
            let value = try load()
            loaded = value
            return value
        }
    }

    /// The value. Throws `UnusableInput` when the pass had none to give.
    package func value() throws -> Value {
        guard let value = try result().value else { throw UnusableInput() }
        return value
    }

    /// Runs the pass again, for what it put into the store beside its output.
    func remake() throws {
        let value = try again()
        loaded.withLock { $0 = value }
    }

    /// This result as an input of another action.
    func input(_ path: RelativePath, label: String? = nil) -> ActionInput {
        ActionInput(path, blob, producer: evaluation.node, label: label)
    }
}

/// A pass was asked for the value of one that ended in errors. A fault of the pipeline: it stops at errors before.
package struct UnusableInput: Error {
    package init() {}
}

/// The value of a pass that ran in this process.
private final class Made<Value: Sendable & Codable>: Sendable {
    let value = Mutex<PassResult<Value>?>(nil)
}

extension Engine {
    /// Evaluates a pass that has one output, `<pass>.json`.
    func produce<Value: Sendable & Codable>(
        _ action: Action, _ output: RelativePath, _ body: @escaping @Sendable () throws -> PassResult<Value>
    ) throws -> Produced<Value> {
        let made = Made<Value>()
        let run: @Sendable () throws -> [(path: RelativePath, bytes: [UInt8])] = {
            let result = try body()
            made.value.withLock { $0 = result }
            return [(output, try CanonicalJSON.encode(result))]
        }
        let evaluation = try evaluate(action, run)
        guard let blob = evaluation.result[output] else { throw UnusableInput() }
        let again: @Sendable () throws -> PassResult<Value> = { [self] in
            _ = try evaluate(action, force: true, run)
            guard let value = made.value.withLock({ $0 }) else { throw UnusableInput() }
            return value
        }
        let load: @Sendable () throws -> PassResult<Value> = { [self] in
            if let bytes = try store.get(blob.digest),
                let value = try? CanonicalJSON.decode(PassResult<Value>.self, from: bytes)
            {
                return value
            }
            // Damaged or collected after the look-up: a miss that heals.
            return try again()
        }
        return Produced(evaluation, blob: blob, value: made.value.withLock { $0 }, load: load, again: again)
    }
}
