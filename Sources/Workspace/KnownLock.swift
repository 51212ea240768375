import Basics
import BuildEngine
import Compiler
import SkillModel

/// The lock of one project as skvm read or wrote it last, in a form that is read without parsing: TOML of three thousand
/// variants costs more than all else that a build of one edited skill does.
///
/// It lies in the user's cache and not in the project, whose files may come from somebody else, and holds for exactly the
/// bytes of the lock that it names. Damaged or of other bytes it is none. Format: `docs/formats/state.md`.
struct KnownLock {
    private static let magic: [UInt8] = Array("skvm-lock-4\n".utf8)
    private static let headSize = magic.count + 64

    let path: String

    init(_ project: Project, cache: String) {
        path = "\(cache)/\(Self.bucket)/\(Digest(of: project.root).hex)"
    }

    static let bucket = "locks-v1"

    /// The lock whose text has the digest `text`; nil when another one is known, or none.
    func lock(of text: Digest) -> Lockfile? {
        guard let bytes = try? FileSystem.read(path, limit: Lockfile.greatestSize), Self.names(bytes, text) else {
            return nil
        }
        let body = bytes[Self.headSize...]
        guard Digest(bytes: bytes[Self.magic.count + 32..<Self.headSize]) == Digest(of: body) else { return nil }
        return Self.decoded(body)
    }

    /// Remembers what the text with that digest says. A cache: what can't be written isn't.
    ///
    /// Every field of a record is in it: one that is added to `Lockfile` and not here would be lost, and
    /// `KnownLockTests` fails.
    func remember(_ lock: Lockfile, of text: Digest) {
        guard let encoded = Self.encoded(lock) else { return }
        let bytes = Self.magic + text.bytes + Digest(of: encoded).bytes + encoded
        let staging = FileSystem.temporaryPath(beside: path)
        do throws(FileError) {
            try FileSystem.makeDirectories(FileSystem.parent(of: path) ?? "/")
            try FileSystem.write(bytes, to: staging)
            try FileSystem.rename(staging, to: path)
        } catch {
            try? FileSystem.remove(staging)
        }
    }

    private static func names(_ bytes: [UInt8], _ text: Digest) -> Bool {
        bytes.count >= headSize && bytes.starts(with: magic)
            && Digest(bytes: bytes[magic.count..<magic.count + 32]) == text
    }

    private static func decoded(_ body: ArraySlice<UInt8>) -> Lockfile? {
        var decoder = ByteDecoder(body)
        guard let lock = try? decoder.lock(), decoder.isAtEnd else { return nil }
        return lock
    }

    /// Nil for a lock whose records don't refer to one another as they should.
    private static func encoded(_ lock: Lockfile) -> [UInt8]? {
        var encoder = ByteEncoder()
        encoder.reserve(lock.variants.count * 256 + lock.packages.count * 160)
        var places: [PackageName: Int] = [:]
        encoder.ranges(lock.wishes)
        encoder.count(lock.packages.count)
        for (place, package) in lock.packages.enumerated() {
            places[package.id.name] = place
            encoder.package(package)
        }
        encoder.count(lock.targets.count)
        for target in lock.targets {
            encoder.string(target.name.description)
            encoder.optionalDigest(target.profile)
            encoder.digest(target.environment)
            encoder.digest(target.harness)
        }
        let targets = Dictionary(
            lock.targets.enumerated().map { ($1.name, $0) }, uniquingKeysWith: { first, _ in first })
        encoder.count(lock.variants.count)
        for variant in lock.variants {
            guard let package = places[variant.package.name], lock.packages[package].id == variant.package,
                let target = targets[variant.target]
            else { return nil }
            encoder.count(package)
            encoder.count(target)
            encoder.digest(variant.tree)
            encoder.count(variant.passes.count)
            for (name, output) in variant.passes.sorted(by: { $0.key < $1.key }) {
                encoder.string(name)
                encoder.digest(output)
            }
            encoder.count(variant.recordings.count)
            for recording in variant.recordings { encoder.digest(recording) }
        }
        return encoder.bytes
    }
}

extension ByteEncoder {
    fileprivate mutating func optionalDigest(_ value: Digest?) {
        byte(value == nil ? 0 : 1)
        if let value { digest(value) }
    }

