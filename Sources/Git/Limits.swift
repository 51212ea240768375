/// How much of a repository skvm reads before it refuses. All are looked at before the bytes are read.
package struct GitLimits: Sendable {
    /// Bytes of one file.
    package var fileBytes = 64 << 20
    /// Bytes of all the files of one folder.
    package var folderBytes = 256 << 20
    /// Files, links and folders below one folder.
    package var entries = 20_000
    /// Entries that are looked at in a search through a whole commit.
    package var searchedEntries = 1_000_000
    /// Folders within folders.
    package var depth = 64
    /// Bytes of one tree object: some 400,000 names.
    package var treeBytes = 16 << 20
    /// Bytes that a transfer may add to the cache.
    package var transferBytes = 4 << 30
    /// Bytes that may be fetched to tell whether a head follows from the last one: some million commits.
    package var historyBytes = 256 << 20

    package init() {}
}
