import Basics
import CLibgit2

/// The objects of one bare repository, read by libgit2, which checks every object against its name.
///
/// Opened for one piece of work and closed behind it; never used from two threads. Calls block: see `Blocking`.
struct ObjectDatabase: ~Copyable {
    enum Kind: Sendable { case commit, tree, blob, tag }

    private let handle: OpaquePointer

    /// With the objects of another repository, too, where `other` is its object folder. Throws `damaged` when there is no
    /// object folder at `path`.
    init(objects path: String, and other: String? = nil) throws(GitError) {
        _ = libraryIsReady
        var handle: OpaquePointer?
        guard git_odb_open(&handle, path) == 0, let handle else {
            throw GitError(.damaged, "the object folder can't be opened: \(lastLibraryError())")
        }
        if let other, git_odb_add_disk_alternate(handle, other) != 0 {
            git_odb_free(handle)
            throw GitError(.damaged, "the object folder can't be opened: \(lastLibraryError())")
        }
        self.handle = handle
    }

    /// One without any object.
    init() throws(GitError) {
        _ = libraryIsReady
        var handle: OpaquePointer?
        guard git_odb_new(&handle) == 0, let handle else {
            throw GitError(.damaged, "no object database can be made: \(lastLibraryError())")
        }
        self.handle = handle
    }

    deinit { git_odb_free(handle) }

    /// What an object is and its size in bytes, without its content; nil when it is not here.
    func header(_ id: ObjectID) throws(GitError) -> (kind: Kind, size: Int)? {
        var name = git_oid(id)
        var size = 0
        var type = GIT_OBJECT_INVALID
        let result = git_odb_read_header(&size, &type, handle, &name)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        guard result == 0, let kind = Kind(type), size >= 0 else { throw damaged(id) }
        return (kind, size)
    }

    func contains(_ id: ObjectID) -> Bool {
        var name = git_oid(id)
        return git_odb_exists(handle, &name) == 1
    }

    /// The one commit whose id begins with these hexadecimal digits, at least four; nil when none does, or several objects do.
    func commit(beginning digits: String) throws(GitError) -> ObjectID? {
        guard (4...40).contains(digits.utf8.count),
            let bytes = [UInt8](hex: digits + String(repeating: "0", count: 40 - digits.utf8.count)),
            let start = ObjectID(bytes: bytes)
        else { return nil }
        var name = git_oid(start)
        var found = git_oid()
        guard git_odb_exists_prefix(&found, handle, &name, digits.utf8.count) == 0 else { return nil }
        let id = ObjectID(found)
        return try header(id)?.kind == .commit ? id : nil
    }

    /// The bytes of an object; nil when it is not here. Throws `unsupported` when it is of another kind, `tooLarge`
    /// when it has more than `limit` bytes, `damaged` when it is not what its name says.
    func read(_ id: ObjectID, _ kind: Kind, limit: Int) throws(GitError) -> [UInt8]? {
        guard let header = try header(id) else { return nil }
        guard header.kind == kind else {
            throw GitError(.unsupported, "object \(id) is a \(header.kind), not a \(kind)")
        }
        guard header.size <= limit else {
            throw GitError(.tooLarge, "the \(kind) \(id) has \(header.size) bytes, more than the limit of \(limit)")
        }
        var name = git_oid(id)
        var object: OpaquePointer?
        let result = git_odb_read(&object, handle, &name)
        if result == GIT_ENOTFOUND.rawValue { return nil }
        guard result == 0, let object else { throw damaged(id) }
        defer { git_odb_object_free(object) }
        let count = git_odb_object_size(object)
        guard count == header.size else { throw damaged(id) }
        guard count > 0 else { return [] }
        return Array(UnsafeRawBufferPointer(start: git_odb_object_data(object), count: count))
    }

    private func damaged(_ id: ObjectID) -> GitError {
        GitError(.damaged, "object \(id) is damaged: \(lastLibraryError())")
    }
}

extension ObjectDatabase.Kind {
    fileprivate init?(_ type: git_object_t) {
        switch type {
        case GIT_OBJECT_COMMIT: self = .commit
        case GIT_OBJECT_TREE: self = .tree
        case GIT_OBJECT_BLOB: self = .blob
        case GIT_OBJECT_TAG: self = .tag
        default: return nil
        }
    }
}

extension git_oid {
    init(_ id: ObjectID) {
        self.init()
        withUnsafeMutableBytes(of: &self.id) { $0.copyBytes(from: id.bytes) }
    }
}

extension ObjectID {
    init(_ id: git_oid) {
        let bytes = withUnsafeBytes(of: id.id) { Array($0) }
        // 20 bytes always make an id.
        self = ObjectID(bytes: bytes) ?? ObjectID(zero: ())
    }

    private init(zero: Void) { (a, b, c) = (0, 0, 0) }
}

/// Set up once in a process; libgit2 counts the calls and is never shut down.
let libraryIsReady: Bool = git_libgit2_init() >= 0

/// What libgit2 says of its last failure on this thread.
func lastLibraryError() -> String {
    guard let error = git_error_last(), let message = error.pointee.message else { return "no reason given" }
    return String(cString: message).shown()
}
