// swift-tools-version: 6.2
import PackageDescription

// `make` sets SKVM_STRICT so that a warning stops CI; someone who builds skvm with a newer compiler is not stopped by it.
let strict = Context.environment["SKVM_STRICT"] == "1"

let settings: [SwiftSetting] =
    [
        .swiftLanguageMode(.v6),
        .enableUpcomingFeature("ExistentialAny"),
        .enableUpcomingFeature("MemberImportVisibility"),
        .enableUpcomingFeature("InternalImportsByDefault"),
    ] + (strict ? [.treatAllWarnings(as: .error)] : [])

/// A module of `Sources/`; `docs/architecture.md` says on which floor it stands and what may not live there.
func module(_ name: String, _ dependencies: [Target.Dependency], plugins: [Target.PluginUsage] = []) -> Target {
    .target(
        name: name, dependencies: dependencies, exclude: ["README.md"], swiftSettings: settings, plugins: plugins)
}

func tests(_ name: String, _ dependencies: [Target.Dependency]) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.target(name: name), "TestSupport"] + dependencies + (name == "Basics" ? [] : ["Basics"]),
        swiftSettings: settings)
}

let package = Package(
    name: "skvm",
    platforms: [.macOS(.v15)],
    products: [.executable(name: "skvm", targets: ["skvm"])],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/jpsim/Yams", from: "6.2.0"),
        .package(url: "https://github.com/apple/swift-system", from: "1.8.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.0"),
    ],
    targets: [
        // Floor 0: system libraries, each imported by exactly one Swift module.
        // Not linked: they are loaded when they are first called, which is rare, and loading them costs milliseconds. Their
        // headers are looked for where every compiler looks; pkg-config would link them.
        .target(name: "CLibgit2"),
        .target(name: "CCurl"),
        .target(name: "CZlib"),
        .systemLibrary(
            name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"]), .brew(["sqlite3"])]),
        .systemLibrary(
            name: "CMark", pkgConfig: "libcmark-gfm",
            providers: [.apt(["libcmark-gfm-dev", "libcmark-gfm-extensions-dev"]), .brew(["cmark-gfm"])]),
        .systemLibrary(
            name: "CCrypto", pkgConfig: "libcrypto", providers: [.apt(["libssl-dev"]), .brew(["openssl@3"])]),
        // Floor 1
        module(
            "Basics",
            [
                "CCrypto", .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]),
        // Floor 2
        module("Formats", ["Basics", .product(name: "Yams", package: "Yams")]),
        module("ContentStore", ["Basics", "CSQLite"]),
        module("Git", ["Basics", "CLibgit2"]),
        module("HTTP", ["Basics", "CCurl"]),
        module("Archive", ["Basics", "CZlib"]),
        // Floor 3
        module("SkillModel", ["Basics", "Formats"]),
        module("BuildEngine", ["Basics", "ContentStore"]),
        // Floor 4
        module("Resolution", ["Basics", "SkillModel"]),
        module("Registry", ["Basics", "Formats", "ContentStore", "Git", "HTTP", "Archive", "SkillModel"]),
        module("Migration", ["Basics", "Formats", "SkillModel"]),
        module("Passes", ["Basics", "Formats", "SkillModel", "CMark"]),
        module("Harness", ["Basics", "Formats", "ContentStore", "SkillModel"]),
        // Floor 5
        module(
            "Compiler", ["Basics", "Formats", "ContentStore", "SkillModel", "BuildEngine", "Passes"],
            plugins: ["PassDigests"]),
        // Floor 6
        module(
            "Workspace",
            [
                "Basics", "Formats", "ContentStore", "Git", "HTTP", "SkillModel", "BuildEngine", "Resolution",
                "Registry", "Migration", "Passes", "Harness", "Compiler",
            ],
            plugins: ["EmbedRegistry"]),
        // Floor 7
        module(
            "Commands",
            [
                "Basics", "Formats", "SkillModel", "Workspace",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ]),
        // Floor 8
        .executableTarget(name: "skvm", dependencies: ["Commands"], exclude: ["README.md"], swiftSettings: settings),

        // Run at build time: the default registry inside the binary, and the passes' implementation digests.
        .executableTarget(name: "embed-registry", exclude: ["README.md"], swiftSettings: settings),
        .plugin(name: "EmbedRegistry", capability: .buildTool(), dependencies: ["embed-registry"]),
        .executableTarget(name: "pass-digests", exclude: ["README.md"], swiftSettings: settings),
        .plugin(name: "PassDigests", capability: .buildTool(), dependencies: ["pass-digests"]),

        // What the fuzzers and the tests that replay their corpus hold true.
        .target(
            name: "FuzzChecks", dependencies: ["Basics", "Formats", "SkillModel", "Passes"], path: "Fuzzing/Checks",
            swiftSettings: settings),
        .target(
            name: "TestSupport", dependencies: ["Basics", "Formats"], path: "Tests/TestSupport", swiftSettings: settings
        ),
        tests("Basics", []),
        tests("Formats", []),
        tests("ContentStore", []),
        tests("Git", []),
        tests("HTTP", []),
        tests("Archive", []),
        tests("SkillModel", ["Formats"]),
        tests("BuildEngine", ["ContentStore"]),
        tests("Resolution", ["SkillModel"]),
        tests("Registry", ["Formats", "ContentStore", "Git", "HTTP", "SkillModel"]),
        tests("Migration", ["Formats", "SkillModel"]),
        tests("Passes", ["Formats", "SkillModel", "FuzzChecks"]),
        tests("Harness", ["Formats", "ContentStore", "Git", "SkillModel"]),
        tests("Compiler", ["Formats", "ContentStore", "SkillModel", "BuildEngine", "Passes"]),
        tests(
            "Workspace",
            [
                "Formats", "ContentStore", "Git", "HTTP", "SkillModel", "BuildEngine", "Registry", "Passes", "Harness",
                "Compiler", "Resolution",
            ]),
        tests("Commands", ["Formats", "SkillModel", "Workspace"]),
    ]
)

// `make fuzz`: the fuzzers, and the code below them with libFuzzer's instrumentation. Built nowhere else.
if Context.environment["SKVM_FUZZ"] == "1" {
    let instrumented =
        settings + [.define("SKVM_FUZZ"), .unsafeFlags(["-sanitize=fuzzer", "-parse-as-library"])]
    for target in package.targets
    where ["Basics", "Formats", "SkillModel", "Passes", "FuzzChecks"].contains(target.name) {
        target.swiftSettings = instrumented
    }
    for name in ["Parse", "Shell", "Compile"] {
        package.products.append(.executable(name: "fuzz-\(name.lowercased())", targets: ["Fuzz\(name)"]))
        package.targets.append(
            .executableTarget(
                name: "Fuzz\(name)", dependencies: ["FuzzChecks"], path: "Fuzzing/\(name)",
                swiftSettings: instrumented, linkerSettings: [.unsafeFlags(["-sanitize=fuzzer", "-use-ld=lld"])]))
    }
}

// While you work on one module: `SKVM_TESTS=Passes swift test` builds and links that module's tests alone.
if let only = Context.environment["SKVM_TESTS"] {
    package.targets.removeAll { $0.type == .test && $0.name != "\(only)Tests" }
}
