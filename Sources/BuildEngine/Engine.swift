package import Basics
package import ContentStore
import Dispatch
import Synchronization

/// A node that ran, and why.
package struct RanNode: Sendable, Hashable {
    package var node: Node
    package var changes: [Change]

    package init(node: Node, changes: [Change]) {
        self.node = node
        self.changes = changes
    }
}

/// An evaluated action.
package struct Evaluation: Sendable {
    package var node: Node
    package var key: ActionKey
    package var result: ActionResult
    /// Whether its body ran now; false when the answer came from the cache.
    package var ran: Bool
}

/// Runs each action once, or answers it from the action cache.
///
/// All of it is synchronous and thread-safe: callers bring the threads (`concurrently`), so that store and cache calls
/// never block Swift's cooperative pool. Two callers that ask for one action at the same time share one run.
package final class Engine: Sendable {
    package let store: ContentStore
    private let cache: any RecordTable
    private let history: History?
    private let state = Mutex(State())

    private struct State {
        var running: [ActionKey: Flight] = [:]
        var finished: [ActionKey: ActionResult] = [:]
        var unsaved: [(key: Digest, value: [UInt8])] = []
        var ran: [RanNode] = []
        var cached = 0
    }

    /// A run in progress that others wait for.
    private final class Flight: Sendable {
        let group = DispatchGroup()
        let result = Mutex<Result<ActionResult, any Error>?>(nil)
    }

    /// How many results are kept back before they are written in one transaction.
    private static let batch = 512

    /// - Parameters:
    ///   - cache: the action cache, shared by all projects of the user.
    ///   - history: what this project's nodes were; nil when nobody will ask why.
    package init(store: ContentStore, cache: any RecordTable, history: History?) {
        self.store = store
        self.cache = cache
        self.history = history
    }

    /// The action's outputs: from the cache, or by running `body`, which returns the bytes of every output.
    ///
    /// A cached result whose blobs are gone is a miss. With `force` the body runs in any case: for a result that turned
    /// out to be damaged. Throws what `body` or the store throws; nothing is recorded then.
    package func evaluate(
        _ action: Action, force: Bool = false, _ body: () throws -> [(path: RelativePath, bytes: [UInt8])]
    ) throws -> Evaluation {
        let key = try action.key()
        while true {
            switch claim(key, force: force) {
            case .finished(let result):
                return answered(action, key, result)
            case .wait(let flight):
                flight.group.wait()
                guard case .success(let result)? = flight.result.withLock({ $0 }) else { continue }
                return answered(action, key, result)
            case .run(let flight):
                return try settle(flight, key) {
                    if !force, let result = try lookup(key) { return answered(action, key, result) }
                    return try run(action, key, body)
                }
            }
        }
    }

    /// What ran so far, in order of node, and how many actions the cache answered.
    package var report: (ran: [RanNode], cached: Int) {
        state.withLock { ($0.ran.sorted { $0.node < $1.node }, $0.cached) }
    }

    /// Writes the results and the history that are still in memory. To be called at the end; a build that is killed
    /// before runs some actions again, no more.
    package func flush() throws {
        let unsaved = state.withLock { state in
            defer { state.unsaved = [] }
            return state.unsaved
        }
        if !unsaved.isEmpty { try cache.recordAll(unsaved) }
        try history?.flush()
    }

    // MARK: One action

    private enum Claim {
        case finished(ActionResult)
        case wait(Flight)
        case run(Flight)
    }

    private func claim(_ key: ActionKey, force: Bool) -> Claim {
        state.withLock { state in
            if !force, let result = state.finished[key] { return .finished(result) }
            if let flight = state.running[key] { return .wait(flight) }
            let flight = Flight()
            flight.group.enter()
            state.running[key] = flight
            return .run(flight)
        }
    }

    private func settle(
        _ flight: Flight, _ key: ActionKey, _ work: () throws -> Evaluation
    ) throws -> Evaluation {
        let outcome = Result { try work() }
        flight.result.withLock { $0 = outcome.map(\.result) }
        state.withLock { state in
            state.running[key] = nil
            if case .success(let evaluation) = outcome { state.finished[key] = evaluation.result }
        }
        flight.group.leave()
        return try outcome.get()
    }

    private func lookup(_ key: ActionKey) throws -> ActionResult? {
        guard let bytes = try cache.lookup(key.digest), let result = ActionResult(encoded: bytes) else { return nil }
        return result.files.allSatisfy { store.contains($0.blob.digest) } ? result : nil
    }

    private func answered(_ action: Action, _ key: ActionKey, _ result: ActionResult) -> Evaluation {
        state.withLock { $0.cached += 1 }
        if let history {
            let old = history.record(of: action.node)
            if old?.key != key.digest {
                history.remember(NodeRecord(action, key: key, lastRun: old?.lastRun ?? []))
            }
        }
        return Evaluation(node: action.node, key: key, result: result, ran: false)
    }

    private func run(
        _ action: Action, _ key: ActionKey, _ body: () throws -> [(path: RelativePath, bytes: [UInt8])]
    ) throws -> Evaluation {
        let old = history?.record(of: action.node)
        var changes = old.map { $0.changes(to: action) } ?? [.first]
        if changes.isEmpty { changes = [.resultMissing] }

        let result = ActionResult(try body().map { ($0.path, try store.put($0.bytes)) })
        precondition(
            result.files.map(\.path) == action.outputs, "\(action.node) did not make the outputs it declared")

        history?.remember(NodeRecord(action, key: key, lastRun: changes))
        let full = state.withLock { state in
            state.ran.append(RanNode(node: action.node, changes: changes))
            state.unsaved.append((key.digest, result.encoded))
            return state.unsaved.count >= Self.batch
        }
        if full { try flush() }
        return Evaluation(node: action.node, key: key, result: result, ran: true)
    }
}

/// Calls `body` with 0 ..< count on up to `jobs` threads and returns when all calls have ended.
///
/// The threads are Dispatch's, not Swift's cooperative ones: `body` may block.
package func concurrently(_ count: Int, jobs: Int, _ body: @Sendable (Int) -> Void) {
    if count <= 1 || jobs <= 1 {
        for index in 0..<count { body(index) }
        return
    }
    let next = Atomic(0)
    DispatchQueue.concurrentPerform(iterations: min(jobs, count)) { _ in
        while true {
            let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
            guard index < count else { return }
            body(index)
        }
    }
}
