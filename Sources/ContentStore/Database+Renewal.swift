import Basics

/// Databases that can be made anew: a damaged file is put aside and begun again.
extension Database {
    /// Opens or creates the database at `path`, and begins a damaged one anew. `prepare` makes its tables, or fails when
    /// what is there is not the caller's. Returns the file's inode, too, by which `moveAside` knows it again.
    static func open(
        renewing path: String, _ prepare: (Database) throws(Failure) -> Void
    ) throws(StoreError) -> (database: Database, inode: UInt64) {
        for attempt in 0... {
            let before = (try? FileSystem.status(path))?.inode
            do throws(Failure) {
                let database = try Database(path: path)
                try prepare(database)
                return (database, (try? FileSystem.status(path))?.inode ?? 0)
            } catch {
                guard error.isDamage, attempt < 2 else {
                    throw .database(code: error.code, message: error.message, path: path)
                }
            }
            try moveAside(path, inode: before ?? 0)
        }
        throw .database(code: 0, message: "it could not be renewed", path: path)
    }

    /// Puts a damaged database aside as `….damaged`, unless another process has already done so: then the file at
    /// `path` is no longer the one with `inode`.
    static func moveAside(_ path: String, inode: UInt64) throws(StoreError) {
        let root = FileSystem.parent(of: path) ?? "."
        do throws(FileError) {
            let lock = try FileLock(path: root + "/renew.lock", mode: .exclusive)
            defer { lock.release() }
            guard try FileSystem.status(path)?.inode == inode else { return }
            for suffix in ["-wal", "-shm"] { try FileSystem.remove(path + suffix) }
            try FileSystem.removeTree(path + ".damaged")
            try FileSystem.rename(path, to: path + ".damaged")
        } catch {
            throw .file(error, root: root)
        }
    }
}