    fileprivate mutating func package(_ package: LockedPackage) {
        string(package.name.description)
        string(package.version.description)
        optional(package.alias?.description)
        string(package.source.description)
        optional(package.patched?.description)
        optional(package.commit?.description)
        optionalDigest(package.tree)
        optional(package.signer)
        count(package.dependencies.count)
        for dependency in package.dependencies { string(dependency.description) }
        ranges(package.ranges)
        count(package.registries.count)
        for (name, sources) in package.registries.sorted(by: { $0.key < $1.key }) {
            string(name.description)
            count(sources.count)
            for source in sources { string(source.description) }
        }
    }

    fileprivate mutating func ranges(_ ranges: [PackageName: LockedRange]) {
        count(ranges.count)
        for (name, range) in ranges.sorted(by: { $0.key < $1.key }) {
            string(name.description)
            string(range.description)
        }
    }
}

extension ByteDecoder {
    fileprivate mutating func optionalDigest() throws(Damaged) -> Digest? { try byte() == 0 ? nil : try digest() }

    private mutating func value<Value: TextValue>(_: Value.Type) throws(Damaged) -> Value {
        guard let value = Value(try string()) else { throw Damaged() }
        return value
    }

    private mutating func optionalValue<Value: TextValue>(_: Value.Type) throws(Damaged) -> Value? {
        try byte() == 0 ? nil : try value(Value.self)
    }

    fileprivate mutating func lock() throws(Damaged) -> Lockfile {
        let wishes = try ranges()
        var packages: [LockedPackage] = []
        // Most packages come from few places.
        var sources: [String: PackageSource] = [:]
        for _ in 0..<(try count()) { packages.append(try package(&sources)) }
        var targets: [LockedTarget] = []
        for _ in 0..<(try count()) {
            targets.append(
                LockedTarget(
                    name: try value(TargetName.self), profile: try optionalDigest(), environment: try digest(),
                    harness: try digest()))
        }
        var variants: [LockedVariant] = []
        for _ in 0..<(try count()) { variants.append(try variant(packages, targets)) }
        return Lockfile(wishes: wishes, packages: packages, targets: targets, variants: variants)
    }

    private mutating func ranges() throws(Damaged) -> [PackageName: LockedRange] {
        var ranges: [PackageName: LockedRange] = [:]
        for _ in 0..<(try count()) { ranges[try value(PackageName.self)] = try value(LockedRange.self) }
        return ranges
    }

    private mutating func package(_ sources: inout [String: PackageSource]) throws(Damaged) -> LockedPackage {
        var package = LockedPackage(
            name: try value(PackageName.self), version: try value(Version.self), source: .embedded)
        package.alias = try optionalValue(PackageName.self)
        let text = try string()
        guard let source = sources[text] ?? PackageSource(text) else { throw Damaged() }
        if sources.updateValue(source, forKey: text) == nil, sources.count > 100 { sources = [:] }
        package.source = source
        package.patched = try optionalValue(PackageSource.self)
        package.commit = try optionalValue(CommitID.self)
        package.tree = try optionalDigest()
        package.signer = try optional()
        for _ in 0..<(try count()) { package.dependencies.append(try value(PackageID.self)) }
        package.ranges = try ranges()
        for _ in 0..<(try count()) {
            let name = try value(PackageName.self)
            var found: [PackageSource] = []
            for _ in 0..<(try count()) { found.append(try value(PackageSource.self)) }
            package.registries[name] = found
        }
        return package
    }

    private mutating func variant(
        _ packages: [LockedPackage], _ targets: [LockedTarget]
    ) throws(Damaged) -> LockedVariant {
        let (package, target) = (Int(try fixed(UInt32.self)), Int(try fixed(UInt32.self)))
        guard packages.indices.contains(package), targets.indices.contains(target) else { throw Damaged() }
        var variant = LockedVariant(
            package: packages[package].id, target: targets[target].name, tree: try digest())
        for _ in 0..<(try count()) { variant.passes[try string()] = try digest() }
        for _ in 0..<(try count()) { variant.recordings.append(try digest()) }
        return variant
    }
}

extension Workspace {
    private func knownLock(_ project: Project) -> KnownLock {
        KnownLock(project, cache: settings.cacheDirectory)
    }

