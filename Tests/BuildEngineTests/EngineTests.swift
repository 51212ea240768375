import Basics
import BuildEngine
import ContentStore
import Synchronization
import TestSupport
import Testing

/// A record table in memory.
final class MemoryTable: RecordTable {
    private let rows = Mutex<[Digest: [UInt8]]>([:])
    func lookup(_ key: Digest) -> [UInt8]? { rows.withLock { $0[key] } }
    func recordAll(_ records: [(key: Digest, value: [UInt8])]) {
        rows.withLock { rows in for record in records { rows[record.key] = record.value } }
    }
}

/// A small build: `upper` makes capitals of a text, `first` takes the first letter of that, `join` joins several.
struct Build {
    let store: ContentStore
    let cache: MemoryTable
    let history: MemoryTable
    var implementation: [String: String] = [:]

    init(_ scratch: String, cache: MemoryTable = MemoryTable(), history: MemoryTable = MemoryTable()) throws {
        store = ContentStore(root: scratch + "/store")
        self.cache = cache
        self.history = history
    }

    func engine() -> Engine { Engine(store: store, cache: cache, history: History(history)) }

    func step(
        _ rule: String, _ subject: String, _ inputs: [ActionInput], _ engine: Engine,
        arguments: [String] = [], variables: [String: String?] = [:], _ body: ([UInt8]) -> [UInt8]
    ) throws -> Evaluation {
        let action = Action(
            Node(rule, [subject]), implementation: Digest(of: implementation[rule] ?? "1"), arguments: arguments,
            variables: variables, inputs: inputs, outputs: [out])
        return try engine.evaluate(action) {
            let bytes = try inputs.flatMap { input -> [UInt8] in
                guard case .file(let blob, _) = input.kind else { return [] }
                return try store.get(blob.digest) ?? []
            }
            return [(out, body(bytes))]
        }
    }

    /// Runs the whole build and returns what ran, as `rule subject`, in order.
    @discardableResult
    func run(_ texts: [String: String]) throws -> [String] {
        let engine = engine()
        let firsts = try texts.sorted { $0.key < $1.key }.map { name, text in
            let leaf = ActionInput(path("text"), try store.put(Array(text.utf8)), label: text)
            let upper = try step("upper", name, [leaf], engine) { $0.map { $0 & 0xDF } }
            let first = try step("first", name, [input(upper, "upper")], engine) { Array($0.prefix(1)) }
            return input(first, "first/\(name)")
        }
        _ = try step("join", "all", firsts, engine) { $0 }
        try engine.flush()
        return engine.report.ran.map { "\($0.node.rule) \($0.node.subject[0])" }
    }

    func input(_ evaluation: Evaluation, _ name: String) -> ActionInput {
        ActionInput(path(name), evaluation.result[out]!, producer: evaluation.node)
    }
}

let out = RelativePath("out")!
func path(_ text: String) -> RelativePath { RelativePath(text)! }