    /// The digest of the lock's text; nil when there is none.
    func lockText(of project: Project) throws -> Digest? { try lockBytes(of: project).map { Digest(of: $0) } }

    private func lockBytes(of project: Project) throws -> [UInt8]? {
        guard FileSystem.exists(project.lockPath) else { return nil }
        return try FileSystem.read(project.lockPath, limit: Lockfile.greatestSize)
    }

    /// The project's lock; nil when there is none. Throws what `Project.lock` throws.
    func readLock(of project: Project) throws -> ReadLock? {
        guard let text = try lockText(of: project) else { return nil }
        if let known = knownLock(project).lock(of: text) { return ReadLock(lock: known, knownText: text) }
        return try project.lock().map { ReadLock(lock: $0, knownText: nil) }
    }

    /// Writes the lock if it differs, and says how, with the digest of its text. Under `--locked` a difference is an error of
    /// fault `staleLock`.
    ///
    /// - Parameter knownText: `ReadLock.knownText` of the old one.
    func write(
        _ lock: Lockfile, over old: Lockfile?, _ project: Project, knownText: Digest? = nil
    ) throws -> (changes: [String], text: Digest) {
        let presentBytes = try lockBytes(of: project)
        let present = presentBytes.map { Digest(of: $0) }
        var spliced: [UInt8]?
        if let present, let presentBytes, present == knownText, let old {
            if old.says(lock) { return ([], present) }
            spliced = old.text(presentBytes, changedTo: lock)
        }
        let bytes = spliced ?? lock.encoded()
        let text = Digest(of: bytes)
        if present == text {
            knownLock(project).remember(lock, of: text)
            return ([], text)
        }
        // A checkout that converts line ends has the same lock. It is not remembered: nothing is spliced into such a text.
        if let present, let presentBytes, presentBytes.contains(0x0D), presentBytes.withoutReturns == bytes {
            return ([], present)
        }
        // A lock of before there were ranges in it is right without.
        if flags.locked, let old, let present, let presentBytes {
            let plain = lock.withoutRanges(asIn: old)
            if plain != lock, plain.encoded() == presentBytes.withoutReturns { return ([], present) }
        }
        let changes = Lockfile.diff(old ?? Lockfile(), lock)
        if flags.locked {
            throw DiagnosticsError([
                Diagnostic(
                    "lock.stale", .error, "skvm.lock does not say what this build gives",
                    at: SourceLocation(file: Lockfile.fileName), notes: Array(changes.prefix(20)),
                    hint: Self.otherMachine(lock, old, project)
                        ?? "run the command without --locked and commit skvm.lock", fault: .staleLock)
            ])
        }
        try FileSystem.rewrite(project.lockPath, with: bytes)
        knownLock(project).remember(lock, of: text)
        if let vendor = project.manifest.vendor, changes.contains(where: { !$0.hasPrefix("variant ") }) {
            settings.progress("\(vendor) holds what skvm.lock pinned before: run `skvm vendor`")
        }
        return (changes, text)
    }
}

extension Workspace {
    /// The way out where a target is the machine itself, and this is another one; nil where that is not it.
    private static func otherMachine(_ new: Lockfile, _ old: Lockfile?, _ project: Project) -> String? {
        let moved = project.manifest.targets.filter { target in
            guard target.environment == .host, let before = old?.target(target.name) else { return false }
            return new.target(target.name).map { $0.environment != before.environment } ?? false
        }
        guard let name = moved.first?.name else { return nil }
        return
            "the environment of target '\(name)' is `host`: the lock was made where other programs are installed. Give "
            + "[targets.\(name)] an environment that is the same everywhere (`skvm target list --known`), then run the "
            + "command without --locked and commit skvm.lock"
    }
}

extension [UInt8] {
    /// Without the carriage return of each line end that has one. O(n).
    fileprivate var withoutReturns: [UInt8] {
        enumerated().filter { index, byte in byte != 0x0D || index + 1 == count || self[index + 1] != 0x0A }.map(
            \.element)
    }
}

/// A lock as it was read.
struct ReadLock: Sendable {
    var lock: Lockfile
    /// Of its text, when skvm wrote that or would have: a lock that says the same is the same.
    var knownText: Digest?
}