struct EngineTests {
    @Test func `the first build runs everything and the second nothing`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            #expect(
                try build.run(["a": "ant", "b": "bee"]) == ["first a", "upper a", "join all", "first b", "upper b"])
            #expect(try build.run(["a": "ant", "b": "bee"]) == [])
        }
    }

    @Test func `a changed leaf reruns what depends on it and nothing else`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            try build.run(["a": "ant", "b": "bee"])
            #expect(try build.run(["a": "ant", "b": "cow"]) == ["join all", "first b", "upper b"])
            #expect(try build.run(["a": "ant", "b": "cow"]) == [])
        }
    }

    @Test func `an equal output cuts the rebuild off early`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            try build.run(["a": "ant"])
            // Another text, but the same first letter: `upper` and `first` run, `join` does not.
            #expect(try build.run(["a": "ape"]) == ["first a", "upper a"])
            // Another text with the same capitals: only `upper` runs.
            #expect(try build.run(["a": "Ape"]) == ["upper a"])
            #expect(try build.run(["a": "Ape"]) == [])
        }
    }

    @Test func `a changed implementation reruns that step, and others only if its output changed`() throws {
        try withScratch { scratch in
            var build = try Build(scratch)
            try build.run(["a": "ant"])
            build.implementation["upper"] = "2"
            #expect(try build.run(["a": "ant"]) == ["upper a"])
            #expect(try build.run(["a": "ant"]) == [])
        }
    }

    @Test func `going back to an earlier state is answered from the cache`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            try build.run(["a": "ant"])
            try build.run(["a": "bee"])
            #expect(try build.run(["a": "ant"]) == [])
        }
    }

    @Test func `a result whose blob is gone is made again, with that reason`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            try build.run(["a": "ant"])
            try FileSystem.removeTree(scratch + "/store")
            let again = try Build(scratch, cache: build.cache, history: build.history)
            let engine = again.engine()
            let leaf = ActionInput(path("text"), try again.store.put(Array("ant".utf8)), label: "ant")
            _ = try again.step("upper", "a", [leaf], engine) { $0.map { $0 & 0xDF } }
            #expect(engine.report.ran.map(\.changes) == [[.resultMissing]])
        }
    }

    @Test func `an action asked for by eight threads at once runs once`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            let engine = build.engine()
            let leaf = ActionInput(path("text"), try build.store.put([1, 2, 3]))
            let runs = Mutex(0)
            let failures = Mutex(0)
            concurrently(8, jobs: 8) { _ in
                do {
                    _ = try build.step("slow", "a", [leaf], engine) { bytes in
                        runs.withLock { $0 += 1 }
                        var sum: UInt64 = 0
                        for index in 0..<3_000_000 { sum = sum &* 31 &+ UInt64(index) }
                        return bytes + [UInt8(truncatingIfNeeded: sum)]
                    }
                } catch { failures.withLock { $0 += 1 } }
            }
            #expect(runs.withLock { $0 } == 1)
            #expect(failures.withLock { $0 } == 0)
            #expect(engine.report.cached == 7)
        }
    }

    @Test func `a failed run is not recorded and runs again`() throws {
        struct Broken: Error {}
        try withScratch { scratch in
            let build = try Build(scratch)
            let engine = build.engine()
            let action = Action(
                Node("fail", ["a"]), implementation: Digest(of: "1"), inputs: [], outputs: [out])
            #expect(throws: Broken.self) { try engine.evaluate(action) { throw Broken() } }
            let evaluation = try engine.evaluate(action) { [(out, [1])] }
            #expect(evaluation.ran)
        }
    }
}

struct ExplanationTests {
    private func changes(
        _ build: Build, first: (Engine) throws -> Evaluation, then: (Engine) throws -> Evaluation
    ) throws -> [Change] {
        let engine = build.engine()
        _ = try first(engine)
        try engine.flush()
        let second = build.engine()
        _ = try then(second)
        return second.report.ran.first?.changes ?? []
    }

    @Test func `the first run says that it is the first`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            let engine = build.engine()
            _ = try build.step("r", "a", [], engine) { $0 }
            #expect(engine.report.ran == [RanNode(node: Node("r", ["a"]), changes: [.first])])
        }
    }

    @Test func `a changed input is named with its old and new value and its producer`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            let made = Node("measure", ["a"])
            func leaf(_ text: String) throws -> ActionInput {
                ActionInput(path("levels/exec"), try build.store.put(Array(text.utf8)), producer: made, label: text)
            }
            let changes = try changes(
                build, first: { try build.step("r", "a", [leaf("L2")], $0) { $0 } },
                then: { try build.step("r", "a", [leaf("L1")], $0) { $0 } })
            #expect(
                changes == [
                    .input(
                        .init(
                            path: "levels/exec", from: .init(digest: Digest(of: "L2"), label: "L2"),
                            to: .init(digest: Digest(of: "L1"), label: "L1"), producer: made))
                ])
        }
    }

    @Test func `an input that came, one that went and one that became executable are told apart`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            let blob = try build.store.put([1])
            let changes = try changes(
                build,
                first: {
                    try build.step(
                        "r", "a", [ActionInput(path("gone"), blob), ActionInput(path("mode"), blob)], $0
                    ) { $0 }
                },
                then: {
                    try build.step(
                        "r", "a",
                        [
                            ActionInput(path("mode"), .file(blob, executable: true)), ActionInput(path("new"), blob),
                        ], $0
                    ) { $0 }
                })
            let inputs = changes.compactMap { if case .input(let input) = $0 { input } else { nil } }
            #expect(inputs.map(\.path) == ["gone", "mode", "new"])
            #expect(inputs.map { $0.from == nil } == [false, false, true])
            #expect(inputs.map { $0.to == nil } == [true, false, false])
        }
    }

    @Test func `arguments, implementation and variables are named`() throws {
        try withScratch { scratch in
            var build = try Build(scratch)
            let engine = build.engine()
            _ = try build.step("r", "a", [], engine, arguments: ["x"], variables: ["V": nil]) { $0 }
            try engine.flush()
            build.implementation["r"] = "2"
            let second = build.engine()
            _ = try build.step("r", "a", [], second, arguments: ["y"], variables: ["V": ""]) { $0 }
            #expect(
                second.report.ran.first?.changes == [
                    .implementation, .arguments(from: ["x"], to: ["y"]), .variable("V"),
                ])
        }
    }

    @Test func `the reason of the last run outlives builds that answer from the cache`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            try build.run(["a": "ant"])
            try build.run(["a": "bee"])
            try build.run(["a": "ant"])
            let record = History(build.history).record(of: Node("upper", ["a"]))
            #expect(record?.inputs.first?.value.label == "ant")
            guard case .input(let change)? = record?.lastRun.first else {
                Issue.record("no input change")
                return
            }
            #expect(change.to?.label == "bee")
        }
    }

    @Test func `what another project knows of nodes is taken over, but for why they ran`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            try build.run(["a": "ant", "b": "bee"])
            try build.run(["a": "cat", "b": "bee"])
            let known = History(build.history).inputs(ofFamily: "a", subjects: [["a"]])
            let none = History(build.history).inputs(ofFamily: "a", subjects: [["a", "x"]])

            let table = MemoryTable()
            let other = History(table)
            other.takeOver(none[...], ofFamily: "a")
            #expect(other.record(of: Node("upper", ["a"])) == nil)
            other.takeOver(known[...], ofFamily: "a")
            other.takeOver(known.prefix(known.count - 1), ofFamily: "b")
            try other.flush()
            let record = try #require(History(table).record(of: Node("upper", ["a"])))
            #expect(record.inputs.first?.value.label == "cat" && record.lastRun == [])
            #expect(History(table).record(of: Node("upper", ["b"])) == nil)

            // What runs here tells itself from what was taken over, and keeps its reason when more is taken over.
            let here = try Build(scratch, history: table)
            try here.run(["a": "dog", "b": "bee"])
            let third = History(table)
            third.takeOver(known[...], ofFamily: "a")
            let again = try #require(third.record(of: Node("upper", ["a"])))
            #expect(again.inputs.first?.value.label == "cat")
            guard case .input(let change)? = again.lastRun.first else {
                Issue.record("no input change: \(again.lastRun)")
                return
            }
            #expect(change.from?.label == "cat" && change.to?.label == "dog")
        }
    }

    @Test func `more families than are held at once are all remembered`() throws {
        try withScratch { scratch in
            let build = try Build(scratch)
            let names = (0..<1_200).map { "n\($0)" }
            let engine = build.engine()
            for name in names { _ = try build.step("r", name, [], engine) { _ in Array(name.utf8) } }
            for name in names { _ = try build.step("s", name, [], engine) { _ in Array(name.utf8) } }
            try engine.flush()
            let history = History(build.history)
            #expect(names.allSatisfy { history.record(of: Node("r", [$0])) != nil })
            #expect(names.allSatisfy { history.record(of: Node("s", [$0])) != nil })
        }
    }

    @Test func `a damaged record is no record`() throws {
        let table = MemoryTable()
        let node = Node("r", ["a"])
        try withScratch { scratch in
            let build = try Build(scratch)
            let engine = Engine(store: build.store, cache: build.cache, history: History(table))
            _ = try build.step("r", "a", [], engine) { $0 }
            try engine.flush()
        }
        let whole = History(table).record(of: node)
        #expect(whole != nil)
        let spoiled = SpoiledTable(inner: table)
        for cut in 0..<90 {
            spoiled.cut.withLock { $0 = cut }
            #expect(History(spoiled).record(of: node) == nil)
        }
    }
}

/// Hands out only the first bytes of each record.
final class SpoiledTable: RecordTable {
    let inner: MemoryTable
    let cut = Mutex(0)
    init(inner: MemoryTable) { self.inner = inner }
    func lookup(_ key: Digest) -> [UInt8]? { inner.lookup(key).map { Array($0.prefix(cut.withLock { $0 })) } }
    func recordAll(_ records: [(key: Digest, value: [UInt8])]) { inner.recordAll(records) }
}
